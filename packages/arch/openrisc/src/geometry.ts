import type { Geometry } from "@ptekit/core";
import { bits, equals, levels } from "@ptekit/core";

/** Held against a running kernel: 7.2. */
export const geometry: readonly Geometry[] = [
  {
    since: "4.4",
    levels: levels(13, [8, 11], {
      bytes: 4,
      none: equals(0xffff_ffffn, 0n),
      table: equals(0x1n, 0x1n),
      address: [bits(31, 13)],
    }),
    root: { align: 8192, userEntries: 128 },
    citation:
      "See PGDIR_SHIFT and pmd_present() in arch/openrisc/include/asm/pgtable.h (as of Linux v5.10, v6.12 and v7.3)",
  },
];
