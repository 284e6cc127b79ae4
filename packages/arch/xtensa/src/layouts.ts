import type { Layout } from "@ptekit/core";
import { differs, either, equals, exclusive, ones, swpOffset, swpType, unmasked, zeros } from "@ptekit/core";

const EMPTY = 0x1cn;
// The cache attribute 11 is invalid; with both bits below it set it is PAGE_NONE, which is present.
const PRESENT = either(differs(0xcn, 0xcn), equals(0xfn, 0xfn));
const NONE = equals(0xffff_ffffn, EMPTY);
const RING =
  "the upper bit of the ring: hardware reads it, and the ring must be the user's (01) even in an entry that is not present";
const USER = "_PAGE_USER, the lower bit of the ring";
const INVALID = "_PAGE_CA_INVALID, the cache attribute of an entry that is not present";
const OLD_HARDWARE =
  "hardware before version 2000 (T1050): PAGE_NONE is 0x4, and pte_present() reads bits 3:2 alone";

/** Newest first. A PTE of 0 is present. */
export const layouts: readonly Layout[] = [
  {
    id: "xtensa 6.3",
    since: "6.3",
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <--------------- offset ----------------> < type -> 0 1 1 1 E 0
    fields: [
      swpOffset(31, 11),
      swpType(10, 6),
      zeros(5, 5, RING),
      ones(4, 4, USER),
      ones(3, 2, INVALID),
      exclusive(1),
      zeros(0, 0, "pte_present() reads it: together with the exclusive bit it would make PAGE_NONE"),
    ],
    empty: EMPTY,
    present: PRESENT,
    none: NONE,
    note: OLD_HARDWARE,
    citation: `Linux kernel commit f5c3fe300c5b ("xtensa/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE") (in v6.3)`,
  },
  {
    id: "xtensa 4.2",
    since: "4.2",
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <--------------- offset ----------------> < type -> 0 1 1 1 0 0
    fields: [
      swpOffset(31, 11),
      unmasked(swpType(10, 6)),
      zeros(5, 5, RING),
      ones(4, 4, USER),
      ones(3, 2, INVALID),
      zeros(1, 0, "pte_present() reads them: both together would make PAGE_NONE"),
    ],
    empty: EMPTY,
    present: PRESENT,
    none: NONE,
    note: OLD_HARDWARE,
    citation:
      "See __swp_entry() in arch/xtensa/include/asm/pgtable.h (as of Linux v5.10 and v6.1); read, not executed",
  },
];
