import { encodedBits, maxOffsetOf } from "../codec/codec.ts";
import type { Layout } from "../data/layout.ts";
import type { SwapTypes } from "../data/swap-types.ts";
import { MAX_SWAPFILES_SHIFT } from "../data/swap-types.ts";
import type { Capacity } from "../interface/spare-bits.ts";
import { smaller } from "../target/limits.ts";
import { requireFacts, requireLayout, requireTypes } from "../util/require.ts";

// What a layout has room for: swap files, their size, and the memory that migration and device entries can name.

/** See read_swap_header() in mm/swapfile.c (as of Linux v6.12): last_page and si->max are 32 bits wide. */
const HEADER_MAX_PAGES = (1n << 32n) - 1n;

/** What a kernel with that layout has room for. */
export function capacityOf(
  layout: Layout,
  types: SwapTypes,
  kernel: {
    readonly pageShift: number;
    readonly swpTypeShift: number;
    readonly pfnBits: number;
    readonly maxSwapfilePages: bigint;
    readonly migrationAd: boolean | null;
  },
): Capacity {
  requireLayout(layout);
  requireTypes(types);
  requireFacts(kernel);
  const page = BigInt(kernel.pageShift);
  const maxOffset = maxOffsetOf(layout, kernel.swpTypeShift);
  const offsetBits = maxOffset.toString(2).length;
  // A swp_entry_t has room for more, six bits of type or seven.
  const count = 2 ** Math.min(encodedBits(layout, "swpType"), MAX_SWAPFILES_SHIFT);
  return {
    types: count,
    swapFiles: Math.max(0, count - types.special.length),
    offsetBits,
    layoutBytes: (maxOffset + 1n) << page,
    maxBytes: smaller(kernel.maxSwapfilePages, HEADER_MAX_PAGES) << page,
    maxPhysicalAddress: (1n << BigInt(Math.min(kernel.pfnBits, offsetBits) + kernel.pageShift)) - 1n,
    migrationAd: kernel.migrationAd,
  };
}
