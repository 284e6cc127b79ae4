import type { Layout } from "@ptekit/core";
import {
  differs,
  equals,
  exclusive,
  setPteSets,
  spare,
  swpOffset,
  swpType,
  unmasked,
  zeros,
} from "@ptekit/core";

const PRESENT = "pte_present() reads _PAGE_PRESENT";
const PROT_NONE = "pte_present() reads _PAGE_PROTNONE";
const NEEDSYNC =
  "_PAGE_NEEDSYNC (before, _PAGE_NEWPAGE): the host's mapping is not yet what the entry says; cleared once it is. pte_none() and decoding ignore it";
const NEWPROT = "_PAGE_NEWPROT in older releases, which nothing reads in an entry that is not present";
const SINCE_63 = `Linux kernel commit e2858d778e68 ("um/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE") (in v6.3)`;
const BEFORE =
  "See __swp_entry() in arch/um/include/asm/pgtable.h (as of Linux v5.10 and v6.1); read, not executed";

const wide: Pick<Layout, "when" | "pteBits" | "present" | "none"> = {
  when: ["CONFIG_64BIT"],
  pteBits: 64,
  present: differs(0x11n, 0n),
  none: equals(0xffff_ffff_ffff_fffdn, 0n),
};
const narrow: Pick<Layout, "when" | "pteBits" | "present" | "none"> = {
  when: ["!CONFIG_64BIT"],
  pteBits: 32,
  present: differs(0x11n, 0n),
  none: equals(0xffff_fffdn, 0n),
};

// With 64 bits the offset goes on to bit 63.
// 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
// 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
// <--------------- offset ----------------> E < type -> 0 X X m 0
const fields63 = (top: 31 | 63): Layout["fields"] => [
  swpOffset(top, 11),
  exclusive(10),
  swpType(9, 5),
  zeros(4, 4, PROT_NONE),
  spare(3, 2, NEWPROT),
  setPteSets(1, 1, NEEDSYNC),
  zeros(0, 0, PRESENT),
];

// 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
// 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
// <--------------- offset ----------------> X < type -> 0 X X m 0
const fields44 = (top: 31 | 63): Layout["fields"] => [
  swpOffset(top, 11),
  spare(10, 10),
  unmasked(swpType(9, 5)),
  zeros(4, 4, PROT_NONE),
  spare(3, 2, NEWPROT),
  setPteSets(1, 1, NEEDSYNC),
  zeros(0, 0, PRESENT),
];

/** Newest first. */
export const layouts: readonly Layout[] = [
  { id: "um 6.3 64-bit", since: "6.3", ...wide, fields: fields63(63), citation: SINCE_63 },
  { id: "um 6.3 32-bit", since: "6.3", ...narrow, fields: fields63(31), citation: SINCE_63 },
  { id: "um 4.2 64-bit", since: "4.2", ...wide, fields: fields44(63), citation: BEFORE },
  { id: "um 4.2 32-bit", since: "4.2", ...narrow, fields: fields44(31), citation: BEFORE },
];
