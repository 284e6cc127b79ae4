import type { Layout } from "../data/layout.ts";
import { emptyPte, rowAt } from "../data/layout.ts";
import { matches } from "../data/predicate.ts";
import type { FieldKind } from "../data/row.ts";
import type { BitClaim } from "../interface/spare-bits.ts";
import { requireLayout } from "../util/require.ts";

/** Who claims each bit of a swap PTE, the highest first. */
export function bitClaims(layout: Layout): BitClaim[] {
  requireLayout(layout);
  return Array.from({ length: layout.pteBits }, (_, i) => claimOf(layout, layout.pteBits - 1 - i));
}

/** The free bits of a swap PTE, lowest first. */
export function freeBits(layout: Layout): number[] {
  requireLayout(layout);
  return bitClaims(layout)
    .flatMap((claim) => (claim.free ? [claim.bit] : []))
    .reverse();
}

function claimOf(layout: Layout, bit: number): BitClaim {
  const claimedBy = rowAt(layout, bit)?.kind ?? "spare";
  const free = claimedBy === "spare" || claimedBy === "dropped";
  const ignoredByNone = matches(layout.none, emptyPte(layout) ^ (1n << BigInt(bit)));
  return {
    bit,
    claimedBy,
    free,
    flagOnly: free && (claimedBy === "dropped" || ignoredByNone),
    ignoredByNone,
    sentence: claimSentence(layout, bit),
  };
}

const names: Record<FieldKind, string> = {
  swpType: "is inside the type field",
  swpOffset: "is inside the offset field",
  exclusive: "is the exclusive flag",
  softDirty: "is the soft-dirty flag",
  uffdWp: "is the uffd-wp flag",
  zeros: "must be zero",
  ones: "must be one",
  hardware: "may be set by hardware",
  setPte: "is changed by set_pte()",
  dropped: "is dropped by the swp_entry_t conversion: free for a flag, useless for type or offset",
  spare: "is free",
};

/** One bit's state in a sentence: `bit 2 is inside the type field`. */
export function claimSentence(layout: Layout, bit: number): string {
  requireLayout(layout);
  const row = rowAt(layout, bit);
  if (!row) return `bit ${bit} is unclaimed`;
  return `bit ${bit} ${names[row.kind]}${row.note === "" ? "" : ` (${row.note})`}`;
}
