import type { Layout } from "@ptekit/core";

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
