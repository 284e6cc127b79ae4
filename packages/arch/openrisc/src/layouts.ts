import type { Layout } from "@ptekit/core";
import { differs, equals, exclusive, spare, swpOffset, swpType, unmasked, zeros } from "@ptekit/core";

const PRESENT = "pte_present() reads _PAGE_PRESENT";
const UNUSED = "the header asks for 0; nothing reads them in an entry that is not present";

/** Newest first. */
export const layouts: readonly Layout[] = [
  {
    id: "openrisc 6.3",
    since: "6.3",
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <-------------- offset ---------------> E <- type --> X X X X 0
    fields: [swpOffset(31, 12), exclusive(11), swpType(10, 5), spare(4, 1, UNUSED), zeros(0, 0, PRESENT)],
    present: differs(0x1n, 0n),
    none: equals(0xffff_ffffn, 0n),
    citation: `Linux kernel commit 5ae3e74474f8 ("openrisc/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE") (in v6.3)`,
  },
  {
    id: "openrisc 4.2",
    since: "4.2",
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <-------------- offset ---------------> <-- type ---> X X X X 0
    fields: [swpOffset(31, 12), unmasked(swpType(11, 5)), spare(4, 1), zeros(0, 0, PRESENT)],
    present: differs(0x1n, 0n),
    none: equals(0xffff_ffffn, 0n),
    citation: "See __swp_entry() in arch/openrisc/include/asm/pgtable.h (as of Linux v5.10 and v6.1)",
  },
];
