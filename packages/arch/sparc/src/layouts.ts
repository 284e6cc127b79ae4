import type { Field, Layout } from "@ptekit/core";
import { differs, equals, exclusive, spare, swpOffset, swpType, unmasked, zeros } from "@ptekit/core";

const ZERO = "the header draws it as 0";
const PGTABLE_64 = "arch/sparc/include/asm/pgtable_64.h";
const PGTSRMMU = "arch/sparc/include/asm/pgtsrmmu.h";
const ET = zeros(1, 0, "SRMMU_ET_MASK, the entry's type: hardware and pte_present() read it, 0 is invalid");

/** Bits 12 to 0 of a 64-bit entry, which the header calls zeroes. One kernel runs on both machines. */
const low13: readonly Field[] = [
  spare(12, 8, ZERO),
  zeros(7, 7, "pte_present() reads _PAGE_PRESENT_4U on sun4u"),
  spare(6, 5, ZERO),
  zeros(4, 4, "pte_present() reads _PAGE_PRESENT_4V on sun4v"),
  spare(3, 0, ZERO),
];

/** Where _PAGE_PRESENT is: pte_present() is patched at boot. */
const machines = [
  { machine: "sun4u", present: differs(0x80n, 0n) },
  { machine: "sun4v", present: differs(0x10n, 0n) },
];

/** The layouts of a release; `type` are its bits 20 to 13. */
const both = (since: string, type: readonly Field[], citation: string): Layout[] =>
  machines.map(({ machine, present }) => ({
    id: `sparc ${since} ${machine}`,
    since,
    when: ["CONFIG_SPARC64", machine],
    pteBits: 64,
    fields: [swpOffset(63, 21), ...type, ...low13],
    present,
    none: equals(0xffff_ffff_ffff_ffffn, 0n),
    note: "bit 63, the offset's highest, is _PAGE_VALID, which the TLB miss handlers read: swap files of 2^42 pages would reach it",
    citation,
  }));

/** Newest first within each family. */
export const layouts: readonly Layout[] = [
  // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
  // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
  // ------ offset ------> E <-- type ---> X X X X X 0 X X 0 X X X X
  ...both(
    "6.3",
    [exclusive(20), swpType(19, 13)],
    `See _PAGE_SWP_EXCLUSIVE in ${PGTABLE_64} (as of Linux v6.12)`,
  ),
  // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
  // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
  // ------ offset ------> <--- type ----> X X X X X 0 X X 0 X X X X
  ...both("4.2", [unmasked(swpType(20, 13))], `See __swp_entry() in ${PGTABLE_64} (as of Linux v5.10)`),
  {
    id: "sparc 6.3 32-bit",
    since: "6.3",
    when: ["!CONFIG_SPARC64"],
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <-------------- offset ---------------> < type -> E X X X X 0 0
    fields: [swpOffset(31, 12), swpType(11, 7), exclusive(6), spare(5, 2, ZERO), ET],
    present: equals(0x3n, 0x2n),
    none: equals(0xffff_ffffn, 0n),
    citation: `See SRMMU_SWP_EXCLUSIVE in ${PGTSRMMU} (as of Linux v6.12)`,
  },
  {
    id: "sparc 4.2 32-bit",
    since: "4.2",
    when: ["!CONFIG_SPARC64"],
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <-------------- offset ---------------> < type -> X X X X X 0 0
    fields: [swpOffset(31, 12), swpType(11, 7), spare(6, 2), ET],
    present: equals(0x3n, 0x2n),
    none: equals(0xffff_ffffn, 0n),
    citation: `See SRMMU_SWP_TYPE_MASK in ${PGTSRMMU} (as of Linux v5.10)`,
  },
];
