import { hex, rowsOf, shortHex } from "@ptekit/core";
import type { Rule } from "./case.ts";

// The two words of a report, which check each other.

export const PAIR: readonly Rule[] = [
  {
    name: "contradiction",
    cause: "contradiction",
    strength: "sure",
    citation: "The two words of the report",
    holds: (one) => {
      const { pte, entry, agreement, reading, others } = one;
      if (pte === null || entry === null || agreement?.kind !== "different" || reading === null) return null;
      const { backend } = reading.candidate;
      const fitting = others.filter(({ candidate }) => candidate.backend.toSwpEntry(pte) === entry);
      const places = inferred(pte, entry, backend.kernel.swpTypeShift, backend.layout.pteBits);
      const where =
        fitting.length > 0
          ? `they would fit each other in ${fitting.map(({ candidate }) => candidate.backend.layout.id).join(", ")}`
          : places === null
            ? "they fit each other in no layout of this architecture"
            : `they would fit each other with the type in bits ${places.type + 4}:${places.type} and the offset from bit ${places.offset} up: a vendor's layout, it seems`;
      return {
        sentence: `the two words contradict each other in ${backend.layout.id}: ${shortHex(entry)} is not the PTE ${hex(pte, backend.layout.pteBits)} decoded; ${where}`,
        next: "the source of that vendor's kernel: __swp_type() and __swp_offset() in its pgtable.h",
      };
    },
  },
  {
    name: "vendor-layout",
    cause: "contradiction",
    strength: "possible",
    citation: "The architecture's layouts",
    beside: true,
    holds: (one) => {
      const { pte, entry, agreement, reading, others } = one;
      if (pte === null || entry === null || agreement?.kind !== "same" || reading === null) return null;
      const { layout } = reading.candidate.backend;
      const base = /^\d+\.\d+(?:\.\d+)?/.exec(one.release ?? "")?.[0];
      const mainline = others.find(
        ({ candidate }) => candidate.target.release === base && candidate.backend.layout.id !== layout.id,
      );
      if (!mainline || mainline.candidate.backend.toSwpEntry(pte) === entry) return null;
      const fields = rowsOf(layout, "swpOffset")
        .map(({ high, low }) => `${high}:${low}`)
        .join(" and ");
      return {
        sentence: `a vendor's layout: in ${mainline.candidate.backend.layout.id}, which mainline's ${base} has, the two words contradict each other; in ${layout.id} (offset in bits ${fields}) they fit`,
      };
    },
  },
];

/** Where type and offset would have to stand in the PTE for the entry to be the PTE decoded; null where nowhere. */
function inferred(
  pte: bigint,
  entry: bigint,
  shift: number,
  bits: number,
): { readonly type: number; readonly offset: number } | null {
  const type = entry >> BigInt(shift);
  const offset = entry & ((1n << BigInt(shift)) - 1n);
  if (offset.toString(2).length < 8 || type > 31n) return null;
  for (let low = 2; low < bits / 2; low++) {
    if (pte >> BigInt(low) !== offset) continue;
    for (let at = 1; at + 5 <= low; at++) {
      if (
        ((pte >> BigInt(at)) & 31n) === type &&
        (pte & ~(31n << BigInt(at)) & ((1n << BigInt(low)) - 1n)) === 0n
      )
        return { type: at, offset: low };
    }
  }
  return null;
}
