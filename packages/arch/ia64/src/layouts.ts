import type { Layout } from "@ptekit/core";
import { differs, equals, exclusive, swpOffset, swpType, unmasked, zeros } from "@ptekit/core";

const PRESENT = differs(0x8000_0000_0000_0001n, 0n);
const NONE = equals(0xffff_ffff_ffff_ffffn, 0n);
const P = "pte_present() reads _PAGE_P";
const PROT_NONE = "pte_present() reads _PAGE_PROTNONE; an offset that is too wide leaks into it";

/** Newest first. */
export const layouts: readonly Layout[] = [
  {
    id: "ia64 6.3",
    since: "6.3",
    pteBits: 64,
    // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
    // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
    // 0 <------------------------- offset ---------------------------
    //
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------------- offset -------------------> E <- type --> 0
    fields: [
      zeros(63, 63, PROT_NONE),
      unmasked(swpOffset(62, 8)),
      exclusive(7),
      swpType(6, 1),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: NONE,
    citation: `Linux kernel commit 3151cc26565e ("ia64/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE") (in v6.3); read in the patch, not executed`,
  },
  {
    id: "ia64 4.0",
    since: "4.0",
    pteBits: 64,
    // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
    // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
    // 0 <------------------------- offset ---------------------------
    //
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------------- offset -------------------> <-- type ---> 0
    fields: [zeros(63, 63, PROT_NONE), unmasked(swpOffset(62, 8)), unmasked(swpType(7, 1)), zeros(0, 0, P)],
    present: PRESENT,
    none: NONE,
    citation:
      "See __swp_entry() in arch/ia64/include/asm/pgtable.h (as of Linux v4.4, v5.10 and v6.1); read, not executed",
  },
];
