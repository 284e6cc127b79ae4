import type { PresentLayout } from "@ptekit/core";
import { differs, equals, free, mmu, pfn, software } from "@ptekit/core";

/** Newest first. The header counts from the highest bit: its bits 20 and 26 are 11 and 5 here. */
export const present: readonly PresentLayout[] = [
  {
    since: "4.4",
    fields: [
      pfn(31, 12),
      free(11, 11),
      software(10, "_PAGE_ACCESSED"),
      mmu(9, 9, "_PAGE_HWEXEC"),
      mmu(8, 8, "_PAGE_HWWRITE"),
      software(7, "_PAGE_DIRTY"),
      software(6, "_PAGE_RW"),
      free(5, 5),
      mmu(4, 4, "_PAGE_USER"),
      mmu(3, 3, "_PAGE_WRITETHRU"),
      mmu(2, 2, "_PAGE_NO_CACHE"),
      software(1, "_PAGE_PRESENT"),
      mmu(0, 0, "_PAGE_GUARDED"),
    ],
    reads: {
      write: differs(0x40n, 0n),
      dirty: differs(0x80n, 0n),
      young: differs(0x400n, 0n),
      protNone: equals(0x10n, 0n),
    },
    modify: { keeps: 0x480n },
    uncertain: "before v5.10 the header was not read",
    citation:
      "See _PAGE_CHG_MASK in arch/microblaze/include/asm/pgtable.h and arch/microblaze/kernel/hw_exception_handler.S (as of Linux v7.3)",
  },
];
