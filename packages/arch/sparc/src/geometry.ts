import type { Geometry, UpperEntry } from "@ptekit/core";
import { bits, differs, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

const HUGE = 0x0100_0000_0000_0000n;

/** A table's entry is its physical address; a page's has _PAGE_PMD_HUGE, and the address where a PTE has it. */
const wide = (page: number): UpperEntry => ({
  bytes: 8,
  none: equals(0xffff_ffff_ffff_ffffn, 0n),
  table: equals(HUGE, 0n),
  leaf: differs(HUGE, 0n),
  address: [bits(52, 13)],
  page: [bits(page, 13)],
});

/** The SRMMU's: an entry type in bits 1:0, and the address divided by 16. */
const srmmu: UpperEntry = {
  bytes: 4,
  none: equals(0xffff_ffffn, 0n),
  table: equals(0x3n, 0x1n),
  leaf: differs(0x2n, 0n),
  address: [bits(31, 4, 8)],
  page: [bits(31, 8, 12)],
};

const CITATION_64 =
  "See PGDIR_SHIFT in arch/sparc/include/asm/pgtable_64.h (as of Linux v5.10, v6.12 and v7.3)";

/** Held against a running kernel: 7.2, sun4u. */
export const geometry: readonly Geometry[] = [
  {
    since: "4.2",
    when: ["CONFIG_SPARC64", "sun4v"],
    levels: levels(13, [10, 10, 10, 10], wide(55)),
    root: { align: 8192 },
    uncertain: READ_FROM_HEADERS,
    citation: CITATION_64,
  },
  {
    since: "4.2",
    when: ["CONFIG_SPARC64"],
    levels: levels(13, [10, 10, 10, 10], wide(42)),
    root: { align: 8192 },
    citation: CITATION_64,
  },
  {
    since: "4.2",
    when: ["!CONFIG_SPARC64"],
    levels: levels(12, [8, 6, 6], srmmu),
    root: { align: 1024, userEntries: 240 },
    uncertain: READ_FROM_HEADERS,
    citation:
      "See PGDIR_SHIFT in arch/sparc/include/asm/pgtable_32.h and SRMMU_ET_MASK in arch/sparc/include/asm/pgtsrmmu.h (as of Linux v5.10, v6.12 and v7.3)",
  },
];
