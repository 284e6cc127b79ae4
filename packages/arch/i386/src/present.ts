import type { PresentField, PresentLayout, PresentReads } from "@ptekit/core";
import { differs, equals, free, mmu, newestFirst, pfn, sharedWithProtNone, software } from "@ptekit/core";
import { l1tf, l1tf44, l1tfRhel6, l1tfRhel7 } from "./backports.ts";

const below9: readonly PresentField[] = [
  software(9, "_PAGE_SPECIAL"),
  sharedWithProtNone(mmu(8, 8, "_PAGE_GLOBAL"), "_PAGE_PROTNONE"),
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
  software(11, "_PAGE_KERNEL_4K"),
  software(10, "_PAGE_SAVED_DIRTY"),
  ...below9,
];
const before: readonly PresentField[] = [free(11, 10), ...below9];
const ioMap: readonly PresentField[] = [software(11, "_PAGE_HIDDEN"), software(10, "_PAGE_IOMAP"), ...below9];
const above51: readonly PresentField[] = [mmu(63, 63, "_PAGE_NX"), mmu(62, 52, "reserved"), pfn(51, 12)];

const RESERVED = "that hardware reserves bits 62:52 under PAE is from the manuals";
const IOMAP = "_PAGE_IOMAP and _PAGE_HIDDEN, which went with 3.19, are from memory";
const TYPES_H = "arch/x86/include/asm/pgtable_types.h";

const PAE = ["CONFIG_X86_PAE"];
const TWO_LEVELS = ["!CONFIG_X86_PAE"];

// Under PAE, a PTE that is not 0 and has _PAGE_PRESENT clear stores its PFN inverted; a present one of that kind is
// PROT_NONE. With two levels nothing is inverted.
const invertedWhere = equals(0x1n, 0n);

const reads: PresentReads = {
  write: differs(0x2n, 0n),
  dirty: differs(0x40n, 0n),
  young: differs(0x20n, 0n),
  special: differs(0x200n, 0n),
  // _PAGE_PROTNONE is _PAGE_GLOBAL, without _PAGE_PRESENT.
  protNone: equals(0x101n, 0x100n),
};
const saved = {
  reads: { ...reads, dirty: differs(0x440n, 0n) },
  modify: { keeps: 0x6f8n },
} as const;
const plain = { reads, modify: { keeps: 0x2f8n } } as const;
const KERNEL_ONLY = [
  { high: 11, low: 11, condition: "user mappings alone: _PAGE_KERNEL_4K marks the kernel's own map" },
];

/** Newest first. Neither soft-dirty nor uffd-wp exists on 32 bits. */
export const present: readonly PresentLayout[] = newestFirst([
  {
    since: "6.17",
    when: TWO_LEVELS,
    fields: [pfn(31, 12), ...kernel4k],
    ...saved,
    maybe: KERNEL_ONLY,
    citation: `See _PAGE_BIT_KERNEL_4K in ${TYPES_H} (as of Linux v7.2)`,
  },
  {
    since: "6.17",
    when: PAE,
    fields: [...above51, ...kernel4k],
    ...saved,
    maybe: KERNEL_ONLY,
    invertedWhere,
    uncertain: RESERVED,
    citation: `See _PAGE_BIT_KERNEL_4K in ${TYPES_H} (as of Linux v7.2)`,
  },
  {
    since: "6.6",
    when: TWO_LEVELS,
    fields: [pfn(31, 12), ...savedDirty],
    ...saved,
    citation: `See _PAGE_BIT_SAVED_DIRTY in ${TYPES_H} (as of Linux v6.12)`,
  },
  {
    since: "6.6",
    when: PAE,
    fields: [...above51, ...savedDirty],
    ...saved,
    invertedWhere,
    uncertain: RESERVED,
    citation: `See _PAGE_BIT_SAVED_DIRTY in ${TYPES_H} (as of Linux v6.12)`,
  },
  {
    since: "4.0",
    when: TWO_LEVELS,
    fields: [pfn(31, 12), ...before],
    ...plain,
    citation: `See _PAGE_BIT_SOFTW1 in ${TYPES_H} (as of Linux v5.10)`,
  },
  {
    since: "4.19",
    backported: [...l1tf, ...l1tf44, ...l1tfRhel7, ...l1tfRhel6],
    backportName: "l1tf",
    when: PAE,
    fields: [...above51, ...before],
    ...plain,
    invertedWhere,
    uncertain: RESERVED,
    citation: "See __pte_needs_invert() in arch/x86/include/asm/pgtable-invert.h (as of Linux v5.10)",
  },
  {
    since: "4.0",
    when: PAE,
    fields: [...above51, ...before],
    ...plain,
    uncertain: RESERVED,
    citation: `See pte_pfn() in arch/x86/include/asm/pgtable.h (as of Linux v4.4.147)`,
  },
  {
    since: "2.6.32",
    when: TWO_LEVELS,
    fields: [pfn(31, 12), ...ioMap],
    ...plain,
    uncertain: IOMAP,
    citation: `See _PAGE_BIT_IOMAP in ${TYPES_H} (as of Linux v3.16)`,
  },
  {
    since: "2.6.32",
    when: PAE,
    fields: [...above51, ...ioMap],
    ...plain,
    uncertain: `${IOMAP}; ${RESERVED}`,
    citation: `See _PAGE_BIT_IOMAP in ${TYPES_H} (as of Linux v3.16)`,
  },
]);
