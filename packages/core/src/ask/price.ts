import { rowsOf } from "../data/layout.ts";
import type { PresentLayout } from "../data/present.ts";
import { MAX_SWAPFILES_SHIFT, typeNumber } from "../data/swap-types.ts";
import type { ArchBackend } from "../interface/backend.ts";
import type { Capacity, Taking } from "../interface/spare-bits.ts";
import { requireKernel } from "../util/require.ts";
import { capacityOf } from "./capacity.ts";
import { freePresentBits } from "./free-present.ts";

// What a special PTE costs, by the two designs of 2021: one bit of the swap PTE, or a swap type.

/** How a bit for the special PTE is come by. */
export type BitSource = "uffd-wp" | "free" | "offset" | "type";

/** The special PTE by one bit. */
export interface BitPrice {
  /** The bit, or null where no bit can be had at all. */
  readonly bit: number | null;
  /** The layout's own uffd-wp bit, a free bit, or the lowest bit of a field. */
  readonly source: BitSource | null;
  /** The PTE; null where the bit would have to be taken first. */
  readonly pte: bigint | null;
  /** What taking the bit costs; null where it is the layout's own or free. */
  readonly cost: Taking | null;
  /** The present PTE's own uffd-wp bit, or one of its free bits: a uffd-wp architecture needs one there too. */
  readonly presentBit: number | null;
  /** `uffd-wp` or `free`; `none` where there is none, `unknown` where present PTEs are not described. */
  readonly presentSource: "uffd-wp" | "free" | "none" | "unknown";
}

/** The special PTE by a swap type. */
export interface TypePrice {
  /** The type's number: the kernel's own marker type, or the one it would take. */
  readonly type: number;
  /** Whether this kernel has it. */
  readonly merged: boolean;
  /** Swap types left for swap files without and with it. */
  readonly swapFilesBefore: number;
  readonly swapFilesAfter: number;
  /** The PTE of a uffd-wp marker; of a kernel that has none, the one it would be. Null where the type does not fit. */
  readonly pte: bigint | null;
}

/** Both designs side by side, on one kernel. */
export interface Price {
  readonly arch: string;
  readonly layout: string;
  readonly release: string;
  readonly capacity: Capacity;
  readonly byBit: BitPrice;
  readonly bySwapType: TypePrice;
  /** The other proposal: type 1 with offset 0 names no slot (it is the header page) and takes no type. Its PTE. */
  readonly headerPage: bigint;
}

/**
 * What the header page's entry costs beside the word, on every kernel: it makes one special PTE only, and generic code takes
 * it for a slot of swap area 1 wherever it is not told otherwise.
 */
export const HEADER_PAGE_COSTS: readonly { readonly sentence: string; readonly citation: string }[] = [
  {
    sentence: "it is one special PTE: there is no room for poison, nor for a guard",
    citation: "See PTE_MARKER_POISONED and PTE_MARKER_GUARD in include/linux/swapops.h (as of Linux v7.2)",
  },
  {
    sentence: "swapoff of area 1 takes it for a slot, and reads the header page in",
    citation: "See unuse_pte_range() in mm/swapfile.c (as of Linux v7.2)",
  },
  {
    sentence: "freeing it puts back a slot that nobody had, and warns where there is no area 1",
    citation: "See swap_put_entries_direct() in mm/swapfile.c (as of Linux v7.2)",
  },
  {
    sentence:
      "fork duplicates it as a slot: the count of the header page is raised, or there is no area to raise it in",
    citation: "See copy_nonpresent_pte() in mm/memory.c (as of Linux v7.2)",
  },
];

/** What a special PTE costs on this kernel, by each design. */
export function priceOf(backend: ArchBackend): Price {
  requireKernel(backend);
  const { layout, types, kernel } = backend;
  return {
    arch: backend.arch,
    layout: layout.id,
    release: kernel.release,
    capacity: capacityOf(layout, types, kernel),
    byBit: bitPrice(backend),
    bySwapType: typePrice(backend),
    headerPage: backend.specialPte("uffd-wp", { by: "header-page" }),
  };
}

function bitPrice(backend: ArchBackend): BitPrice {
  const { free, bits, takeable } = backend.spareBits();
  const present = presentBit(backend.present);
  const own = rowsOf(backend.layout, "uffdWp")[0]?.low;
  const usable = free.find((bit) => !bits.some((claim) => claim.bit === bit && claim.ignoredByNone));
  const bit = own ?? usable;
  if (bit !== undefined) {
    const source = own === undefined ? "free" : "uffd-wp";
    return { bit, source, pte: backend.specialPte("uffd-wp", { by: "bit", bit }), cost: null, ...present };
  }
  const cost = takeable.find((taking) => taking.refusedBy === null) ?? null;
  return { bit: cost?.bit ?? null, source: cost?.from ?? null, pte: null, cost, ...present };
}

function presentBit(present: PresentLayout | null): Pick<BitPrice, "presentBit" | "presentSource"> {
  if (!present) return { presentBit: null, presentSource: "unknown" };
  const own = present.fields.find((row) => row.kind === "uffdWp")?.low;
  if (own !== undefined) return { presentBit: own, presentSource: "uffd-wp" };
  const free = freePresentBits(present)[0];
  return free === undefined
    ? { presentBit: null, presentSource: "none" }
    : { presentBit: free, presentSource: "free" };
}

/** As upstream counts: a new type sits above the others (but below swapin-error), and a swap file less is left. */
function typePrice(backend: ArchBackend): TypePrice {
  const { types } = backend;
  const marker = typeNumber(types, "marker");
  const merged = marker !== undefined;
  const above = types.special.filter((entry) => entry.name === "swapin-error").length;
  const type = marker ?? 2 ** MAX_SWAPFILES_SHIFT - 1 - above;
  const before = merged ? types.maxSwapfiles + 1 : types.maxSwapfiles;
  return {
    type,
    merged,
    swapFilesBefore: before,
    swapFilesAfter: before - 1,
    pte: type <= backend.maxType ? backend.encode({ type, offset: 1n }) : null,
  };
}
