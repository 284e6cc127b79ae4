import type { Layout } from "@ptekit/core";
import { differs, equals, exclusive, spare, swpOffset, swpType, unmasked, zeros } from "@ptekit/core";

const PRESENT = "pte_present() reads _PAGE_PRESENT";
const WHEN =
  "field and flag moved between the headers of v6.2 and v6.5, in two steps: a report of a kernel between v6.2 and v6.3 fits neither";
const SINCE_63 = "See __swp_entry() in arch/parisc/include/asm/pgtable.h (as of Linux v6.12)";
const BEFORE = "See __swp_entry() in arch/parisc/include/asm/pgtable.h (as of Linux v5.10 and v6.1)";

const wide: Pick<Layout, "when" | "pteBits" | "present" | "none"> = {
  when: ["CONFIG_64BIT"],
  pteBits: 64,
  present: differs(0x200n, 0n),
  none: equals(0xffff_ffff_ffff_ffffn, 0n),
};
const narrow: Pick<Layout, "when" | "pteBits" | "present" | "none"> = {
  when: ["!CONFIG_64BIT"],
  pteBits: 32,
  present: differs(0x200n, 0n),
  none: equals(0xffff_ffffn, 0n),
};

// The header draws bit 0 on the left, as PA-RISC counts. With 64 bits the upper part of the offset goes on to bit 63.
// 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
// 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
// <----------------- offset ----------------> 0 E <ofs> < type ->
const fields63 = (top: 31 | 63): Layout["fields"] => [
  swpOffset(top, 10, 3),
  zeros(9, 9, PRESENT),
  exclusive(8),
  swpOffset(7, 5),
  swpType(4, 0),
];

// 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
// 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
// <---------------- offset ---------------> X 0 <ofs> X < type ->
const fields44 = (top: 31 | 63): Layout["fields"] => [
  swpOffset(top, 11, 3),
  spare(10, 10),
  zeros(9, 9, PRESENT),
  swpOffset(8, 6),
  spare(5, 5),
  unmasked(swpType(4, 0)),
];

/** Newest first. */
export const layouts: readonly Layout[] = [
  {
    id: "parisc 6.3 64-bit",
    since: "6.3",
    ...wide,
    fields: fields63(63),
    uncertain: WHEN,
    citation: SINCE_63,
  },
  {
    id: "parisc 6.3 32-bit",
    since: "6.3",
    ...narrow,
    fields: fields63(31),
    uncertain: WHEN,
    citation: SINCE_63,
  },
  {
    id: "parisc 4.4 64-bit",
    since: "4.4",
    ...wide,
    fields: fields44(63),
    citation: `${BEFORE}; read, not executed`,
  },
  { id: "parisc 4.4 32-bit", since: "4.4", ...narrow, fields: fields44(31), citation: BEFORE },
];
