import type { Layout } from "@ptekit/core";
import { differs, equals, exclusive, spare, swpOffset, swpType, unmasked, zeros } from "@ptekit/core";

const NONE = equals(0xffff_ffffn, 0n);
const header = (file: string, releases: string): string =>
  `See __swp_entry() in arch/m68k/include/asm/${file}_pgtable.h (as of Linux ${releases})`;
const EXCLUSIVE = `Linux kernel commit ed4154067a08 ("m68k/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE") (in v6.3)`;
const UNUSED = "nothing reads it in an entry that is not present; the header since v6.3 asks for 0";
const NOT_EXECUTED = "; read, not executed";

const motorola: Pick<Layout, "when" | "pteBits" | "present" | "none"> = {
  when: ["CONFIG_MMU_MOTOROLA"],
  pteBits: 32,
  present: differs(0x5n, 0n),
  none: NONE,
};
const MOTOROLA_PROT_NONE = "pte_present() reads _PAGE_PROTNONE";
const MOTOROLA_TYPE =
  "the descriptor type, which hardware reads: 0 is invalid; pte_present() reads _PAGE_PRESENT, its bit 0";

const sun3: Pick<Layout, "when" | "pteBits" | "present" | "none"> = {
  when: ["CONFIG_MMU_SUN3"],
  pteBits: 32,
  present: differs(0x8000_0000n, 0n),
  none: NONE,
};

const coldfire: Pick<Layout, "when" | "pteBits" | "present" | "none"> = {
  when: ["CONFIG_MMU_COLDFIRE"],
  pteBits: 32,
  present: differs(0x400n, 0n),
  none: NONE,
};
const COLDFIRE_PRESENT = "pte_present() reads CF_PAGE_VALID";

/** Newest first. */
export const layouts: readonly Layout[] = [
  {
    id: "m68k 6.3 motorola",
    since: "6.3",
    ...motorola,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <-------------- offset ---------------> E <-- type ---> X 0 0 0
    fields: [
      swpOffset(31, 12),
      exclusive(11),
      swpType(10, 4),
      spare(3, 3, UNUSED),
      zeros(2, 2, MOTOROLA_PROT_NONE),
      zeros(1, 0, MOTOROLA_TYPE),
    ],
    citation: EXCLUSIVE,
  },
  {
    id: "m68k 6.3 sun3",
    since: "6.3",
    ...sun3,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // 0 <------------------ offset -------------------> E <- type -->
    fields: [
      zeros(31, 31, "pte_present() reads SUN3_PAGE_VALID"),
      swpOffset(30, 7),
      exclusive(6),
      swpType(5, 0),
    ],
    citation: EXCLUSIVE,
  },
  {
    id: "m68k 6.3 coldfire",
    since: "6.3",
    ...coldfire,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <--------------- offset ----------------> 0 X X E <-- type --->
    fields: [
      swpOffset(31, 11),
      zeros(10, 10, COLDFIRE_PRESENT),
      spare(9, 8, UNUSED),
      exclusive(7),
      swpType(6, 0),
    ],
    citation: EXCLUSIVE,
  },
  {
    id: "m68k 4.2 motorola",
    since: "4.2",
    ...motorola,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <-------------- offset ---------------> <--- type ----> X 0 0 0
    fields: [
      swpOffset(31, 12),
      unmasked(swpType(11, 4)),
      spare(3, 3, UNUSED),
      zeros(2, 2, MOTOROLA_PROT_NONE),
      zeros(1, 0, MOTOROLA_TYPE),
    ],
    citation: header("motorola", "v5.10 and v6.1"),
  },
  {
    id: "m68k 4.2 sun3",
    since: "4.2",
    ...sun3,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // 0 <------------------ offset -------------------> <-- type --->
    fields: [
      zeros(31, 31, "pte_present() reads SUN3_PAGE_VALID"),
      unmasked(swpOffset(30, 7)),
      unmasked(swpType(6, 0)),
    ],
    note: "the offset is not masked on encode: bit 24 of an offset that is too wide makes the entry present",
    citation: header("sun3", "v5.10 and v6.1") + NOT_EXECUTED,
  },
  {
    id: "m68k 4.2 coldfire",
    since: "4.2",
    ...coldfire,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <--------------- offset ----------------> 0 X X <--- type ---->
    fields: [
      swpOffset(31, 11),
      zeros(10, 10, COLDFIRE_PRESENT),
      spare(9, 8, UNUSED),
      unmasked(swpType(7, 0)),
    ],
    citation: header("mcf", "v5.10 and v6.1") + NOT_EXECUTED,
  },
];
