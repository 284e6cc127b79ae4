import type { Layout } from "@ptekit/core";
import { differs, equals, exclusive, spare, swpOffset, swpType, unmasked, zeros } from "@ptekit/core";

const PRESENT = "pte_present() reads _PAGE_PROTNONE (bit 9) and _PAGE_PRESENT (bit 8)";
const UNUSED = "the header asks for 0; nothing reads them in an entry that is not present";
const SINCE_63 = `Linux kernel commit cca10df10293 ("sh/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE") (in v6.3)`;
const BEFORE = "See __swp_entry() in arch/sh/include/asm/pgtable_32.h (as of Linux v5.10 and v6.1)";

/** A pair of words, the low one first; the high one is the arch's swap entry. */
const x2tlb: Pick<Layout, "when" | "pteBits" | "longBits" | "lowWordFirst" | "present" | "none"> = {
  when: ["CONFIG_X2TLB", "!CONFIG_SUPERH64"],
  pteBits: 64,
  longBits: 32,
  lowWordFirst: true,
  present: differs(0x300n, 0n),
  none: equals(0xffff_ffff_ffff_ffffn, 0n),
};

/** The PTE is the arch's swap entry, shifted left by 1. */
const classic: Pick<Layout, "when" | "pteBits" | "present" | "none"> = {
  when: ["!CONFIG_X2TLB", "!CONFIG_SUPERH64"],
  pteBits: 32,
  present: differs(0x300n, 0n),
  none: equals(0xffff_ffffn, 0n),
};

/** Newest first. */
export const layouts: readonly Layout[] = [
  {
    id: "sh 6.3",
    since: "6.3",
    ...classic,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <--------------- offset ----------------> X 0 0 X E < type -> X
    fields: [
      swpOffset(31, 11),
      spare(10, 10, UNUSED),
      zeros(9, 8, PRESENT),
      spare(7, 7, UNUSED),
      exclusive(6),
      swpType(5, 1),
      spare(0, 0, UNUSED),
    ],
    citation: SINCE_63,
  },
  {
    id: "sh 6.3 X2TLB",
    since: "6.3",
    ...x2tlb,
    // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
    // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
    // <--------------------- offset ----------------------> < type ->
    //
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // X X X X X X X X X X X X X X X X X X X X X X 0 0 X E X X X X X X
    fields: [
      swpOffset(63, 37),
      swpType(36, 32),
      spare(31, 10, UNUSED),
      zeros(9, 8, PRESENT),
      spare(7, 7, UNUSED),
      exclusive(6),
      spare(5, 0, UNUSED),
    ],
    note: "the field holds 27 bits of offset, swp_entry_t 26",
    citation: SINCE_63,
  },
  {
    id: "sh 4.2",
    since: "4.2",
    ...classic,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <--------------- offset ----------------> X 0 <--- type ----> X
    fields: [
      swpOffset(31, 11),
      spare(10, 10),
      zeros(9, 9, "pte_present() reads _PAGE_PROTNONE"),
      unmasked(swpType(8, 1)),
      spare(0, 0),
    ],
    note: "bit 7 of the type would be _PAGE_PRESENT; a swp_entry_t has six bits of type, the kernel uses five",
    citation: BEFORE,
  },
  {
    id: "sh 4.2 X2TLB",
    since: "4.2",
    ...x2tlb,
    // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
    // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
    // <--------------------- offset ----------------------> < type ->
    //
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // X X X X X X X X X X X X X X X X X X X X X X 0 0 X X X X X X X X
    fields: [swpOffset(63, 37), unmasked(swpType(36, 32)), spare(31, 10), zeros(9, 8, PRESENT), spare(7, 0)],
    note: "the field holds 27 bits of offset, swp_entry_t 26",
    citation: `${BEFORE}; read, not executed`,
  },
];
