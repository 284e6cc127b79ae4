import type { Geometry } from "@ptekit/core";
import { bits, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

/**
 * Tables are the kernel's own, named by its virtual addresses: physical are they without XCHAL_KSEG_CACHED_VADDR, which
 * is 0xd0000000 with CONFIG_XTENSA_KSEG_MMU_V2, and above CONFIG_KSEG_PADDR.
 */
export const geometry: readonly Geometry[] = [
  {
    since: "4.4",
    levels: levels(12, [10, 10], {
      bytes: 4,
      none: equals(0xffff_ffffn, 0n),
      table: equals(0n, 0n),
      address: [bits(31, 12)],
      linear: 0xd000_0000n,
    }),
    root: { align: 4096, userEntries: 256 },
    uncertain: READ_FROM_HEADERS,
    citation:
      "See PGDIR_SHIFT and pmd_page_vaddr() in arch/xtensa/include/asm/pgtable.h (as of Linux v5.10, v6.12 and v7.3)",
  },
];
