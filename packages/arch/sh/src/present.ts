import type { PresentField, PresentLayout } from "@ptekit/core";
import { differs, equals, free, mmu, pfnAbove, software } from "@ptekit/core";

const CITATION = "See _PAGE_CHG_MASK in arch/sh/include/asm/pgtable_32.h (as of Linux v5.10 and v7.3)";
const BEFORE = "before v5.10 the header was not read";

const upper: readonly PresentField[] = [
  pfnAbove(31, 12),
  software(11, "_PAGE_SPECIAL"),
  software(10, "_PAGE_ACCESSED"),
  software(9, "_PAGE_PROTNONE"),
  mmu(8, 8, "_PAGE_PRESENT"),
];
const lower: readonly PresentField[] = [
  mmu(3, 3, "_PAGE_CACHABLE"),
  mmu(2, 2, "_PAGE_DIRTY"),
  mmu(1, 1, "_PAGE_HW_SHARED"),
  mmu(0, 0, "_PAGE_WT"),
];
const reads = {
  dirty: differs(0x4n, 0n),
  young: differs(0x400n, 0n),
  special: differs(0x800n, 0n),
  protNone: equals(0x300n, 0x200n),
} as const;
const keeps = 0xc0cn;

/** Newest first. */
export const present: readonly PresentLayout[] = [
  {
    since: "4.4",
    when: ["!CONFIG_X2TLB", "!CONFIG_SUPERH64"],
    fields: [
      ...upper,
      mmu(7, 7, "_PAGE_SZ1"),
      mmu(6, 6, "_PAGE_USER"),
      mmu(5, 5, "_PAGE_RW"),
      mmu(4, 4, "_PAGE_SZ0"),
      ...lower,
    ],
    reads: { write: differs(0x20n, 0n), ...reads },
    modify: { keeps },
    maybe: [{ high: 31, low: 29, condition: "on parts with 29 address bits and without PTEA" }],
    uncertain: BEFORE,
    citation: CITATION,
  },
  {
    since: "4.4",
    when: ["CONFIG_X2TLB", "!CONFIG_SUPERH64"],
    fields: [
      free(63, 47, "the high word goes to PTEA, which ends below"),
      software(46, "_PAGE_WIRED"),
      mmu(45, 45, "_PAGE_EXT_KERN_READ"),
      mmu(44, 44, "_PAGE_EXT_KERN_WRITE"),
      mmu(43, 43, "_PAGE_EXT_KERN_EXEC"),
      mmu(42, 42, "_PAGE_EXT_USER_READ"),
      mmu(41, 41, "_PAGE_EXT_USER_WRITE"),
      mmu(40, 40, "_PAGE_EXT_USER_EXEC"),
      mmu(39, 36, "_PAGE_EXT_ESZ"),
      mmu(35, 32, "PTEA's space attributes"),
      ...upper,
      software(7, "_PAGE_SZ1"),
      software(6, "_PAGE_USER"),
      software(5, "_PAGE_RW"),
      software(4, "_PAGE_SZ0"),
      ...lower,
    ],
    reads: { write: differs(0x1200_0000_0000n, 0n), ...reads },
    // pte_modify() masks pte_low alone.
    modify: { keeps: keeps | 0xffff_ffff_0000_0000n },
    maybe: [
      {
        high: 7,
        low: 4,
        condition:
          "nothing writes them: _PAGE_FLAGS_HARDWARE_MASK drops them with X2TLB, the header still names them",
      },
    ],
    uncertain: BEFORE,
    citation: CITATION,
  },
];
