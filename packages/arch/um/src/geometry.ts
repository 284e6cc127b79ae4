import type { Geometry, UpperEntry } from "@ptekit/core";
import { bits, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

// User-mode Linux has no MMU: the tables are its own, and an address is an offset in the file that is its memory.

/** pmd_none() ignores _PAGE_NEWPAGE (since 6.13 _PAGE_NEEDSYNC), bit 1. */
const wide: UpperEntry = {
  bytes: 8,
  none: equals(0xffff_ffff_ffff_fffdn, 0n),
  table: equals(0x1n, 0x1n),
  address: [bits(51, 12)],
};
const narrow: UpperEntry = { ...wide, bytes: 4, none: equals(0xffff_fffdn, 0n), address: [bits(31, 12)] };

const root: Geometry["root"] = { align: 4096 };

/** Held against a running kernel: 7.2, 64-bit. */
export const geometry: readonly Geometry[] = [
  {
    since: "6.13",
    when: ["CONFIG_64BIT"],
    levels: levels(12, [9, 9, 9, 9], wide),
    root,
    citation:
      "See PGDIR_SHIFT in arch/um/include/asm/pgtable-4level.h (as of Linux v7.2 and v7.3); v6.12 has three levels, v6.13 is from memory",
  },
  {
    since: "4.4",
    when: ["CONFIG_64BIT"],
    levels: levels(12, [9, 9, 9], wide),
    root,
    uncertain: READ_FROM_HEADERS,
    citation: "See PGDIR_SHIFT in arch/um/include/asm/pgtable-3level.h (as of Linux v5.10, v6.1 and v6.12)",
  },
  {
    since: "4.4",
    when: ["!CONFIG_64BIT"],
    levels: levels(12, [10, 10], narrow),
    root,
    uncertain: READ_FROM_HEADERS,
    citation: "See PGDIR_SHIFT in arch/um/include/asm/pgtable-2level.h (as of Linux v5.10, v6.12 and v7.3)",
  },
];
