import type { PresentLayout } from "@ptekit/core";
import { differs, equals, free, mmu, pfnAbove, software } from "@ptekit/core";

/** Newest first. The virtual machine reads bits 11:4; bits 3:0 are the four "soft" ones. */
export const present: readonly PresentLayout[] = [
  {
    since: "4.4",
    fields: [
      pfnAbove(31, 12),
      mmu(11, 11, "__HVM_PTE_X"),
      mmu(10, 10, "__HVM_PTE_W"),
      mmu(9, 9, "__HVM_PTE_R"),
      mmu(8, 6, "__HVM_PTE_C"),
      mmu(5, 5, "__HVM_PTE_U"),
      mmu(4, 4, "__HVM_PTE_T"),
      free(3, 3),
      software(2, "_PAGE_ACCESSED"),
      software(1, "_PAGE_DIRTY"),
      software(0, "_PAGE_PRESENT"),
    ],
    reads: {
      write: differs(0x400n, 0n),
      dirty: differs(0x2n, 0n),
      young: differs(0x4n, 0n),
      protNone: equals(0xe00n, 0n),
    },
    // pte_modify() keeps PAGE_MASK alone: young and dirty are lost too.
    modify: { keeps: 0n },
    note: "pte_modify() keeps the PFN alone, not even young and dirty",
    citation: "See pte_modify() in arch/hexagon/include/asm/pgtable.h (as of Linux v5.10 and v7.3)",
  },
];
