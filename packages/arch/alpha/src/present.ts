import type { PresentLayout } from "@ptekit/core";
import { differs, equals, free, mmu, pfn, software } from "@ptekit/core";

/** Newest first. PALcode reads the low half; bits 31:16 are software's. */
export const present: readonly PresentLayout[] = [
  {
    since: "4.4",
    fields: [
      pfn(63, 32),
      free(31, 19),
      software(18, "_PAGE_ACCESSED"),
      software(17, "_PAGE_DIRTY"),
      free(16, 16),
      mmu(15, 14, "reserved"),
      mmu(13, 13, "_PAGE_UWE"),
      mmu(12, 12, "_PAGE_KWE"),
      mmu(11, 10, "reserved"),
      mmu(9, 9, "_PAGE_URE"),
      mmu(8, 8, "_PAGE_KRE"),
      mmu(7, 7, "reserved"),
      mmu(6, 5, "granularity hint"),
      mmu(4, 4, "_PAGE_ASM"),
      mmu(3, 3, "_PAGE_FOE"),
      mmu(2, 2, "_PAGE_FOW"),
      mmu(1, 1, "_PAGE_FOR"),
      mmu(0, 0, "_PAGE_VALID"),
    ],
    reads: {
      write: equals(0x4n, 0n),
      dirty: differs(0x2_0000n, 0n),
      young: differs(0x4_0000n, 0n),
      protNone: equals(0xen, 0xen),
    },
    // _PFN_MASK | __DIRTY_BITS | __ACCESS_BITS
    modify: { keeps: 0x6_3300n },
    uncertain:
      "that PALcode leaves bits 31:16 to software is from the Alpha manual; before v5.10 the header was not read",
    citation: "See _PAGE_CHG_MASK in arch/alpha/include/asm/pgtable.h (as of Linux v5.10 and v7.3)",
  },
];
