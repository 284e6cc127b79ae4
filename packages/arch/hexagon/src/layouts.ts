import type { Layout } from "@ptekit/core";
import { differs, equals, exclusive, swpOffset, swpType, unmasked, zeros } from "@ptekit/core";

const PRESENT = "pte_present() reads _PAGE_PRESENT";
const PERMISSIONS =
  "write, execute and their neighbour: the virtual machine's TLB fill does not test _PAGE_PRESENT and reads the permissions instead";
const READ =
  "bit 9, which the offset holds, is __HVM_PTE_R: the header takes the permissions to be bits 12:10, the virtual machine's are 11:9";

/** Newest first. */
export const layouts: readonly Layout[] = [
  {
    id: "hexagon 6.3",
    since: "6.3",
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <------------- offset --------------> 0 0 0 o o o E < type -> 0
    fields: [
      swpOffset(31, 13, 3),
      zeros(12, 10, PERMISSIONS),
      swpOffset(9, 7),
      exclusive(6),
      swpType(5, 1),
      zeros(0, 0, PRESENT),
    ],
    present: differs(0x1n, 0n),
    none: equals(0xffff_ffffn, 0n),
    note: READ,
    citation: `Linux kernel commit 61f4a896e62d ("hexagon/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE") (in v6.3)`,
  },
  {
    id: "hexagon 4.2",
    since: "4.2",
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <------------- offset --------------> 0 0 0 o o o o < type -> 0
    fields: [
      swpOffset(31, 13, 4),
      zeros(12, 10, PERMISSIONS),
      swpOffset(9, 6),
      unmasked(swpType(5, 1)),
      zeros(0, 0, PRESENT),
    ],
    present: differs(0x1n, 0n),
    none: equals(0xffff_ffffn, 0n),
    note: READ,
    citation:
      "See __swp_entry() in arch/hexagon/include/asm/pgtable.h (as of Linux v5.10 and v6.1); read, not executed",
  },
];
