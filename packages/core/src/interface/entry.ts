/** The flags of a swap PTE. */
export interface SwpFlags {
  readonly exclusive?: boolean;
  readonly softDirty?: boolean;
  readonly uffdWp?: boolean;
}

/** The name of a swap-PTE flag. */
export type FlagName = keyof SwpFlags;

/** What to do with a value that does not fit: refuse it, or cut (and leak) it as the kernel's macros do. */
export interface EncodeOptions {
  readonly overflow?: "refuse" | "truncate";
}

/** A swap entry with its flags. */
export interface SwapEntry extends SwpFlags {
  /** Swap type, 0 to 31. */
  readonly type: number;
  /** Swap offset, in pages. */
  readonly offset: bigint;
}

/** What goes with a page frame in an entry: flags, the age of the page, and what to do with what does not fit. */
export interface PfnOptions extends SwpFlags, EncodeOptions {
  /** The page was young when the migration entry was made (6.1 and later). */
  readonly young?: boolean;
  readonly dirty?: boolean;
}

/**
 * How a special PTE is made: by a swap type as merged in 5.19, by one bit, or as the entry of type 1 with offset 0, the
 * header page of a swap area, which is no slot; the last two as proposed in 2021.
 */
export interface SpecialPteOptions {
  readonly by: "swap-type" | "bit" | "header-page";
  /** With `by: "bit"`: which bit. Default: the layout's uffd-wp bit. */
  readonly bit?: number;
}
