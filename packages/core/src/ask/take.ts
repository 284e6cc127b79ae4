import type { Layout } from "../data/layout.ts";
import { rowAt } from "../data/layout.ts";
import type { Field } from "../data/row.ts";
import { exclusive, softDirty, uffdWp } from "../data/row.ts";
import { PtekitError } from "../errors.ts";
import type { FlagName } from "../interface/entry.ts";
import { claimSentence } from "./claims.ts";
import { reserveBit } from "./reserve.ts";

/** A hypothetical layout, and what its flag's bit was. */
export interface TakenBit {
  readonly layout: Layout;
  readonly from: "free" | "type" | "offset";
}

/**
 * The hypothetical layout in which that very bit is a flag's: a free bit, or any bit of the type or the offset, which
 * then has a bit less and stands on both sides of it. Nothing else moves.
 *
 * @throws PtekitError `BIT_CLAIMED` where something else has the bit, or the layout has that flag; `NO_SUCH_BIT`,
 * `UNKNOWN_OPTION`.
 */
export function takeBit(layout: Layout, bit: number, use: FlagName): TakenBit {
  const row = Number.isInteger(bit) ? rowAt(layout, bit) : undefined;
  const from = row?.kind === "swpType" ? "type" : row?.kind === "swpOffset" ? "offset" : null;
  // What is refused of a free bit is refused in its words.
  if (row === undefined || from === null || layout.fields.some(({ kind }) => kind === use))
    return { layout: reserveBit(layout, { bit, for: use }), from: "free" };
  if (row.access !== "both")
    throw new PtekitError(
      "BIT_CLAIMED",
      `${layout.id}: ${claimSentence(layout, bit)}, which the kernel writes and reads in different bits`,
    );
  return { layout: without(layout, row, bit, use), from };
}

function without(layout: Layout, row: Field, bit: number, use: FlagName): Layout {
  const gone = row.from + bit - row.low;
  const flag = { exclusive, softDirty, uffdWp }[use](bit);
  const fields = layout.fields.flatMap((other): Field[] => {
    if (other === row)
      return [
        // The value's bits above move down by one; a kernel that splits a field masks its parts.
        ...(row.high > bit ? [{ ...row, low: bit + 1, from: gone }] : []),
        flag,
        ...(row.low < bit ? [{ ...row, high: bit - 1, unmasked: row.unmasked && row.high === bit }] : []),
      ];
    return other.kind === row.kind && other.from > gone ? [{ ...other, from: other.from - 1 }] : [other];
  });
  return {
    ...layout,
    id: `${layout.id}, bit ${bit} for ${use}`,
    fields,
    note: "hypothetical: no kernel has it",
  };
}
