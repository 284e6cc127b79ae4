import type { Field, HugetlbLayout } from "@ptekit/core";
import { differs, equals, ones, spare, swpOffset, swpType, zeros } from "@ptekit/core";

const ALL = 0xffff_ffff_ffff_ffffn;
const HUGETLB_C = "arch/s390/mm/hugetlbpage.c (as of Linux v7.2)";

/** A segment or region-third table entry: the PTE's type and offset in other places, and no flag at all. */
const fields = (table: readonly Field[]): Field[] => [
  swpOffset(63, 12),
  spare(11, 11, "the header's X"),
  swpType(10, 6),
  ones(
    5,
    4,
    "_RST_ENTRY_INVALID, which hardware reads, and _RST_ENTRY_COMM: together they mark a swap entry",
  ),
  ...table,
  spare(1, 1, "soft-dirty of a THP migration entry: __pte_to_rste() carries no flag over"),
  zeros(0, 0, "pmd_present() and pud_present() read it"),
];

const uncertain =
  "between the headers of v6.12 and v6.14; before, a hugetlbfs page had no entry that is not present";

/** Newest first. */
export const hugetlb: readonly HugetlbLayout[] = [
  {
    levels: ["pmd"],
    since: "6.14",
    when: [],
    fields: fields([zeros(3, 2, "the table type: 0 is a segment table")]),
    empty: 0x20n,
    present: differs(0x1n, 0n),
    none: equals(ALL, 0x20n),
    note: `markers alone; ${uncertain}`,
    citation: `See __pte_to_rste() in ${HUGETLB_C}`,
  },
  {
    levels: ["pud"],
    since: "6.14",
    when: [],
    fields: fields([
      zeros(3, 3, "the table type: 1 is a region-third table"),
      ones(2, 2, "the table type: 1 is a region-third table"),
    ]),
    empty: 0x24n,
    present: differs(0x1n, 0n),
    none: equals(ALL, 0x24n),
    note: `markers alone; ${uncertain}`,
    citation: `See __set_huge_pte_at() in ${HUGETLB_C}`,
  },
];
