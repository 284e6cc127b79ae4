import { widthOf } from "../data/bits.ts";
import type { Layout } from "../data/layout.ts";
import { rowAt, rowsOf } from "../data/layout.ts";
import type { Field } from "../data/row.ts";
import { exclusive, softDirty, swpOffset, swpType, uffdWp } from "../data/row.ts";
import { PtekitError } from "../errors.ts";
import type { FlagName } from "../interface/entry.ts";
import type { BitRequest, BitUse } from "../interface/spare-bits.ts";
import { requireLayout } from "../util/require.ts";
import { bitClaims, claimSentence } from "./claims.ts";

// Layouts that no kernel has: a bit taken for a flag, or for one more bit of type or offset.

/**
 * The hypothetical layout in which a bit is taken: a free bit by its number, or the lowest bit of a field, moving
 * nothing else. It passes or fails the same checks and properties as a real one.
 *
 * @throws PtekitError `BIT_CLAIMED` with the sentence that would have prevented the mistake (`bit 2 is inside the type
 * field`), `NO_SUCH_BIT`, `UNKNOWN_OPTION`.
 */
export function reserveBit(layout: Layout, request: BitRequest): Layout {
  requireLayout(layout);
  const uses = ["exclusive", "softDirty", "uffdWp", ...("bit" in request ? ["type", "offset"] : [])];
  if (!uses.includes(request.for)) {
    throw new PtekitError(
      "UNKNOWN_OPTION",
      `a bit is reserved for ${uses.join(", ")}, not ${String(request.for)}`,
    );
  }
  const own = layout.fields.find((row) => row.kind === request.for);
  if (own) throw new PtekitError("BIT_CLAIMED", `${layout.id}: ${claimSentence(layout, own.low)} already`);
  return "bit" in request
    ? withBit(layout, request.bit, request.for)
    : withBitFrom(layout, request.from, request.for);
}

function withBit(layout: Layout, bit: number, use: BitUse): Layout {
  const row = Number.isInteger(bit) ? rowAt(layout, bit) : undefined;
  if (!row) {
    throw new PtekitError(
      "NO_SUCH_BIT",
      `${layout.id}: a bit is a whole number from 0 to ${layout.pteBits - 1}, not ${bit}`,
    );
  }
  const claim = bitClaims(layout).find((candidate) => candidate.bit === bit);
  if (!claim?.free) throw new PtekitError("BIT_CLAIMED", `${layout.id}: ${claimSentence(layout, bit)}`);
  if ((use === "type" || use === "offset") && claim.flagOnly) {
    const why =
      claim.ignoredByNone && row.kind !== "dropped"
        ? `bit ${bit} is ignored by pte_none()`
        : claimSentence(layout, bit);
    throw new PtekitError(
      "BIT_CLAIMED",
      `${layout.id}: ${why}: it can carry a flag, not a bit of the ${use}`,
    );
  }
  const rest = [
    ...(row.high > bit ? [{ ...row, low: bit + 1 }] : []),
    fieldFor(layout, bit, use),
    ...(row.low < bit ? [{ ...row, high: bit - 1 }] : []),
  ];
  const fields = layout.fields.flatMap((other) => {
    if (other === row) return rest;
    // A kernel that splits a field masks its parts: what is meant for the new bit would leak over those in between.
    return (use === "type" || use === "offset") && other.kind === kindOf(use)
      ? { ...other, unmasked: false }
      : other;
  });
  return hypothetical(layout, fields, `bit ${bit} for ${use}`);
}

function withBitFrom(layout: Layout, from: "type" | "offset", use: FlagName): Layout {
  const row = lowestRow(layout, from);
  if (!row) throw new PtekitError("NO_SUCH_BIT", `${layout.id}: there is no bit 0 of the ${from}`);
  return withoutLowestBit(layout, from, fieldFor(layout, row.low, use));
}

/** The field without its lowest bit, which `instead` takes. */
export function withoutLowestBit(layout: Layout, from: "type" | "offset", instead: Field): Layout {
  const lowest = lowestRow(layout, from);
  const fields = layout.fields.flatMap((row): Field[] => {
    if (row === lowest) return row.high === row.low ? [instead] : [{ ...row, low: row.low + 1 }, instead];
    return row.kind === kindOf(from) ? [{ ...row, from: row.from - 1 }] : [row];
  });
  return hypothetical(layout, fields, `the lowest bit of the ${from} for ${instead.kind}`);
}

/** The kind of a field's rows. */
export const kindOf = (field: "type" | "offset"): "swpType" | "swpOffset" =>
  field === "type" ? "swpType" : "swpOffset";

/** The row that holds bit 0 of the value. */
export function lowestRow(layout: Layout, field: "type" | "offset"): Field | undefined {
  return rowsOf(layout, kindOf(field)).find((row) => row.from === 0 && row.access !== "decode");
}

function fieldFor(layout: Layout, bit: number, use: BitUse): Field {
  if (use === "type") return swpType(bit, bit, valueBits(layout, "swpType"));
  if (use === "offset") {
    const inverted = rowsOf(layout, "swpOffset").some((row) => row.inverted);
    return { ...swpOffset(bit, bit, valueBits(layout, "swpOffset")), inverted };
  }
  return { exclusive, softDirty, uffdWp }[use](bit);
}

/** How many bits of the value its rows hold, written or read. */
function valueBits(layout: Layout, kind: "swpType" | "swpOffset"): number {
  return Math.max(...rowsOf(layout, kind).map((row) => row.from + widthOf(row)));
}

function hypothetical(layout: Layout, fields: readonly Field[], what: string): Layout {
  return { ...layout, id: `${layout.id}, ${what}`, fields, note: "hypothetical: no kernel has it" };
}
