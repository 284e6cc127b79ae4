import type { Geometry, UpperEntry } from "@ptekit/core";
import { bits, differs, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

/**
 * Tables are the kernel's own, named by addresses from 0x80000000 on, which nothing translates: they are physical. Of
 * ARCv2 an entry with _PAGE_HW_SZ (bit 10) is a huge page; a table's has no bit below the page's.
 */
const entry = (pageShift: number): UpperEntry => ({
  bytes: 4,
  none: equals(0xffff_ffffn, 0n),
  table: equals(0x400n, 0n),
  leaf: differs(0x400n, 0n),
  address: [bits(31, pageShift)],
});

/** PGDIR_SHIFT is chosen at will, unless huge pages peg it (then CONFIG_ARC_HUGEPAGE_16M: 24; 2M as without). */
const row = (since: string, page: string, pageShift: number, pgdirShift: number): Geometry => ({
  since,
  when: [`CONFIG_ARC_PAGE_SIZE_${page}`],
  levels: levels(pageShift, [32 - pgdirShift, pgdirShift - pageShift], entry(pageShift)),
  // TASK_SIZE is 0x60000000.
  root: { align: 4096, userEntries: 0x6000_0000 / 2 ** pgdirShift },
  uncertain: `${READ_FROM_HEADERS}; CONFIG_ARC_HUGEPAGE_16M and more than two levels are not told`,
  citation:
    "See PGDIR_SHIFT in arch/arc/include/asm/pgtable-levels.h (as of Linux v6.1, v6.12 and v7.3) and PGDIR_SHIFT in arch/arc/include/asm/pgtable.h (as of Linux v5.10)",
});

export const geometry: readonly Geometry[] = [
  row("4.4", "16K", 14, 21),
  row("5.15", "4K", 12, 22),
  row("4.4", "4K", 12, 21),
  row("4.4", "8K", 13, 21),
];
