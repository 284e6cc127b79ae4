import type { MarkerName, SpecialTypeName, SwapTypes } from "../data/swap-types.ts";
import type { Access, Kind } from "../interface/decoded.ts";

// What a type means, worked out once for a table of swap types.

/** Every kind, in the order of the numbers that bulk decoding gives them. */
export const KINDS: readonly Kind[] = Object.freeze([
  "none",
  "present",
  "swap",
  "migration",
  "hwpoison",
  "device-private",
  "device-exclusive",
  "marker",
  "swapin-error",
  "unassigned",
] as const);

/** What a type says: its kind, and what the entry may be turned into. */
export interface Meaning {
  readonly kind: Kind;
  readonly access?: Access;
  /** How many bits of the offset stand below the PFN. Default: none. */
  readonly below?: number;
}

const ofSpecial: Readonly<Record<SpecialTypeName, Meaning>> = {
  hwpoison: { kind: "hwpoison" },
  "migration-read": { kind: "migration", access: "read" },
  "migration-read-exclusive": { kind: "migration", access: "read-exclusive" },
  "migration-write": { kind: "migration", access: "write" },
  "device-private-read": { kind: "device-private", access: "read" },
  "device-private-write": { kind: "device-private", access: "write" },
  "device-exclusive": { kind: "device-exclusive", access: null },
  "device-exclusive-read": { kind: "device-exclusive", access: "read" },
  "device-exclusive-write": { kind: "device-exclusive", access: "write" },
  // make_hmm_entry(): two bits below the PFN say what the entry is.
  "device-private-hmm": { kind: "device-private", below: 2 },
  marker: { kind: "marker" },
  "swapin-error": { kind: "swapin-error" },
  // What a user program makes of the offset stands nowhere in the kernel.
  userswap: { kind: "unassigned" },
};

/** Type number → meaning; what is beyond the last one, nothing uses. */
export const meaningsOf = ({ maxSwapfiles, special }: SwapTypes): readonly Meaning[] => [
  ...Array.from({ length: maxSwapfiles }, (): Meaning => ({ kind: "swap" })),
  ...special.map(({ name }) => ofSpecial[name]),
];

/** What a marker says, by the bits of its offset that this release reads. */
export function markersIn({ markers }: SwapTypes): (offset: number) => readonly MarkerName[] {
  const mask = markers.reduce((all, { value }) => all | Number(value), 0);
  const named = Array.from({ length: mask + 1 }, (_, offset) =>
    Object.freeze(markers.filter(({ value }) => (offset & Number(value)) !== 0).map(({ name }) => name)),
  );
  return (offset) => named[offset & mask] as readonly MarkerName[];
}
