import type { Geometry } from "@ptekit/core";
import { bits, equals, levels } from "@ptekit/core";

/**
 * The last entry of a root leads back to it: by that the PALcode finds a PTE at a virtual address. It stands in the
 * kernel's part. Held against a running kernel: 7.2.
 */
export const geometry: readonly Geometry[] = [
  {
    since: "4.4",
    levels: levels(13, [10, 10, 10], {
      bytes: 8,
      none: equals(0xffff_ffff_ffff_ffffn, 0n),
      table: equals(0x1n, 0x1n),
      address: [bits(63, 32, 13)],
    }),
    signExtended: true,
    root: { align: 8192, userEntries: 512 },
    citation:
      "See PGDIR_SHIFT and pmd_page_vaddr() in arch/alpha/include/asm/pgtable.h (as of Linux v5.10, v6.12 and v7.3)",
  },
];
