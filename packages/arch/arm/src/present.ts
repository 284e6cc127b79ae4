import type { PresentLayout, UserPage } from "@ptekit/core";
import { differs, equals, free, mmu, pfn, software, softwareBits } from "@ptekit/core";

/** PAGE_READONLY, a dirty PAGE_SHARED, that one after pte_wrprotect(), and both after pte_modify() to PAGE_NONE. */
const user: UserPage = {
  read: 0x79fn,
  write: 0x75fn,
  protected: 0x7dfn,
  none: 0xedfn,
  noneRead: 0xe9fn,
  citation:
    "See PAGE_SHARED in arch/arm/include/asm/pgtable.h (as of Linux v6.12); memory type and sharing of an SMP ARMv7",
};

/** The same with long descriptors: AP2 is set by cpu_v7_set_pte_ext() where the page is not writable or clean. */
const userLpae: UserPage = {
  read: 0x0460_0000_0000_0fdfn,
  write: 0x00e0_0000_0000_0f5fn,
  protected: 0x04e0_0000_0000_0fdfn,
  none: 0x06e0_0000_0000_0f1en,
  noneRead: 0x0660_0000_0000_0f9en,
  huge: 0x2n,
  citation:
    "See cpu_v7_set_pte_ext() in arch/arm/mm/proc-v7-3level.S (as of Linux v6.12); not seen in a dump",
};

/** Newest first. With short descriptors this is the Linux entry; hardware reads its own copy. */
export const present: readonly PresentLayout[] = [
  {
    since: "4.0",
    when: ["!CONFIG_ARM_LPAE"],
    fields: [
      pfn(31, 12),
      software(11, "L_PTE_NONE"),
      software(10, "L_PTE_SHARED"),
      software(9, "L_PTE_XN"),
      software(8, "L_PTE_USER"),
      software(7, "L_PTE_RDONLY"),
      software(6, "L_PTE_DIRTY"),
      softwareBits(5, 2, "L_PTE_MT_MASK"),
      software(1, "L_PTE_YOUNG"),
      software(0, "L_PTE_PRESENT"),
    ],
    reads: {
      write: equals(0x80n, 0n),
      dirty: differs(0x40n, 0n),
      young: differs(0x2n, 0n),
      protNone: differs(0x800n, 0n),
    },
    modify: { drops: 0xb81n },
    user,
    citation: "See L_PTE_PRESENT in arch/arm/include/asm/pgtable-2level.h (as of Linux v6.12)",
  },
  {
    since: "4.0",
    when: ["CONFIG_ARM_LPAE"],
    fields: [
      free(63, 59),
      software(58, "L_PTE_RDONLY"),
      software(57, "L_PTE_NONE"),
      software(56, "L_PTE_SPECIAL"),
      software(55, "L_PTE_DIRTY"),
      mmu(54, 54, "L_PTE_XN"),
      mmu(53, 53, "PTE_EXT_PXN"),
      mmu(52, 52, "contiguous hint"),
      mmu(51, 40, "reserved"),
      pfn(39, 12),
      mmu(11, 11, "PTE_EXT_NG"),
      mmu(10, 10, "L_PTE_YOUNG"),
      mmu(9, 8, "L_PTE_SHARED"),
      mmu(7, 7, "PTE_AP2"),
      mmu(6, 6, "L_PTE_USER"),
      mmu(5, 5, "NS"),
      mmu(4, 2, "L_PTE_MT_MASK"),
      mmu(1, 0, "L_PTE_PRESENT"),
    ],
    reads: {
      write: equals(0x400_0000_0000_0000n, 0n),
      dirty: differs(0x80_0000_0000_0000n, 0n),
      young: differs(0x400n, 0n),
      special: differs(0x100_0000_0000_0000n, 0n),
      protNone: differs(0x200_0000_0000_0000n, 0n),
    },
    modify: { drops: 0x640_0000_0000_0041n },
    user: userLpae,
    uncertain: "that hardware ignores bits 63:59 is from the Arm manual, the kernel's headers do not say it",
    citation: "See L_PTE_PRESENT in arch/arm/include/asm/pgtable-3level.h (as of Linux v6.12)",
  },
];
