import type { Field, Layout } from "@ptekit/core";
import { differs, equals, exclusive, spare, swpOffset, swpType, unmasked, zeros } from "@ptekit/core";
import { LOW_WORD, upperWord } from "./words.ts";

const NOHASH_32 = "arch/powerpc/include/asm/nohash/32/pgtable.h";
const NOHASH_64 = "arch/powerpc/include/asm/nohash/64/pgtable.h";
const ZERO = "the header draws it as 0";

const present = (bit: number): Field => zeros(bit, bit, "pte_present() reads _PAGE_PRESENT");
const P0: readonly Field[] = [spare(1, 1, ZERO), present(0)];
const P1: readonly Field[] = [present(1), spare(0, 0, ZERO)];

// 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
// 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
// <------------------ offset -------------------> < type -> E X 0
const fields63: readonly Field[] = [swpOffset(31, 8), swpType(7, 3), exclusive(2)];

// 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
// 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
// <------------------ offset -------------------> < type -> X X 0
const fields510: readonly Field[] = [swpOffset(31, 8), unmasked(swpType(7, 3)), spare(2, 2)];

const SINCE_63 = `See _PAGE_SWP_EXCLUSIVE in ${NOHASH_32} (as of Linux v6.12)`;
const SINCE_510 = `See __swp_entry() in ${NOHASH_32} (as of Linux v5.10)`;

type Rest = Partial<Layout> & Pick<Layout, "since" | "when" | "citation">;

/** A 32-bit PTE on a 32-bit kernel. */
const pte32 = (name: string, fields: readonly Field[], low: readonly Field[], rest: Rest): Layout => ({
  id: `powerpc ${rest.since} ${name}`,
  pteBits: 32,
  fields: [...fields, ...low],
  present: differs(low === P0 ? 0x1n : 0x2n, 0n),
  none: equals(0xffff_ffffn, 0n),
  ...rest,
});

/** A 64-bit PTE on a 32-bit kernel. */
const pte64 = (name: string, fields: readonly Field[], rest: Rest): Layout => ({
  id: `powerpc ${rest.since} ${name}`,
  pteBits: 64,
  longBits: 32,
  fields: [...upperWord, ...fields, ...P0],
  present: differs(0x1n, 0n),
  none: equals(LOW_WORD, 0n),
  ...rest,
});

const E500 = ["CONFIG_PPC_85xx", "CONFIG_PTE_64BIT"];
const E500_32 = ["CONFIG_PPC_85xx", "!CONFIG_PTE_64BIT"];
const M8XX = ["CONFIG_PPC_8xx", "!CONFIG_PPC_16K_PAGES"];
const M8XX_16K = ["CONFIG_PPC_8xx", "CONFIG_PPC_16K_PAGES"];
const BOOK3E = ["CONFIG_PPC64", "!CONFIG_PPC_BOOK3S_64"];
const FOUR_WORDS = "16K pages are made of four hardware entries: set_pte() stores the PTE four times";

/** Newest first, 32-bit kernels first. */
export const nohash: readonly Layout[] = [
  pte32("85xx", fields63, P1, {
    since: "6.7",
    until: "7.0",
    when: E500_32,
    uncertain:
      "_PAGE_PRESENT moved to bit 1 between the headers of v6.6 and v6.8, likely with _PAGE_READ in v6.7; 32-bit PTEs are in v6.19 and gone in v7.0",
    citation: "See _PAGE_PRESENT in arch/powerpc/include/asm/nohash/32/pte-85xx.h (as of Linux v6.12)",
  }),
  pte64("44x", fields63, { since: "6.3", when: ["CONFIG_44x"], citation: SINCE_63 }),
  pte64("85xx PTE_64BIT", fields63, { since: "6.3", when: E500, citation: SINCE_63 }),
  pte32("85xx", fields63, P0, {
    since: "6.3",
    when: E500_32,
    citation:
      "See _PAGE_PRESENT in arch/powerpc/include/asm/nohash/32/pte-85xx.h (as of Linux v6.1); exclusive came to all architectures in v6.3",
  }),
  pte32("8xx", fields63, P0, { since: "6.3", when: M8XX, citation: SINCE_63 }),
  pte32("8xx 16K", fields63, P0, {
    since: "6.3",
    when: M8XX_16K,
    copies: 4,
    note: FOUR_WORDS,
    citation: SINCE_63,
  }),
  pte32("40x", fields63, P1, {
    since: "6.3",
    until: "6.12",
    when: ["CONFIG_40x"],
    uncertain: "40x went between the headers of v6.1 and v6.12",
    citation:
      "See _PAGE_PRESENT in arch/powerpc/include/asm/nohash/32/pte-40x.h (as of Linux v6.1); exclusive came to all architectures in v6.3",
  }),
  pte64("44x", fields510, { since: "5.10", when: ["CONFIG_44x"], citation: SINCE_510 }),
  pte64("85xx PTE_64BIT", fields510, { since: "5.10", when: E500, citation: SINCE_510 }),
  pte32("85xx", fields510, P0, { since: "5.10", when: E500_32, citation: SINCE_510 }),
  pte32("8xx", fields510, P0, { since: "5.10", when: M8XX, citation: SINCE_510 }),
  pte32("8xx 16K", fields510, P0, {
    since: "5.10",
    when: M8XX_16K,
    copies: 4,
    note: FOUR_WORDS,
    citation: SINCE_510,
  }),
  pte32("40x", fields510, P1, { since: "5.10", when: ["CONFIG_40x"], citation: SINCE_510 }),
  {
    id: "powerpc 6.3 book3e64",
    since: "6.3",
    when: BOOK3E,
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // --- offset ---> X X X X X X X X X X X X X X X X E < type -> X 0
    fields: [swpOffset(63, 24), spare(23, 8, ZERO), exclusive(7), swpType(6, 2), ...P0],
    present: differs(0x1n, 0n),
    none: equals(0xffff_ffff_ffff_ffffn, 0n),
    citation: `See _PAGE_SWP_EXCLUSIVE in ${NOHASH_64} (as of Linux v6.12)`,
  },
  {
    id: "powerpc 5.10 book3e64",
    since: "5.10",
    when: BOOK3E,
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // --- offset ---> X X X X X X X X X X X X X X X X X < type -> X 0
    fields: [swpOffset(63, 24), spare(23, 7), unmasked(swpType(6, 2)), ...P0],
    present: differs(0x1n, 0n),
    none: equals(0xffff_ffff_ffff_ffffn, 0n),
    citation: `See __swp_entry() in ${NOHASH_64} (as of Linux v5.10)`,
  },
];
