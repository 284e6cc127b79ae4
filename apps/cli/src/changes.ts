import type { ArchBackend, FieldKind } from "@ptekit/core";
import { emptyPte, hex, longBitsOf, predicateText } from "@ptekit/core";
import { placeOf, runsText } from "./fields.ts";
import { capacityAt, pageBytes, sizeText } from "./limits.ts";

/** Something that is not the same on two sides, in words. */
export interface Change {
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

const kinds: readonly (readonly [string, FieldKind])[] = [
  ["type", "swpType"],
  ["offset", "swpOffset"],
  ["exclusive", "exclusive"],
  ["soft-dirty", "softDirty"],
  ["uffd-wp", "uffdWp"],
  ["must be zero", "zeros"],
  ["must be one", "ones"],
  ["hardware may set", "hardware"],
  ["changed by set_pte()", "setPte"],
  ["dropped", "dropped"],
];

/** What one can say of a side; the same words on both sides are no change. */
const facts: readonly (readonly [string, (side: ArchBackend) => string])[] = [
  ["PTE", ({ layout }) => `${layout.pteBits} bits`],
  ["swp_entry_t", ({ layout }) => `${longBitsOf(layout)} bits`],
  ...kinds.map(([name, kind]) => [name, (side: ArchBackend) => placeOf(side.layout, kind)] as const),
  ["spare bits", (side) => runsText(side.spareBits().free)],
  ["empty PTE", ({ layout }) => hex(emptyPte(layout), layout.pteBits)],
  ["pte_present()", ({ layout }) => predicateText(layout.present, layout.pteBits)],
  ["pte_none()", ({ layout }) => predicateText(layout.none, layout.pteBits)],
  ["SWP_TYPE_SHIFT", ({ kernel }) => String(kernel.swpTypeShift)],
  ["SWP_PFN_BITS", ({ kernel }) => String(kernel.pfnBits)],
  ["young and dirty of migration", ({ kernel }) => (kernel.migrationAd === true ? "kept" : "not kept")],
  ["MAX_SWAPFILES", ({ types }) => String(types.maxSwapfiles)],
  [
    "special types",
    ({ types }) => types.special.map(({ type, name }) => `${type} ${name}`).join(", ") || "none",
  ],
  ["markers", ({ types }) => types.markers.map(({ value, name }) => `${value} ${name}`).join(", ") || "none"],
  ["largest swap file, layout", (side) => sizeText(capacityAt(side).layoutBytes, pageBytes(side))],
  ["largest swap file, kernel", (side) => sizeText(capacityAt(side).maxBytes, pageBytes(side))],
];

/** What moved from one backend to another. */
export function changes(a: ArchBackend, b: ArchBackend): Change[] {
  return facts
    .map(([what, say]) => ({ what, from: say(a), to: say(b) }))
    .filter(({ from, to }) => from !== to);
}
