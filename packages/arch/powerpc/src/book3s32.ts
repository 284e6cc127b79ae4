import type { Field, Layout } from "@ptekit/core";
import {
  differs,
  equals,
  exclusive,
  setPteKeeps,
  spare,
  swpOffset,
  swpType,
  unmasked,
  zeros,
} from "@ptekit/core";
import { LOW_WORD, upperWord } from "./words.ts";

const PGTABLE_H = "arch/powerpc/include/asm/book3s/32/pgtable.h";
const P = zeros(0, 0, "pte_present() reads _PAGE_PRESENT");
const USER = spare(2, 2, "_PAGE_USER in a present PTE");

const HASHPTE = setPteKeeps(
  1,
  1,
  "_PAGE_HASHPTE: set_pte() keeps it as it was; pte_none() and pte_same() ignore it",
);
const HASHPTE_64 = zeros(
  1,
  1,
  "_PAGE_HASHPTE, which the header wants 0; pte_none() and pte_same() ignore it",
);

/** Neither 64-bit nor any other 32-bit processor. */
const BOOK3S_32 = ["!CONFIG_PPC64", "!CONFIG_PPC_85xx", "!CONFIG_PPC_8xx", "!CONFIG_44x", "!CONFIG_40x"];

/** Bits 31 to 2 of a release, with 32-bit PTEs and with 64-bit ones (8641 and the like). */
function both(since: string, fields: readonly Field[], citation: string): Layout[] {
  return [
    {
      id: `powerpc ${since} book3s32`,
      since,
      when: [...BOOK3S_32, "!CONFIG_PTE_64BIT"],
      pteBits: 32,
      fields: [...fields, HASHPTE, P],
      present: differs(0x1n, 0n),
      none: equals(0xffff_fffdn, 0n),
      citation,
    },
    {
      id: `powerpc ${since} book3s32 PTE_64BIT`,
      since,
      when: [...BOOK3S_32, "CONFIG_PTE_64BIT"],
      pteBits: 64,
      longBits: 32,
      fields: [...upperWord, ...fields, HASHPTE_64, P],
      present: differs(0x1n, 0n),
      none: equals(LOW_WORD ^ 0x2n, 0n),
      citation,
    },
  ];
}

/** Newest first. */
export const book3s32: readonly Layout[] = [
  // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
  // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
  // <------------------ offset -------------------> < type -> E m 0
  ...both(
    "6.3",
    [swpOffset(31, 8), swpType(7, 3), exclusive(2)],
    `See _PAGE_SWP_EXCLUSIVE in ${PGTABLE_H} (as of Linux v6.12)`,
  ),
  // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
  // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
  // <------------------ offset -------------------> < type -> X m 0
  ...both(
    "5.10",
    [swpOffset(31, 8), unmasked(swpType(7, 3)), USER],
    `See __swp_entry() in ${PGTABLE_H} (as of Linux v5.10)`,
  ),
];
