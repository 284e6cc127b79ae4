import type { PresentField, PresentLayout } from "@ptekit/core";
import { equals, free, mmu, pfn, software } from "@ptekit/core";
import { l1tf, l1tf44, l1tfRhel6, l1tfRhel7 } from "./backports.ts";

const below9: readonly PresentField[] = [
  software(9, "_PAGE_SPECIAL"),
  mmu(8, 8, "_PAGE_GLOBAL"),
  mmu(7, 7, "_PAGE_PAT"),
  mmu(6, 6, "_PAGE_DIRTY"),
  mmu(5, 5, "_PAGE_ACCESSED"),
  mmu(4, 4, "_PAGE_PCD"),
  mmu(3, 3, "_PAGE_PWT"),
  mmu(2, 2, "_PAGE_USER"),
  mmu(1, 1, "_PAGE_RW"),
  mmu(0, 0, "_PAGE_PRESENT"),
];

const savedDirty: readonly PresentField[] = [free(11, 11), software(10, "_PAGE_SAVED_DIRTY"), ...below9];
const kernel4k: readonly PresentField[] = [
  software(11, "_PAGE_KERNEL_4K, in the kernel's own map only"),
  software(10, "_PAGE_SAVED_DIRTY"),
  ...below9,
];
const before: readonly PresentField[] = [free(11, 10), ...below9];
const above51: readonly PresentField[] = [mmu(63, 63, "_PAGE_NX"), mmu(62, 52, "reserved"), pfn(51, 12)];

const RESERVED = "that hardware reserves bits 62:52 under PAE is from the manuals";
const TYPES_H = "arch/x86/include/asm/pgtable_types.h";

const PAE = ["CONFIG_X86_PAE"];
const TWO_LEVELS = ["!CONFIG_X86_PAE"];

// Under PAE, a PTE that is not 0 and has _PAGE_PRESENT clear stores its PFN inverted; a present one of that kind is
// PROT_NONE. With two levels nothing is inverted.
const invertedWhere = equals(0x1n, 0n);

/** Newest first within each family. Neither soft-dirty nor uffd-wp exists on 32 bits. */
export const present: readonly PresentLayout[] = [
  {
    since: "6.17",
    when: TWO_LEVELS,
    fields: [pfn(31, 12), ...kernel4k],
    citation: `See _PAGE_BIT_KERNEL_4K in ${TYPES_H} (as of Linux v7.2)`,
  },
  {
    since: "6.17",
    when: PAE,
    fields: [...above51, ...kernel4k],
    invertedWhere,
    uncertain: RESERVED,
    citation: `See _PAGE_BIT_KERNEL_4K in ${TYPES_H} (as of Linux v7.2)`,
  },
  {
    since: "6.6",
    when: TWO_LEVELS,
    fields: [pfn(31, 12), ...savedDirty],
    citation: `See _PAGE_BIT_SAVED_DIRTY in ${TYPES_H} (as of Linux v6.12)`,
  },
  {
    since: "6.6",
    when: PAE,
    fields: [...above51, ...savedDirty],
    invertedWhere,
    uncertain: RESERVED,
    citation: `See _PAGE_BIT_SAVED_DIRTY in ${TYPES_H} (as of Linux v6.12)`,
  },
  {
    since: "4.0",
    when: TWO_LEVELS,
    fields: [pfn(31, 12), ...before],
    citation: `See _PAGE_BIT_SOFTW1 in ${TYPES_H} (as of Linux v5.10)`,
  },
  {
    since: "4.19",
    backported: [...l1tf, ...l1tf44, ...l1tfRhel7, ...l1tfRhel6],
    backportName: "l1tf",
    when: PAE,
    fields: [...above51, ...before],
    invertedWhere,
    uncertain: RESERVED,
    citation: "See __pte_needs_invert() in arch/x86/include/asm/pgtable-invert.h (as of Linux v5.10)",
  },
  {
    since: "4.0",
    when: PAE,
    fields: [...above51, ...before],
    uncertain: RESERVED,
    citation: `See pte_pfn() in arch/x86/include/asm/pgtable.h (as of Linux v4.4.147)`,
  },
];
