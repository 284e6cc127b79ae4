import type { SettledGeometry } from "../data/geometry.ts";
import type { EntryLevel, HugePage, Layout } from "../data/layout.ts";
import type { LeafLevel } from "../data/leaf.ts";
import type { PresentLayout } from "../data/present.ts";
import type { SwapTypes } from "../data/swap-types.ts";

/** What the kernel decides beside the layout. */
export interface KernelFacts {
  /** The release as given. */
  readonly release: string;
  readonly pageShift: number;
  /** SWP_TYPE_SHIFT: where the type sits in a swp_entry_t. */
  readonly swpTypeShift: number;
  /** SWP_PFN_BITS */
  readonly pfnBits: number;
  /** Bits of a physical address that SWP_PFN_BITS comes from. */
  readonly physBits: number;
  /** What arch_max_swapfile_size() allows beside the layout, in pages; null where it adds no limit. */
  readonly archMaxPages: bigint | null;
  /** arch_max_swapfile_size(), in pages: what layout and CPU allow. */
  readonly maxSwapfilePages: bigint;
  /** swap_migration_ad_supported: migration entries carry young and dirty. Null before 6.1, which has no such bits. */
  readonly migrationAd: boolean | null;
  /** Where the kernel's own build refuses fewer than five bits of type; null where nothing checks. */
  readonly typeCheck: string | null;
  /** Byte order in which a PTE is stored. */
  readonly byteOrder: "little" | "big";
  /** CONFIG_HAVE_ARCH_USERFAULTFD_WP, and a bit for it: whether this kernel arms uffd-wp at all. */
  readonly armsUffdWp: boolean;
}

/** A default that was taken, and what the kernel would be otherwise. */
export interface Assumption {
  readonly sentence: string;
  /** Null where the other case is not described. */
  readonly parts: BackendParts | null;
}

/** All that a backend is made of: data only. */
export interface BackendParts {
  readonly arch: string;
  readonly layout: Layout;
  readonly present: PresentLayout | null;
  /** Which level's entries it is about. Default: `pte`. */
  readonly level?: EntryLevel;
  /** Whose pages' entries it is about, above the PTEs. */
  readonly of?: HugePage;
  /** How present entries that map a huge page look, by level; absent where they are not described. */
  readonly leaves?: Readonly<Partial<Record<LeafLevel, PresentLayout>>>;
  /** Absent or null where it is not described. */
  readonly geometry?: SettledGeometry | null;
  readonly types: SwapTypes;
  readonly kernel: KernelFacts;
  /** Where it is written what decides beside layout, present PTEs and types. Default: nowhere. */
  readonly citations?: readonly string[];
  /** What a reader should know of it, in sentences. Default: nothing. */
  readonly notes?: readonly string[];
  readonly assumptions: readonly Assumption[];
}
