import type { Field, Layout, LayoutException, PmdLayout } from "@ptekit/core";
import { differs, equals, exclusive, ones, spare, swpOffset, swpType, unmasked, zeros } from "@ptekit/core";

const LA64 = ["CONFIG_64BIT"];
const ALL = 0xffff_ffff_ffff_ffffn;
const PRESENT = differs(0x480n, 0n);
const NONE = equals(ALL ^ 0x40n, 0n);
const PMD_H = "arch/loongarch/include/asm/pgtable.h (as of Linux v6.1, v6.12 and v7.2)";
const P = zeros(7, 7, "pte_present() reads _PAGE_PRESENT");
const GLOBAL = zeros(6, 6, "_PAGE_GLOBAL: pte_clear() keeps it and pte_none() ignores it");
const HUGE = ones(6, 6, "_PAGE_HUGE: without it a PMD is the address of a table");
const VALID = zeros(0, 0, "_PAGE_VALID: the TLB refill loads entries without looking at _PAGE_PRESENT");

/** Bits 15:0 of a 64-bit entry, which the header calls zeroes. */
const low16 = (bit6: Field): Field[] => [
  spare(15, 11, "the header draws it as 0"),
  zeros(10, 10, "pte_present() reads _PAGE_PROTNONE"),
  spare(9, 8, "the header draws it as 0"),
  P,
  bit6,
  spare(5, 1, "the header draws it as 0"),
  VALID,
];

const lost = (property: string): LayoutException => ({
  property,
  words: differs(1n << 60n, 0n),
  reason:
    "bit 36 of the offset is bit 60, _PAGE_PRESENT_INVALID, which pmd_present() reads: with 4K pages it is the young bit of a THP migration entry",
  citation: `See pmd_present() in ${PMD_H}`,
});

/** The PMD of an entry is its PTE with _PAGE_HUGE. */
const pmd = (type: readonly Field[]): PmdLayout => ({
  when: ["CONFIG_64BIT", "CONFIG_TRANSPARENT_HUGEPAGE"],
  fields: [swpOffset(63, 24), ...type, ...low16(HUGE)],
  present: differs(0x1000_0000_0000_0480n, 0n),
  none: equals(ALL, 0n),
  exceptions: [
    lost("what encode writes is neither none nor present"),
    lost("flags leave type and offset alone"),
  ],
  note: "pmd_none() compares with the address of invalid_pte_table, which only the kernel knows: like every table's address it reads as present here",
  citation: `See __swp_entry_to_pmd() in ${PMD_H}`,
});

/** Newest first. */
export const layouts: readonly Layout[] = [
  {
    id: "loongarch 6.19 32-bit",
    since: "6.19",
    when: ["!CONFIG_64BIT"],
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <------------ offset -------------> E < type -> 0 0 X X X X X 0
    fields: [
      swpOffset(31, 14),
      exclusive(13),
      swpType(12, 8),
      P,
      GLOBAL,
      spare(5, 1, "the header draws it as 0"),
      VALID,
    ],
    present: differs(0x80n, 0n),
    none: equals(0xffff_ffbfn, 0n),
    note: "the header has it from 6.19 on; Kconfig offers 32-bit kernels from 7.1 on",
    citation: "See mk_swap_pte() in arch/loongarch/include/asm/pgtable.h (as of Linux v6.19 and v7.2)",
  },
  {
    id: "loongarch 6.3",
    since: "6.3",
    when: LA64,
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // --- offset ---> E <-- type ---> X X X X X 0 X X 0 0 X X X X X 0
    fields: [swpOffset(63, 24), exclusive(23), swpType(22, 16), ...low16(GLOBAL)],
    present: PRESENT,
    none: NONE,
    pmd: pmd([spare(23, 23, "no PMD has the exclusive flag"), swpType(22, 16)]),
    citation: "See _PAGE_SWP_EXCLUSIVE in arch/loongarch/include/asm/pgtable-bits.h (as of Linux v6.12)",
  },
  {
    id: "loongarch 5.19",
    since: "5.19",
    when: LA64,
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // --- offset ---> <--- type ----> X X X X X 0 X X 0 0 X X X X X 0
    fields: [swpOffset(63, 24), unmasked(swpType(23, 16)), ...low16(GLOBAL)],
    present: PRESENT,
    none: NONE,
    pmd: pmd([unmasked(swpType(23, 16))]),
    citation: "See mk_swap_pte() in arch/loongarch/include/asm/pgtable.h (as of Linux v6.1)",
  },
];
