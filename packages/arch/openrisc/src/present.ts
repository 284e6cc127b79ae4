import type { PresentLayout } from "@ptekit/core";
import { differs, equals, free, mmu, pfn, software } from "@ptekit/core";

/** Newest first. Pages have 8K. */
export const present: readonly PresentLayout[] = [
  {
    since: "4.4",
    fields: [
      pfn(31, 13),
      free(12, 12),
      software(11, "_PAGE_SHARED"),
      software(10, "_PAGE_EXEC"),
      mmu(9, 9, "_PAGE_SWE"),
      mmu(8, 8, "_PAGE_SRE"),
      mmu(7, 7, "_PAGE_UWE"),
      mmu(6, 6, "_PAGE_URE"),
      mmu(5, 5, "_PAGE_DIRTY"),
      mmu(4, 4, "_PAGE_ACCESSED"),
      mmu(3, 3, "_PAGE_WOM"),
      free(2, 2, "_PAGE_WBC, which nothing sets and the TLB code masks"),
      mmu(1, 1, "_PAGE_CI"),
      software(0, "_PAGE_PRESENT"),
    ],
    reads: {
      write: differs(0x280n, 0n),
      dirty: differs(0x20n, 0n),
      young: differs(0x10n, 0n),
      protNone: equals(0x3c0n, 0n),
    },
    modify: { keeps: 0x30n },
    uncertain: "before v5.10 the header was not read",
    citation:
      "See DTLB_UP_CONVERT_MASK in arch/openrisc/kernel/head.S and _PAGE_CHG_MASK in arch/openrisc/include/asm/pgtable.h (as of Linux v7.3)",
  },
];
