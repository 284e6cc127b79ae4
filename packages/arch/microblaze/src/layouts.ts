import type { Layout } from "@ptekit/core";
import { differs, equals, exclusive, spare, swpOffset, swpType, unmasked, zeros } from "@ptekit/core";

const PRESENT = "pte_present() reads _PAGE_PRESENT";
const UNUSED =
  "_PAGE_GUARDED, which nothing reads in an entry that is not present; the header since v6.3 asks for 0";

/** Newest first. The PTE is the arch's swap entry, shifted left by 2. */
export const layouts: readonly Layout[] = [
  {
    id: "microblaze 6.3",
    since: "6.3",
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <------------------ offset -------------------> E < type -> 0 X
    fields: [swpOffset(31, 8), exclusive(7), swpType(6, 2), zeros(1, 1, PRESENT), spare(0, 0, UNUSED)],
    present: differs(0x2n, 0n),
    none: equals(0xffff_ffffn, 0n),
    note: "the header draws it with bit 0 on the left",
    citation: `Linux kernel commit b5c88f21531c ("microblaze/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE") (in v6.3)`,
  },
  {
    id: "microblaze 4.2",
    since: "4.2",
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <------------------ offset -------------------> <- type --> 0 X
    fields: [swpOffset(31, 8), unmasked(swpType(7, 2)), zeros(1, 1, PRESENT), spare(0, 0, UNUSED)],
    present: differs(0x2n, 0n),
    none: equals(0xffff_ffffn, 0n),
    citation:
      "See __swp_entry() in arch/microblaze/include/asm/pgtable.h (as of Linux v5.10 and v6.1); read, not executed",
  },
];
