import type { PresentLayout } from "@ptekit/core";
import { differs, equals, mmu, pfn, presentSoftDirty, software } from "@ptekit/core";

/** Newest first. */
export const present: readonly PresentLayout[] = [
  {
    since: "4.4",
    fields: [
      pfn(63, 12),
      mmu(11, 11, "_PAGE_LARGE"),
      mmu(10, 10, "_PAGE_INVALID"),
      mmu(9, 9, "_PAGE_PROTECT"),
      mmu(8, 8, "_PAGE_NOEXEC"),
      software(7, "_PAGE_UNUSED"),
      software(6, "_PAGE_SPECIAL"),
      software(5, "_PAGE_WRITE"),
      software(4, "_PAGE_READ"),
      software(3, "_PAGE_DIRTY"),
      software(2, "_PAGE_YOUNG"),
      presentSoftDirty(1, "_PAGE_SOFT_DIRTY", "CONFIG_MEM_SOFT_DIRTY"),
      software(0, "_PAGE_PRESENT"),
    ],
    reads: {
      write: differs(0x20n, 0n),
      dirty: differs(0x8n, 0n),
      young: differs(0x4n, 0n),
      special: differs(0x40n, 0n),
      protNone: equals(0x11n, 0x1n),
    },
    modify: { keeps: 0x4en },
    maybe: [
      { high: 1, low: 1, condition: "without CONFIG_MEM_SOFT_DIRTY", when: ["CONFIG_MEM_SOFT_DIRTY"] },
      { high: 7, low: 7, condition: "no KVM guest uses the page: _PAGE_UNUSED is KVM's" },
    ],
    uncertain: "before v5.10 the header was not read; _PAGE_NOEXEC is from memory since v4.11",
    citation: "See _PAGE_CHG_MASK in arch/s390/include/asm/pgtable.h (as of Linux v5.10 and v7.3)",
  },
];
