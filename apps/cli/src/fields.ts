import type { Field, Layout } from "@ptekit/core";
import { bitsText, rowsOf } from "@ptekit/core";

/** A layout's rows for --json. */
export function fieldsJson(layout: Layout): Record<string, unknown>[] {
  return layout.fields.map(({ kind, high, low, from, inverted, unmasked, access, note }) => ({
    kind,
    high,
    low,
    ...(from > 0 ? { from } : {}),
    ...(inverted ? { inverted } : {}),
    ...(unmasked ? { unmasked } : {}),
    ...(access === "both" ? {} : { access }),
    ...(note === "" ? {} : { note }),
  }));
}

/** Where a layout keeps something: `bits 58:9, inverted`, or `no bit`. */
export function placeOf(layout: Layout, kind: Field["kind"]): string {
  const rows = rowsOf(layout, kind);
  if (rows.length === 0) return "no bit";
  const places = rows.map(
    (row) => `${bitsText(row.high, row.low)}${row.access === "both" ? "" : ` (${row.access} only)`}`,
  );
  return `${places.join(" and ")}${rows.some((row) => row.inverted) ? ", inverted" : ""}`;
}

/** `5:4, 63:62` from single bit numbers. */
export function runsText(bits: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const bit of [...bits].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && last[0] === bit - 1) last[0] = bit;
    else runs.push([bit, bit]);
  }
  return runs.length === 0
    ? "none"
    : runs.map(([high, low]) => (high === low ? `${high}` : `${high}:${low}`)).join(", ");
}
