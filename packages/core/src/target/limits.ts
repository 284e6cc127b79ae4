import { maxOffsetOf } from "../codec/codec.ts";
import type { Layout } from "../data/layout.ts";
import type { Release } from "../data/release.ts";
import { keepsAge } from "../data/swp-entry.ts";

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
  const migrationAd = keepsAge(release) ? maxSwapfilePages >= 1n << BigInt(pfnBits + 2) : null;
  return { maxSwapfilePages, migrationAd };
}

/** The smaller of two numbers of pages. */
export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
