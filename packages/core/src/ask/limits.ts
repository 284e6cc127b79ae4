import { encodedBits, maxOffsetOf } from "../codec/codec.ts";
import type { Layout } from "../data/layout.ts";
import type { Release } from "../data/release.ts";
import { atLeast } from "../data/release.ts";
import type { SwapTypes } from "../data/swap-types.ts";
import { MAX_SWAPFILES_SHIFT } from "../data/swap-types.ts";

// What a layout has room for: swap files, their size, and the memory that migration and device entries can name.

/** What the limits follow from, beside the layout. */
interface Basis {
  readonly release: Release;
  readonly swpTypeShift: number;
  readonly pfnBits: number;
  readonly archMaxPages: bigint | null;
}

/** The largest swap file that layout and CPU allow, and whether migration entries keep young and dirty. */
export function limitsOf(
  layout: Layout,
  { release, swpTypeShift, pfnBits, archMaxPages }: Basis,
): { readonly maxSwapfilePages: bigint; readonly migrationAd: boolean | null } {
  const layoutPages = maxOffsetOf(layout, swpTypeShift) + 1n;
  const maxSwapfilePages = archMaxPages === null ? layoutPages : smaller(archMaxPages, layoutPages);
  // See swap_migration_ad_supported in mm/swapfile.c (as of Linux v6.1)
  const migrationAd = atLeast(release, "6.1") ? maxSwapfilePages >= 1n << BigInt(pfnBits + 2) : null;
  return { maxSwapfilePages, migrationAd };
}

/** See read_swap_header() in mm/swapfile.c (as of Linux v6.12): last_page and si->max are 32 bits wide. */
const HEADER_MAX_PAGES = (1n << 32n) - 1n;

/** What a kernel has room for. */
export interface Capacity {
  /** How many swap types fit. */
  readonly types: number;
  /** How many of them are left for swap files. */
  readonly swapFiles: number;
  readonly offsetBits: number;
  /** The largest swap file that the layout holds, in bytes. */
  readonly layoutBytes: bigint;
  /** The largest swap file that the kernel allows, in bytes: CPU and swap header limit it too. */
  readonly maxBytes: bigint;
  /** The highest physical address that a migration, device or hwpoison entry can name. */
  readonly maxPhysicalAddress: bigint;
  /** Whether migration entries keep young and dirty; null before 6.1. */
  readonly migrationAd: boolean | null;
}

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

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
