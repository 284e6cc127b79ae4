import type { PresentField, PresentLayout } from "@ptekit/core";
import { differs, equals, mmu, pfn, software } from "@ptekit/core";

const ABIV1 = ["CONFIG_CPU_CK610"];
const ABIV2 = ["!CONFIG_CPU_CK610"];
const at = (abi: string, release: string): string =>
  `See _PAGE_PROT_NONE in arch/csky/${abi}/inc/abi/pgtable-bits.h (as of Linux v${release})`;

const abiv1: readonly PresentField[] = [
  pfn(31, 12),
  mmu(11, 9, "_CACHE_MASK"),
  mmu(8, 8, "_PAGE_DIRTY"),
  mmu(7, 7, "_PAGE_VALID"),
  mmu(6, 6, "_PAGE_GLOBAL"),
  mmu(5, 5, "not named"),
  software(4, "_PAGE_MODIFIED"),
  software(3, "_PAGE_ACCESSED"),
  software(2, "_PAGE_WRITE"),
  software(1, "_PAGE_READ"),
  software(0, "_PAGE_PRESENT"),
];

const abiv2: readonly PresentField[] = [
  pfn(31, 12),
  software(11, "_PAGE_MODIFIED"),
  software(10, "_PAGE_PRESENT"),
  software(9, "_PAGE_WRITE"),
  software(8, "_PAGE_READ"),
  software(7, "_PAGE_ACCESSED"),
  mmu(6, 6, "_PAGE_BUF"),
  mmu(5, 5, "_PAGE_SO"),
  mmu(4, 4, "not named"),
  mmu(3, 3, "_PAGE_CACHE"),
  mmu(2, 2, "_PAGE_DIRTY"),
  mmu(1, 1, "_PAGE_VALID"),
  mmu(0, 0, "_PAGE_GLOBAL"),
];

const readsV1 = { write: differs(0x4n, 0n), dirty: differs(0x10n, 0n), young: differs(0x8n, 0n) } as const;
const readsV2 = {
  write: differs(0x200n, 0n),
  dirty: differs(0x800n, 0n),
  young: differs(0x80n, 0n),
} as const;

const maybe = [{ high: 5, low: 5, condition: "the CPU ignores it: no header names it" }];
const NOT_PRESENT =
  "PAGE_NONE is _PAGE_PROT_NONE alone, which pte_present() does not read: a page under PROT_NONE is taken for a swap entry";

/** Newest first. */
export const present: readonly PresentLayout[] = [
  {
    since: "5.12",
    when: ABIV1,
    fields: abiv1,
    reads: readsV1,
    modify: { drops: 0xe47n },
    maybe,
    protNoneNotPresent: NOT_PRESENT,
    citation: at("abiv1", "7.3"),
  },
  {
    since: "5.12",
    when: ABIV2,
    fields: abiv2,
    reads: readsV2,
    modify: { drops: 0x709n },
    protNoneNotPresent: NOT_PRESENT,
    citation: at("abiv2", "7.3"),
  },
  {
    since: "5.0",
    when: ABIV1,
    fields: abiv1,
    reads: { ...readsV1, protNone: equals(0x6n, 0n) },
    modify: { keeps: 0xe18n },
    maybe,
    citation: "See PAGE_NONE in arch/csky/include/asm/pgtable.h (as of Linux v5.10)",
  },
  {
    since: "5.0",
    when: ABIV2,
    fields: abiv2,
    reads: { ...readsV2, protNone: equals(0x300n, 0n) },
    modify: { keeps: 0x888n },
    citation: "See PAGE_NONE in arch/csky/include/asm/pgtable.h (as of Linux v5.10)",
  },
];
