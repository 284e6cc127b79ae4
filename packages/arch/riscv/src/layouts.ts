import type { Layout, PmdLayout } from "@ptekit/core";
import {
  differs,
  equals,
  exclusive,
  onlyWith,
  otherwise,
  softDirty,
  spare,
  swpOffset,
  swpType,
  uffdWp,
  unmasked,
  zeros,
} from "@ptekit/core";

const RV64 = ["CONFIG_64BIT"];
const RV32 = ["!CONFIG_64BIT"];
const THP = "CONFIG_TRANSPARENT_HUGEPAGE";
const SVRSW = "svrsw60t59b";

const NONE64 = equals(0xffff_ffff_ffff_ffffn, 0n);
const NONE32 = equals(0xffff_ffffn, 0n);
const PRESENT = differs(0x21n, 0n);
const V = zeros(0, 0, "pte_present() reads _PAGE_PRESENT");
const PROT_NONE = zeros(5, 5, "pte_present() reads _PAGE_PROT_NONE, which is _PAGE_GLOBAL");
const LEAF = "pmd_present() reads _PAGE_LEAF (R, W and X), and PMD swap entries share the layout";

const LOOKS_SWAPPED =
  "PAGE_NONE is 0 in these kernels, and pte_present() reads _PAGE_PRESENT alone: a PROT_NONE page's PTE reads as a swap entry";

/** Zero for the sake of PMD swap entries, which only 64-bit kernels with huge pages have. */
const leaf = (high: number, low: number) => onlyWith(zeros(high, low, LEAF), THP);

const pmd: PmdLayout = {
  when: ["CONFIG_64BIT", THP],
  present: differs(0x2fn, 0n),
  citation: "See pmd_present() in arch/riscv/include/asm/pgtable.h (as of Linux v6.1, v6.12 and v7.2)",
};

// 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
// 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
// --------------- offset ---------------> < type -> E 0 F S 0 0 0
const fields70: Layout["fields"] = [
  swpOffset(63, 12),
  swpType(11, 7),
  exclusive(6),
  PROT_NONE,
  uffdWp(4, "CONFIG_HAVE_ARCH_USERFAULTFD_WP", SVRSW),
  otherwise(softDirty(3, "CONFIG_MEM_SOFT_DIRTY", SVRSW), leaf(3, 3)),
  leaf(2, 1),
  V,
];

const pmd70: PmdLayout = {
  ...pmd,
  exceptions: [
    {
      property: "flags leave type and offset alone",
      words: differs(0x8n, 0n),
      when: ["CONFIG_MEM_SOFT_DIRTY", SVRSW],
      reason:
        "a soft-dirty THP migration entry sets bit 3 (X), which pmd_present() reads as part of _PAGE_LEAF: it looks present, and is never turned back; Linux 7.2.13 prints BUG: Bad page map with that PMD and dies of an oops, within a second of moving a written huge page",
      citation:
        "See pmd_present() and pmd_swp_mksoft_dirty() in arch/riscv/include/asm/pgtable.h (as of Linux v7.2)",
    },
  ],
};

/** Newest first within each family. The header calls bits 3:1 (3:0 before 5.17) zero. */
export const layouts: readonly Layout[] = [
  {
    id: "riscv 7.3",
    since: "7.3",
    when: RV64,
    pteBits: 64,
    fields: fields70,
    present: PRESENT,
    none: NONE64,
    pmd: pmd70,
    note: "the uffd-wp bit is renamed and serves UFFDIO_RWPROTECT too: what it means depends on VM_UFFD_WP or VM_UFFD_RWP",
    citation: "See _PAGE_SWP_UFFD in arch/riscv/include/asm/pgtable-bits.h (as of Linux v7.3)",
  },
  {
    id: "riscv 6.19",
    since: "6.19",
    when: RV64,
    pteBits: 64,
    fields: fields70,
    present: PRESENT,
    none: NONE64,
    pmd: pmd70,
    citation:
      "See _PAGE_SWP_UFFD_WP in arch/riscv/include/asm/pgtable-bits.h (as of Linux v6.19 and v7.2); v6.18 is without it",
  },
  {
    id: "riscv 6.3",
    since: "6.3",
    when: RV64,
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // --------------- offset ---------------> < type -> E 0 X 0 0 0 0
    fields: [swpOffset(63, 12), swpType(11, 7), exclusive(6), PROT_NONE, spare(4, 4), leaf(3, 1), V],
    present: PRESENT,
    none: NONE64,
    pmd,
    citation: "See _PAGE_SWP_EXCLUSIVE in arch/riscv/include/asm/pgtable-bits.h (as of Linux v6.12)",
  },
  {
    id: "riscv 5.17",
    since: "5.17",
    when: RV64,
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ---------------- offset ----------------> < type -> 0 X 0 0 0 0
    fields: [swpOffset(63, 11), unmasked(swpType(10, 6)), PROT_NONE, spare(4, 4), leaf(3, 1), V],
    present: PRESENT,
    none: NONE64,
    pmd,
    uncertain: "_PAGE_PROT_NONE moved between the headers of v5.15.100 and v5.17-rc5",
    citation: "See __swp_entry() in arch/riscv/include/asm/pgtable.h (as of Linux v6.1)",
  },
  {
    id: "riscv 5.0",
    since: "5.0",
    when: RV64,
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // -------------------- offset --------------------> < type -> 0 0
    fields: [
      swpOffset(63, 7),
      unmasked(swpType(6, 2)),
      zeros(1, 1, "pte_present() reads _PAGE_PROT_NONE, which is _PAGE_READ"),
      V,
    ],
    present: differs(0x3n, 0n),
    none: NONE64,
    citation: "See __swp_entry() in arch/riscv/include/asm/pgtable.h (as of Linux v5.10)",
  },
  {
    id: "riscv 4.15",
    since: "4.15",
    when: RV64,
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // -------------------- offset --------------------> < type -> X 0
    fields: [swpOffset(63, 7), unmasked(swpType(6, 2)), spare(1, 1, "the header calls it reserved"), V],
    present: differs(0x1n, 0n),
    none: NONE64,
    note: LOOKS_SWAPPED,
    citation:
      "See pte_present() in arch/riscv/include/asm/pgtable.h (as of Linux v4.16 and v4.20); v5.0 has _PAGE_PROT_NONE",
  },
  {
    id: "riscv 6.3 32-bit",
    since: "6.3",
    when: RV32,
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <-------------- offset ---------------> < type -> E 0 X X X X 0
    fields: [swpOffset(31, 12), swpType(11, 7), exclusive(6), PROT_NONE, spare(4, 1), V],
    present: PRESENT,
    none: NONE32,
    citation: "See _PAGE_SWP_EXCLUSIVE in arch/riscv/include/asm/pgtable-bits.h (as of Linux v6.12)",
  },
  {
    id: "riscv 5.17 32-bit",
    since: "5.17",
    when: RV32,
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <--------------- offset ----------------> < type -> 0 X X X X 0
    fields: [swpOffset(31, 11), unmasked(swpType(10, 6)), PROT_NONE, spare(4, 1), V],
    present: PRESENT,
    none: NONE32,
    uncertain: "_PAGE_PROT_NONE moved between the headers of v5.15.100 and v5.17-rc5",
    citation: "See __swp_entry() in arch/riscv/include/asm/pgtable.h (as of Linux v6.1)",
  },
  {
    id: "riscv 5.0 32-bit",
    since: "5.0",
    when: RV32,
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <------------------- offset --------------------> < type -> 0 0
    fields: [
      swpOffset(31, 7),
      unmasked(swpType(6, 2)),
      zeros(1, 1, "pte_present() reads _PAGE_PROT_NONE, which is _PAGE_READ"),
      V,
    ],
    present: differs(0x3n, 0n),
    none: NONE32,
    citation: "See __swp_entry() in arch/riscv/include/asm/pgtable.h (as of Linux v5.10)",
  },
  {
    id: "riscv 4.15 32-bit",
    since: "4.15",
    when: RV32,
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <------------------- offset --------------------> < type -> X 0
    fields: [swpOffset(31, 7), unmasked(swpType(6, 2)), spare(1, 1, "the header calls it reserved"), V],
    present: differs(0x1n, 0n),
    none: NONE32,
    note: LOOKS_SWAPPED,
    citation:
      "See pte_present() in arch/riscv/include/asm/pgtable.h (as of Linux v4.16 and v4.20); v5.0 has _PAGE_PROT_NONE",
  },
];
