import type { Layout } from "@ptekit/core";
import {
  differs,
  encodeOnly,
  equals,
  exclusive,
  spare,
  swpOffset,
  swpType,
  unmasked,
  zeros,
} from "@ptekit/core";

const NONE = equals(0xffff_ffff_ffff_ffffn, 0n);
const PRESENT = differs(0x1n, 0n);
const VALID = "pte_present() reads _PAGE_VALID";
const UNUSED = "the header asks for 0; nothing reads them in an entry that is not present";

/** Newest first. */
export const layouts: readonly Layout[] = [
  {
    id: "alpha 6.16",
    since: "6.16",
    pteBits: 64,
    // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
    // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
    // <------------------ offset -------------------> E <-- type --->
    //
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // X X X X X X X X X X X X X X X X X X X X X X X X X X X X X X X 0
    fields: [swpOffset(63, 40), exclusive(39), swpType(38, 32), spare(31, 1, UNUSED), zeros(0, 0, VALID)],
    present: PRESENT,
    none: NONE,
    note: "pte_swp_exclusive() returns bool: the exclusive bit is read again",
    citation: `Linux kernel commit 403d1338a4a5 ("mm: pgtable: fix pte_swp_exclusive") (in v6.16)`,
  },
  {
    id: "alpha 6.3",
    since: "6.3",
    pteBits: 64,
    // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
    // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
    // <------------------ offset -------------------> E <-- type --->
    //
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // X X X X X X X X X X X X X X X X X X X X X X X X X X X X X X X 0
    fields: [
      swpOffset(63, 40),
      encodeOnly(exclusive(39), "a bug: pte_swp_exclusive() returns int, which cuts bit 39 off"),
      swpType(38, 32),
      spare(31, 1, UNUSED),
      zeros(0, 0, VALID),
    ],
    present: PRESENT,
    none: NONE,
    exceptions: [
      {
        property: "flags leave type and offset alone",
        words: equals(0x80_0000_0000n, 0x80_0000_0000n),
        reason:
          "the exclusive bit is written and never read: pte_swp_exclusive() returns int, which cuts bit 39 off",
        citation:
          "See pte_swp_exclusive() in arch/alpha/include/asm/pgtable.h (as of Linux v6.12); mended in v6.16",
      },
    ],
    note: "a bug of this kernel: it writes its exclusive bit and never reads it (pte_swp_exclusive() returns int)",
    citation: `Linux kernel commit a172d5128706 ("alpha/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE") (in v6.3)`,
  },
  {
    id: "alpha 4.2",
    since: "4.2",
    pteBits: 64,
    // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
    // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
    // <------------------ offset -------------------> <--- type ---->
    //
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // X X X X X X X X X X X X X X X X X X X X X X X X X X X X X X X 0
    fields: [swpOffset(63, 40), unmasked(swpType(39, 32)), spare(31, 1, UNUSED), zeros(0, 0, VALID)],
    present: PRESENT,
    none: NONE,
    citation: "See mk_swap_pte() in arch/alpha/include/asm/pgtable.h (as of Linux v5.10 and v6.1)",
  },
];
