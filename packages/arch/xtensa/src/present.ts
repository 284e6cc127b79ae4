import type { PresentLayout } from "@ptekit/core";
import { differs, equals, free, mmu, pfn, software } from "@ptekit/core";

/** Newest first. Of the software field bits 11:6 the header draws three as zeros. */
export const present: readonly PresentLayout[] = [
  {
    since: "4.4",
    fields: [
      pfn(31, 12),
      free(11, 9),
      software(8, "_PAGE_ACCESSED"),
      software(7, "_PAGE_DIRTY"),
      software(6, "_PAGE_WRITABLE"),
      mmu(5, 5, "ring, upper bit"),
      mmu(4, 4, "_PAGE_USER"),
      mmu(3, 2, "_PAGE_CA_MASK"),
      mmu(1, 1, "_PAGE_HW_WRITE"),
      mmu(0, 0, "_PAGE_HW_EXEC"),
    ],
    reads: {
      write: differs(0x40n, 0n),
      dirty: differs(0x80n, 0n),
      young: differs(0x100n, 0n),
      protNone: equals(0xfn, 0xfn),
    },
    modify: { keeps: 0x180n },
    uncertain: "before v5.10 the header was not read",
    note: "of the MMUs since hardware version 2000; an older one has _PAGE_NONE as 4",
    citation: "See _PAGE_NONE in arch/xtensa/include/asm/pgtable.h (as of Linux v5.10 and v7.3)",
  },
];
