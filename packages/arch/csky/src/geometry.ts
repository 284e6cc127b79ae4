import type { Geometry } from "@ptekit/core";
import { bits, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

/** An entry is a physical address; empty ones lead to invalid_pte_table, which holds nothing. */
export const geometry: readonly Geometry[] = [
  {
    since: "4.20",
    levels: levels(12, [10, 10], {
      bytes: 4,
      none: equals(0xffff_ffffn, 0n),
      table: equals(0n, 0n),
      address: [bits(31, 12)],
    }),
    root: { align: 4096, userEntries: 512 },
    uncertain: READ_FROM_HEADERS,
    citation:
      "See PGDIR_SHIFT and pmd_page_vaddr() in arch/csky/include/asm/pgtable.h (as of Linux v5.10, v6.12 and v7.3)",
  },
];
