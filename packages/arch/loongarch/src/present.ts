import type { PresentField, PresentLayout } from "@ptekit/core";
import { differs, mmu, pfnAbove, software } from "@ptekit/core";

const BITS_H = "arch/loongarch/include/asm/pgtable-bits.h";
const wide = ["CONFIG_64BIT"];

const top: readonly PresentField[] = [
  mmu(63, 63, "_PAGE_RPLV"),
  mmu(62, 62, "_PAGE_NO_EXEC"),
  mmu(61, 61, "_PAGE_NO_READ"),
  software(60, "_PAGE_PRESENT_INVALID"),
];
const low: readonly PresentField[] = [
  pfnAbove(47, 12, mmu(12, 12, "address bits below the page")),
  software(11, "_PAGE_SPECIAL"),
  software(10, "_PAGE_PROTNONE"),
  software(9, "_PAGE_MODIFIED"),
  software(8, "_PAGE_WRITE"),
  software(7, "_PAGE_PRESENT"),
];
const tlb: readonly PresentField[] = [
  mmu(6, 6, "_PAGE_GLOBAL"),
  mmu(5, 4, "_CACHE_MASK"),
  mmu(3, 2, "_PAGE_PLV"),
  mmu(1, 1, "_PAGE_DIRTY"),
  mmu(0, 0, "_PAGE_VALID"),
];
const reserved = mmu(59, 48, "reserved");
const TLBELO = "reserved in TLBELO, and tlbex.S does not mask it: where the CPU ignores it all the same";

const reads = {
  write: differs(0x100n, 0n),
  dirty: differs(0x202n, 0n),
  young: differs(0x1n, 0n),
  special: differs(0x800n, 0n),
  protNone: differs(0x400n, 0n),
};
// _PAGE_MODIFIED | _PAGE_SPECIAL | _PFN_MASK | _CACHE_MASK | _PAGE_PLV: _PAGE_ACCESSED is not kept.
const keeps = 0xa3cn;

/** Newest first. */
export const present: readonly PresentLayout[] = [
  {
    since: "7.0",
    when: ["!CONFIG_64BIT"],
    fields: [
      software(31, "_PAGE_PRESENT_INVALID"),
      software(30, "_PAGE_MODIFIED"),
      software(29, "_PAGE_WRITE"),
      mmu(28, 28, "not named"),
      pfnAbove(27, 8, mmu(8, 8, "address bits below the page")),
      software(7, "_PAGE_PRESENT"),
      ...tlb,
    ],
    reads: {
      write: differs(0x2000_0000n, 0n),
      dirty: differs(0x4000_0002n, 0n),
      young: differs(0x1n, 0n),
    },
    modify: { keeps: 0x4000_003cn },
    maybe: [
      {
        high: 28,
        low: 28,
        condition: "the CPU ignores it: it lies above _PAGE_PFN_END_SHIFT, and no header names it",
      },
      { high: 31, low: 31, condition: "_PAGE_PRESENT_INVALID is written into PMDs alone" },
    ],
    protNoneNotPresent:
      "_PAGE_PROTNONE is 0 and PAGE_NONE lacks _PAGE_PRESENT: a page under PROT_NONE is taken for a swap entry",
    citation: `See _PAGE_PRESENT_INVALID_SHIFT in ${BITS_H} (as of Linux v7.3)`,
  },
  {
    since: "6.17",
    when: wide,
    fields: [...top, reserved, ...low, ...tlb],
    reads,
    modify: { keeps },
    maybe: [{ high: 59, low: 48, condition: TLBELO }],
    uncertain: "_PAGE_DEVMAP went between the headers of v6.12 and v7.2",
    citation: `See _PAGE_CHG_MASK in ${BITS_H} (as of Linux v7.3)`,
  },
  {
    since: "6.6",
    when: wide,
    fields: [...top, software(59, "_PAGE_DEVMAP"), mmu(58, 48, "reserved"), ...low, ...tlb],
    reads,
    modify: { keeps: keeps | (1n << 59n) },
    maybe: [{ high: 58, low: 48, condition: TLBELO }],
    uncertain: "_PAGE_DEVMAP came between the headers of v6.1 and v6.12",
    citation: `See _PAGE_DEVMAP in ${BITS_H} (as of Linux v6.12)`,
  },
  {
    since: "5.19",
    when: wide,
    fields: [...top, reserved, ...low, ...tlb],
    reads: { ...reads, dirty: differs(0x200n, 0n) },
    modify: { keeps },
    maybe: [{ high: 59, low: 48, condition: TLBELO }],
    citation: `See pte_dirty() in arch/loongarch/include/asm/pgtable.h (as of Linux v6.1)`,
  },
];
