import type { Backport, Field, Layout, PmdLayout } from "@ptekit/core";
import {
  differs,
  either,
  equals,
  exclusive,
  hardware,
  ones,
  softDirty,
  spare,
  swpOffset,
  swpType,
  unmasked,
  zeros,
} from "@ptekit/core";

const ALL = 0xffff_ffff_ffff_ffffn;
const PTE_PRESENT = 0xc000_0000_0000_0000n;
const PTE_INVALID = 0x6000_0000_0000_0000n;
const PRESENT = either(equals(PTE_PRESENT, PTE_PRESENT), equals(PTE_INVALID, PTE_INVALID));
/** Before v5.8, without a look at _PAGE_PTE. */
const PRESENT_419 = differs(0xa000_0000_0000_0000n, 0n);
/** Before v4.19, _PAGE_PRESENT alone: there was no _PAGE_INVALID. */
const PRESENT_47 = differs(0x8000_0000_0000_0000n, 0n);
const HPTEFLAGS =
  "_PAGE_HPTEFLAGS, the hash code's own, which pte_none() and pte_same() ignore under hash: MAX_SWAPFILES_CHECK() refuses flags there";
const RC = "R and C: radix hardware may write them back into an empty PTE; pte_none() ignores them";

const pmd: PmdLayout = {
  when: ["CONFIG_TRANSPARENT_HUGEPAGE"],
  present: differs(0xa000_0000_0000_0000n, 0n),
  none: equals(ALL, 0n),
  citation: "See pmd_present() in arch/powerpc/include/asm/book3s/64/pgtable.h (as of Linux v5.10 and v7.2)",
};

/** Bits 63:61. */
const top: readonly Field[] = [
  zeros(63, 63, "pte_present() reads _PAGE_PRESENT"),
  ones(62, 62, "_PAGE_PTE: it tells an entry from a pointer to a table; pte_present() reads it"),
  zeros(61, 61, "pte_present() reads _PAGE_INVALID"),
];

/** What differs with the page size, above and below the offset. */
interface Pages {
  readonly name: "4K" | "64K";
  readonly when: string;
  /** Bits 60 to 10. */
  readonly middle: readonly Field[];
  /** _PAGE_HPTEFLAGS */
  readonly hpteFlags: bigint;
}

const pages4k: Pages = {
  name: "4K",
  when: "!CONFIG_PPC_64K_PAGES",
  middle: [
    zeros(60, 60, HPTEFLAGS),
    spare(59, 57),
    zeros(56, 53, HPTEFLAGS),
    swpOffset(52, 12),
    spare(11, 10),
  ],
  hpteFlags: 0x11e0_0000_0000_0040n,
};

const pages64k: Pages = {
  name: "64K",
  when: "CONFIG_PPC_64K_PAGES",
  middle: [
    spare(60, 56),
    zeros(55, 55, HPTEFLAGS),
    spare(54, 53),
    swpOffset(52, 16),
    spare(15, 14),
    zeros(13, 13, "hash__pmd_trans_huge() reads H_PAGE_THP_HUGE, and PMD swap entries share the layout"),
    zeros(12, 12, HPTEFLAGS),
    spare(11, 10),
  ],
  hpteFlags: 0x0080_0000_0000_1040n,
};

// Before the protection keys of hash moved (between v5.3 and v5.10), its bookkeeping stood elsewhere.
const old4k: Pages = {
  ...pages4k,
  middle: [
    zeros(60, 59, HPTEFLAGS),
    spare(58, 57),
    zeros(56, 53, HPTEFLAGS),
    swpOffset(52, 12),
    spare(11, 10),
  ],
  hpteFlags: 0x19e0_0000_0000_0000n,
};

const old64k: Pages = {
  ...pages64k,
  middle: [
    spare(60, 57),
    zeros(56, 55, HPTEFLAGS),
    spare(54, 53),
    swpOffset(52, 16),
    spare(15, 14),
    zeros(13, 13, "hash__pmd_trans_huge() reads H_PAGE_THP_HUGE, and PMD swap entries share the layout"),
    zeros(12, 12, HPTEFLAGS),
    spare(11, 10),
  ],
  hpteFlags: 0x0180_0000_0000_1000n,
};

// PTE_RPN_MASK had 57 bits.
const oldest4k: Pages = { ...pages4k, middle: [spare(60, 57), swpOffset(56, 12), spare(11, 10)] };
const oldest64k: Pages = { ...pages64k, middle: [spare(60, 57), swpOffset(56, 16), spare(15, 10)] };

// Under hash its bookkeeping stood above the offset, and H_PAGE_BUSY in bit 11.
const oldestHash4k: Pages = {
  ...pages4k,
  middle: [zeros(60, 57, HPTEFLAGS), swpOffset(56, 12), zeros(11, 11, HPTEFLAGS), spare(10, 10)],
  hpteFlags: 0x3e00_0000_0000_0800n,
};
const oldestHash64k: Pages = {
  ...pages64k,
  middle: [
    zeros(60, 57, HPTEFLAGS),
    swpOffset(56, 16),
    spare(15, 14),
    spare(13, 13, "H_PAGE_4K_PFN of a present PTE"),
    zeros(12, 11, HPTEFLAGS),
    spare(10, 10),
  ],
  hpteFlags: 0x3e00_0000_0000_1800n,
};

const SOFT_DIRTY = "CONFIG_MEM_SOFT_DIRTY";
const BUSY = zeros(6, 6, HPTEFLAGS);

/** What differs between the two ways to translate, chosen at boot in one and the same kernel. */
interface Mmu {
  readonly name: "radix" | "hash";
  readonly when: readonly string[];
  /** Bits 8:7. */
  readonly rc: Field;
  readonly ignored: (pages: Pages) => bigint;
}

const SERVER = ["CONFIG_PPC64", "CONFIG_PPC_BOOK3S_64"];

const radix: Mmu = {
  name: "radix",
  when: [...SERVER, "CONFIG_PPC_RADIX_MMU", "radix"],
  rc: hardware(8, 7, RC),
  ignored: () => 0x180n,
};

const hash: Mmu = {
  name: "hash",
  when: [...SERVER, "hash"],
  rc: spare(8, 7, "R and C of a present PTE"),
  ignored: ({ hpteFlags }) => hpteFlags,
};

/** The layout of a release for one page size and one way to translate; `low` are its bits 9 to 0. */
function book3s(since: string, mmu: Mmu, pages: Pages, low: readonly Field[], citation: string): Layout {
  return {
    id: `powerpc ${since} ${mmu.name} ${pages.name}`,
    since,
    when: [...mmu.when, pages.when],
    pteBits: 64,
    fields: [...top, ...pages.middle, ...low],
    present: PRESENT,
    none: equals(ALL ^ mmu.ignored(pages), 0n),
    // pte_t is __be64, on little-endian kernels too.
    byteOrder: "big",
    pmd,
    citation,
  };
}

/** The bits below 10, before the exclusive flag. */
const low = (mmu: Mmu, six: Field): Field[] => [
  spare(9, 9),
  mmu.rc,
  six,
  softDirty(5, SOFT_DIRTY),
  unmasked(swpType(4, 0)),
];

const withoutPmd = ({ pmd: _pmd, ...layout }: Layout): Layout => layout;

const BEFORE = "See _PAGE_SWP_SOFT_DIRTY in arch/powerpc/include/asm/book3s/64/pgtable.h (as of Linux v5.10)";
const V53 =
  "See pte_present() in arch/powerpc/include/asm/book3s/64/pgtable.h (as of Linux v4.18.0-80.el8 and v5.3); _PAGE_HPTEFLAGS stands in hash-4k.h and hash-64k.h";

const V48 =
  "See PTE_RPN_MASK in arch/powerpc/include/asm/book3s/64/pgtable.h (as of Linux v4.7 and v4.8); _PAGE_HPTEFLAGS stands in hash-4k.h and hash-64k.h";

/** pte_present() reads _PAGE_INVALID in the first build of RHEL 8. */
const rhel8: readonly Backport[] = [{ release: "4.18.0-80", vendor: "el8" }];

const every = (make: (mmu: Mmu, pages: Pages) => Layout): Layout[] =>
  [radix, hash].flatMap((mmu) => [pages4k, pages64k].map((pages) => make(mmu, pages)));

/** Newest first. Bit 0 is the least significant; the kernel's comments count from the other end. */
export const book3s64: readonly Layout[] = [
  // Radix, with 4K pages:
  // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
  // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
  // 0 1 0 0 X X X 0 0 0 0 <--------------- offset -----------------
  //
  // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
  // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
  // --------------- offset ---------------> X X S H H 0 E < type ->
  //
  // Radix, with 64K pages:
  // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
  // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
  // 0 1 0 X X X X X 0 X X <--------------- offset -----------------
  //
  // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
  // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
  // ----------- offset -----------> X X 0 0 X X S H H 0 E < type ->
  ...every((mmu, pages) =>
    book3s(
      "5.19",
      mmu,
      pages,
      [softDirty(9, SOFT_DIRTY), mmu.rc, BUSY, exclusive(5), unmasked(swpType(4, 0))],
      "See _PAGE_SWP_EXCLUSIVE in arch/powerpc/include/asm/book3s/64/pgtable.h (as of Linux v6.1)",
    ),
  ),
  // Radix, with 4K pages:
  // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
  // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
  // --------------- offset ---------------> X X X H H 0 S < type ->
  ...[pages4k, pages64k].flatMap((pages) => [
    book3s("5.10", hash, pages, low(hash, BUSY), BEFORE),
    book3s("5.8", radix, pages, low(radix, BUSY), BEFORE),
  ]),
  ...[old4k, old64k].flatMap((pages) => [
    ...[radix, hash].map((mmu) => ({
      ...withoutPmd(book3s("4.19", mmu, pages, low(mmu, spare(6, 6)), V53)),
      backported: rhel8,
      present: PRESENT_419,
      note: "the PMD swap entries that came between v4.18 and v5.2 are not described",
    })),
    ...[radix, hash].map((mmu) => ({
      ...withoutPmd(book3s("4.12", mmu, pages, low(mmu, spare(6, 6)), V53)),
      present: PRESENT_47,
      uncertain: `the offset's mask and the hash code's bits moved between the headers of v4.8 and v4.18${mmu === hash ? "; that of v4.18 was read" : ", those of v4.13 have them"}`,
    })),
  ]),
  ...[
    [radix, oldest4k],
    [radix, oldest64k],
    [hash, oldestHash4k],
    [hash, oldestHash64k],
  ].map(([mmu, pages]) => ({
    ...withoutPmd(book3s("4.7", mmu as Mmu, pages as Pages, low(mmu as Mmu, spare(6, 6)), V48)),
    present: PRESENT_47,
  })),
];
