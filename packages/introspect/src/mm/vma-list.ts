// The areas (VMAs) of an address space: as halves of 32 bits, as they are read and scanned, and as objects for those who ask.

/** A part of an address space, from `start` up to, not including, `end`. */
export interface Vma {
  /** Where its vm_area_struct is. */
  readonly address: bigint;
  readonly start: bigint;
  readonly end: bigint;
  /** `vm_flags`: VM_READ, VM_SHARED … of include/linux/mm.h. */
  readonly flags: bigint;
  /** Its struct file; null for anonymous memory. */
  readonly file: bigint | null;
  /** `vm_page_prot`: what its pages' entries have beside their frame; null where the kernel's types do not tell. */
  readonly protection: bigint | null;
  /** `vm_pgoff`: the number of its first page in its file, or among its pages; null where the kernel's types do not tell. */
  readonly pageOffset: bigint | null;
  /** The same of its anonymous pages, where a file's area counts them apart (since 7.3). */
  readonly anonymousOffset: bigint | null;
}

/** Areas in halves: {@link WORDS} numbers each. */
export interface VmaList {
  readonly count: number;
  readonly words: Uint32Array;
  /** What the kernel's types tell of an area beside its place. */
  readonly has: { readonly protection: boolean; readonly pageOffset: boolean; readonly anonymous: boolean };
}

/** Where the low half of each member stands; the high one follows it. */
export const START = 0;
export const END = 2;
export const FLAGS = 4;
export const FILE = 6;
export const PROTECTION = 8;
export const PAGE_OFFSET = 10;
/** Of the two members of 32 bits that are the offset of anonymous pages. */
const ANON_LOW = 12;
const ANON_HIGH = 14;
export const ADDRESS = 16;
/** How many numbers an area has. */
export const WORDS = 18;

export function vmasOf({ count, words, has }: VmaList): readonly Vma[] {
  const big = (at: number): bigint => (BigInt(words[at + 1] as number) << 32n) | BigInt(words[at] as number);
  return Array.from({ length: count }, (_, i) => {
    const at = WORDS * i;
    const file = big(at + FILE);
    return {
      address: big(at + ADDRESS),
      start: big(at + START),
      end: big(at + END),
      flags: big(at + FLAGS),
      file: file === 0n ? null : file,
      protection: has.protection ? big(at + PROTECTION) : null,
      pageOffset: has.pageOffset ? big(at + PAGE_OFFSET) : null,
      // See vma_start_anon_pgoff() in include/linux/mm.h (as of Linux v7.3).
      anonymousOffset: has.anonymous ? (big(at + ANON_HIGH) << 32n) | big(at + ANON_LOW) : null,
    };
  });
}

/** The same the other way round. */
export function vmaList(vmas: readonly Vma[]): VmaList {
  const words = new Uint32Array(WORDS * vmas.length);
  const put = (at: number, value: bigint | null): void => {
    words[at] = Number((value ?? 0n) & 0xffff_ffffn);
    words[at + 1] = Number(((value ?? 0n) >> 32n) & 0xffff_ffffn);
  };
  for (const [i, vma] of vmas.entries()) {
    const at = WORDS * i;
    put(at + START, vma.start);
    put(at + END, vma.end);
    put(at + FLAGS, vma.flags);
    put(at + FILE, vma.file);
    put(at + PROTECTION, vma.protection);
    put(at + PAGE_OFFSET, vma.pageOffset);
    put(at + ANON_LOW, (vma.anonymousOffset ?? 0n) & 0xffff_ffffn);
    put(at + ANON_HIGH, (vma.anonymousOffset ?? 0n) >> 32n);
    put(at + ADDRESS, vma.address);
  }
  const all = (of: (vma: Vma) => bigint | null): boolean => vmas.every((vma) => of(vma) !== null);
  const has = {
    protection: all(({ protection }) => protection),
    pageOffset: all(({ pageOffset }) => pageOffset),
    anonymous: all(({ anonymousOffset }) => anonymousOffset),
  };
  return { count: vmas.length, words, has };
}

/** The number of 64 bits at a place; rounded above 2^53. */
export const numberAt = (words: Uint32Array, at: number): number =>
  (words[at + 1] as number) * 2 ** 32 + (words[at] as number);

/** `pageOffset` or, of an anonymous page, `anonymousOffset`, as a number; null where the kernel's types do not tell. */
export function offsetAt({ words, has }: VmaList, at: number, isAnonymous: boolean): number | null {
  if (!has.pageOffset) return null;
  return isAnonymous && has.anonymous
    ? (words[at + ANON_HIGH] as number) * 2 ** 32 + (words[at + ANON_LOW] as number)
    : numberAt(words, at + PAGE_OFFSET);
}
