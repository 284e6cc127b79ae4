import type { PresentLayout } from "@ptekit/core";
import { differs, equals, mmu, pfnAbove } from "@ptekit/core";

/** Newest first. Hardware reads all of bits 11:0. */
export const present: readonly PresentLayout[] = [
  {
    since: "4.19",
    fields: [
      pfnAbove(31, 12),
      mmu(11, 11, "_PAGE_L"),
      mmu(10, 8, "_PAGE_C_MASK"),
      mmu(7, 7, "_PAGE_G"),
      mmu(6, 6, "_PAGE_A"),
      mmu(5, 5, "_PAGE_E"),
      mmu(4, 4, "_PAGE_D"),
      mmu(3, 1, "_PAGE_M_MASK"),
      mmu(0, 0, "_PAGE_V"),
    ],
    reads: {
      write: equals(0xen, 0x6n),
      dirty: differs(0x10n, 0n),
      // _PAGE_YOUNG is 0: no page is ever young.
      young: differs(0n, 0n),
      protNone: equals(0xen, 0xen),
    },
    modify: { drops: 0xfffn },
    citation: "See PAGE_NONE in arch/nds32/include/asm/pgtable.h (as of Linux v5.10)",
  },
];
