import type { Geometry } from "@ptekit/core";
import { bits, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

/**
 * Tables are the kernel's own, named by its virtual addresses: physical are they without CONFIG_KERNEL_START, and above
 * CONFIG_KERNEL_BASE_ADDR, which the board decides and the caller has to say.
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
    root: { align: 4096, userEntries: 768 },
    uncertain: READ_FROM_HEADERS,
    citation:
      "See PGDIR_SHIFT in arch/microblaze/include/asm/pgtable.h and pmd_populate() in arch/microblaze/include/asm/pgalloc.h (as of Linux v5.10, v6.12 and v7.3)",
  },
];
