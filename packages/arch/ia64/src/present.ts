import type { PresentLayout } from "@ptekit/core";
import { differs, equals, free, mmu, pfnAbove, software } from "@ptekit/core";

/** Newest first. The CPU ignores bits 63:53. */
export const present: readonly PresentLayout[] = [
  {
    since: "4.4",
    fields: [
      software(63, "_PAGE_PROTNONE"),
      free(62, 53),
      mmu(52, 52, "_PAGE_ED"),
      mmu(51, 50, "reserved"),
      pfnAbove(49, 12),
      mmu(11, 9, "_PAGE_AR_MASK"),
      mmu(8, 7, "_PAGE_PL_MASK"),
      mmu(6, 6, "_PAGE_D"),
      mmu(5, 5, "_PAGE_A"),
      mmu(4, 2, "_PAGE_MA_MASK"),
      mmu(1, 1, "reserved"),
      mmu(0, 0, "_PAGE_P"),
    ],
    reads: {
      // Access rights 2 to 6: RW, RWX, R/RW, RX/RWX, RWX/RW.
      write: [...equals(0x600n, 0x400n), ...equals(0xc00n, 0x400n), ...equals(0xc00n, 0x800n)],
      dirty: differs(0x40n, 0n),
      young: differs(0x20n, 0n),
      protNone: equals(0x8000_0000_0000_0001n, 0x8000_0000_0000_0000n),
    },
    // Its _PAGE_CHG_MASK is what pte_modify() replaces.
    modify: { drops: 0x8010_0000_0000_0f81n },
    uncertain:
      "that the CPU ignores bits 63:53 is from the Itanium manual, the kernel's headers do not say it",
    citation: "See _PAGE_CHG_MASK in arch/ia64/include/asm/pgtable.h (as of Linux v5.10 and v6.1)",
  },
];
