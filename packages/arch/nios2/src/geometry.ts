import type { Geometry } from "@ptekit/core";
import { bits, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

/**
 * Tables are the kernel's own, named by its virtual addresses: physical are they without
 * CONFIG_NIOS2_KERNEL_REGION_BASE. Empty entries lead to invalid_pte_table, which holds nothing.
 */
export const geometry: readonly Geometry[] = [
  {
    since: "4.4",
    levels: levels(12, [10, 10], {
      bytes: 4,
      none: equals(0xffff_ffffn, 0n),
      table: equals(0n, 0n),
      address: [bits(31, 12)],
      linear: 0xc000_0000n,
    }),
    root: { align: 4096, userEntries: 512 },
    uncertain: READ_FROM_HEADERS,
    citation:
      "See PGDIR_SHIFT and pmd_page_vaddr() in arch/nios2/include/asm/pgtable.h (as of Linux v5.10, v6.12 and v7.3)",
  },
];
