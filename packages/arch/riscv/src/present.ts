import type { PresentField, PresentLayout, UserPage } from "@ptekit/core";
import { free, mmu, pfn, presentSoftDirty, presentUffdWp, software } from "@ptekit/core";

const below59: readonly PresentField[] = [
  mmu(58, 54, "reserved"),
  pfn(53, 10),
  free(9, 9),
  software(8, "_PAGE_SPECIAL"),
  mmu(7, 7, "_PAGE_DIRTY"),
  mmu(6, 6, "_PAGE_ACCESSED"),
  mmu(5, 5, "_PAGE_GLOBAL"),
  mmu(4, 4, "_PAGE_USER"),
  mmu(3, 3, "_PAGE_EXEC"),
  mmu(2, 2, "_PAGE_WRITE"),
  mmu(1, 1, "_PAGE_READ"),
  mmu(0, 0, "_PAGE_PRESENT"),
];

const above60: readonly PresentField[] = [mmu(63, 63, "_PAGE_NAPOT"), mmu(62, 61, "_PAGE_MTMASK")];

/** PAGE_READ, a dirty PAGE_SHARED, that one after pte_wrprotect(), and both after pte_modify() to PAGE_NONE. */
const user: UserPage = {
  read: 0x53n,
  write: 0xd7n,
  protected: 0xd3n,
  none: 0xe2n,
  noneRead: 0x62n,
  huge: 0n,
  citation:
    "See PAGE_NONE in arch/riscv/include/asm/pgtable.h (as of Linux v7.2); not seen in a dump, without the T-Head memory types",
};

/** Newest first; with 64 bits. */
export const present: readonly PresentLayout[] = [
  {
    since: "7.0",
    when: ["CONFIG_64BIT", "svrsw60t59b"],
    fields: [
      ...above60,
      presentUffdWp(60, "_PAGE_UFFD_WP", "CONFIG_HAVE_ARCH_USERFAULTFD_WP"),
      presentSoftDirty(59, "_PAGE_SOFT_DIRTY", "CONFIG_MEM_SOFT_DIRTY"),
      ...below59,
    ],
    user,
    uncertain: "between the headers of v6.17 and v7.0",
    citation: "See _PAGE_UFFD_WP in arch/riscv/include/asm/pgtable-bits.h (as of Linux v7.2)",
  },
  {
    since: "5.17",
    when: ["CONFIG_64BIT", "!svrsw60t59b"],
    fields: [...above60, mmu(60, 59, "reserved"), ...below59],
    user,
    uncertain:
      "_PAGE_PROT_NONE moved to bit 5 between the headers of v5.15 and v5.17; that hardware reserves bits 60:54 is from the manuals",
    citation: "See _PAGE_PROT_NONE in arch/riscv/include/asm/pgtable-bits.h (as of Linux v6.1)",
  },
];
