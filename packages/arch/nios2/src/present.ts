import type { PresentLayout } from "@ptekit/core";
import { differs, equals, free, mmu, pfn, software } from "@ptekit/core";

/** Newest first. */
export const present: readonly PresentLayout[] = [
  {
    since: "4.4",
    fields: [
      free(31, 28),
      software(27, "_PAGE_DIRTY"),
      software(26, "_PAGE_ACCESSED"),
      software(25, "_PAGE_PRESENT"),
      mmu(24, 24, "_PAGE_CACHED"),
      mmu(23, 23, "_PAGE_READ"),
      mmu(22, 22, "_PAGE_WRITE"),
      mmu(21, 21, "_PAGE_EXEC"),
      mmu(20, 20, "_PAGE_GLOBAL"),
      pfn(19, 0),
    ],
    reads: {
      write: differs(0x40_0000n, 0n),
      dirty: differs(0x800_0000n, 0n),
      young: differs(0x400_0000n, 0n),
      protNone: equals(0xe0_0000n, 0n),
    },
    modify: { drops: 0xe0_0000n },
    uncertain: "before v5.10 the header was not read",
    citation:
      "See _PAGE_GLOBAL in arch/nios2/include/asm/pgtable-bits.h and pte_modify() in arch/nios2/include/asm/pgtable.h (as of Linux v7.3)",
  },
];
