import type { Layout } from "@ptekit/core";
import { differs, equals, spare, swpOffset, swpType, unmasked, zeros } from "@ptekit/core";

/** Newest first. */
export const layouts: readonly Layout[] = [
  {
    id: "nds32 4.17",
    since: "4.17",
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <----------------- offset ------------------> <-- type ---> X 0
    fields: [
      swpOffset(31, 9),
      unmasked(swpType(8, 2)),
      spare(1, 1, "_PAGE_FILE, which nothing has read since nonlinear file PTEs went in v4.0"),
      zeros(0, 0, "pte_present() reads _PAGE_V"),
    ],
    present: differs(0x1n, 0n),
    none: equals(0xffff_ffffn, 0n),
    citation: "See __swp_entry() in arch/nds32/include/asm/pgtable.h (as of Linux v4.17, v4.19 and v5.10)",
  },
];
