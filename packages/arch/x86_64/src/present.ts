import type { PresentField, PresentLayout, PresentReads, UserPage } from "@ptekit/core";
import {
  differs,
  equals,
  free,
  mmu,
  pfn,
  presentSoftDirty,
  presentUffdWp,
  sharedWithProtNone,
  software,
} from "@ptekit/core";
import { l1tf, l1tf44, l1tfRhel6, l1tfRhel7, rhel9SavedDirty } from "./backports.ts";

const MANUAL = "that hardware ignores bits 58:52 is from the manuals, the kernel's headers do not say it";

const below52: readonly PresentField[] = [
  pfn(51, 12),
  presentSoftDirty(11, "_PAGE_SOFT_DIRTY", "CONFIG_MEM_SOFT_DIRTY"),
  presentUffdWp(10, "_PAGE_UFFD_WP", "CONFIG_HAVE_ARCH_USERFAULTFD_WP"),
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

const above58: readonly PresentField[] = [mmu(63, 63, "_PAGE_NX"), mmu(62, 59, "_PAGE_PKEY")];

// A PTE that is not 0 and has _PAGE_PRESENT clear stores its PFN inverted; a present one of that kind is PROT_NONE.
const invertedWhere = equals(0x1n, 0n);

/** PAGE_READONLY, a dirty PAGE_SHARED, that one after pte_wrprotect(), and both after pte_modify() to PAGE_NONE. */
const user: UserPage = {
  read: 0x8000_0000_0000_0025n,
  write: 0x8000_0000_0000_0067n,
  protected: 0x8000_0000_0000_0065n,
  clean: 0x8000_0000_0000_0027n,
  none: 0x0000_0000_0000_0160n,
  noneRead: 0x0000_0000_0000_0120n,
  huge: 0x80n,
  citation: "See PAGE_SHARED in arch/x86/include/asm/pgtable_types.h (as of Linux v6.1)",
};

/** Where a write-protected page keeps its dirty bit in _PAGE_SAVED_DIRTY. */
const savedDirty: UserPage = {
  ...user,
  protected: 0x8400_0000_0000_0025n,
  none: 0x0400_0000_0000_0120n,
  citation: "See mksaveddirty_shift() in arch/x86/include/asm/pgtable.h (as of Linux v6.12)",
};

const reads: PresentReads = {
  write: differs(0x2n, 0n),
  dirty: differs(0x40n, 0n),
  young: differs(0x20n, 0n),
  special: differs(0x200n, 0n),
  // _PAGE_PROTNONE is _PAGE_GLOBAL, without _PAGE_PRESENT.
  protNone: equals(0x101n, 0x100n),
};
const SAVED_DIRTY = 1n << 58n;
/** pte_dirty() reads _PAGE_SAVED_DIRTY too. */
const readsSaved: PresentReads = { ...reads, dirty: differs(0x40n | SAVED_DIRTY, 0n) };
const SHADOW_STACK =
  "where the CPU has user shadow stacks, pte_write() is true of _PAGE_DIRTY without _PAGE_RW as well: a shadow stack page";

/** _PAGE_PAT | _PAGE_PCD | _PAGE_PWT | _PAGE_SPECIAL | _PAGE_ACCESSED | _PAGE_DIRTY | _PAGE_SOFT_DIRTY | _PAGE_UFFD_WP */
const keeps = 0xef8n;
const CHG_MASK = "_PAGE_CHG_MASK has none of the free bits: pte_modify() drops a flag there";

/** Newest first. */
export const present: readonly PresentLayout[] = [
  {
    since: "6.17",
    fields: [...above58, software(58, "_PAGE_SAVED_DIRTY"), free(57, 52), ...below52],
    reads: readsSaved,
    modify: { keeps: keeps | SAVED_DIRTY },
    invertedWhere,
    user: savedDirty,
    note: `${CHG_MASK}; ${SHADOW_STACK}`,
    uncertain: `_PAGE_DEVMAP went between the headers of v6.14 and v6.17; ${MANUAL}`,
    citation: "See _PAGE_BIT_SOFTW5 in arch/x86/include/asm/pgtable_types.h (as of Linux v7.2)",
  },
  {
    since: "6.6",
    backported: rhel9SavedDirty,
    fields: [
      ...above58,
      software(58, "_PAGE_SAVED_DIRTY"),
      software(57, "_PAGE_DEVMAP"),
      free(56, 52),
      ...below52,
    ],
    reads: readsSaved,
    modify: { keeps: keeps | SAVED_DIRTY | (1n << 57n) },
    invertedWhere,
    user: savedDirty,
    note: `${CHG_MASK}; ${SHADOW_STACK}`,
    uncertain: MANUAL,
    citation: "See _PAGE_BIT_SAVED_DIRTY in arch/x86/include/asm/pgtable_types.h (as of Linux v6.12)",
  },
  {
    since: "4.19",
    backported: [...l1tf, ...l1tf44, ...l1tfRhel7, ...l1tfRhel6],
    backportName: "l1tf",
    fields: [...above58, software(58, "_PAGE_DEVMAP"), free(57, 52), ...below52],
    reads,
    modify: { keeps: keeps | (1n << 58n) },
    note: CHG_MASK,
    invertedWhere,
    user,
    uncertain: MANUAL,
    citation: "See __pte_needs_invert() in arch/x86/include/asm/pgtable-invert.h (as of Linux v5.10)",
  },
  {
    since: "4.6",
    fields: [...above58, software(58, "_PAGE_DEVMAP"), free(57, 52), ...below52],
    reads,
    modify: { keeps: keeps | (1n << 58n) },
    note: CHG_MASK,
    user,
    uncertain: `_PAGE_PKEY since v4.6 is from memory; ${MANUAL}`,
    citation: "See _PAGE_BIT_PKEY_BIT0 in arch/x86/include/asm/pgtable_types.h (as of Linux v4.9)",
  },
  {
    since: "4.5",
    fields: [mmu(63, 63, "_PAGE_NX"), free(62, 59), software(58, "_PAGE_DEVMAP"), free(57, 52), ...below52],
    reads,
    modify: { keeps: keeps | (1n << 58n) },
    note: CHG_MASK,
    user,
    uncertain: `_PAGE_DEVMAP since v4.5 is from memory; ${MANUAL}`,
    citation: "See _PAGE_BIT_DEVMAP in arch/x86/include/asm/pgtable_types.h (as of Linux v4.9)",
  },
  {
    since: "2.6.29",
    fields: [mmu(63, 63, "_PAGE_NX"), free(62, 52), ...below52],
    reads,
    modify: { keeps },
    note: CHG_MASK,
    user,
    uncertain: MANUAL,
    citation: "See pte_pfn() in arch/x86/include/asm/pgtable.h (as of Linux v4.4)",
  },
];
