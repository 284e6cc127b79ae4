import type { Backport, Layout } from "@ptekit/core";
import {
  differs,
  dropped,
  equals,
  exclusive,
  hardware,
  inverted,
  ones,
  spare,
  swpOffset,
  swpType,
  unmasked,
  zeros,
} from "@ptekit/core";

const PRESENT = differs(0x101n, 0n);
const P = "pte_present() reads _PAGE_PRESENT";
const PROTNONE = "pte_present() reads _PAGE_PROTNONE";
const ERRATUM =
  "A and D: by an erratum hardware may set them in an entry that is not present; pte_none() ignores them";
const L1TF =
  "the inverted offset goes on: set against L1TF, so that no CPU speculates on the address; the 32-bit swp_entry_t drops them";
const LOW_WORD = "swp_entry_t is the upper word; pte_none() reads them";

/** L1TF went into every stable series of its time. */
const l1tf: readonly Backport[] = [
  { release: "4.18.1", uncertain: "L1TF under PAE in 4.18.1 is inferred from x86_64" },
  { release: "4.17.15", uncertain: "L1TF in 4.17.15 is from memory" },
  { release: "4.14.63", uncertain: "L1TF in 4.14.63 is from memory" },
  { release: "4.9.120", uncertain: "L1TF in 4.9.120 is from memory" },
  { release: "4.4.148", uncertain: "L1TF in 4.4.148 is from memory" },
];

/** Newest first. Before 4.0, nonlinear file PTEs (_PAGE_FILE) were another kind of entry that is not present. */
export const layouts: readonly Layout[] = [
  {
    id: "i386 6.3",
    since: "6.3",
    when: ["!CONFIG_X86_PAE"],
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <----------------- offset ------------------> 0 E X < type -> 0
    fields: [
      swpOffset(31, 9),
      zeros(8, 8, PROTNONE),
      exclusive(7),
      spare(6, 6, "the header draws it as part of the type, __swp_type() masks it off"),
      swpType(5, 1),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: equals(0xffff_ffffn, 0n),
    citation:
      "See _PAGE_SWP_EXCLUSIVE in arch/x86/include/asm/pgtable-2level.h (as of Linux v6.12); exclusive came to all architectures in v6.3",
  },
  {
    id: "i386 6.3 PAE",
    since: "6.3",
    when: ["CONFIG_X86_PAE"],
    pteBits: 64,
    longBits: 32,
    // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
    // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
    // < type -> 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 o o o o
    //
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------------ ~offset -----------------> 0 E H H X X X X 0
    fields: [
      swpType(63, 59),
      ones(58, 36, L1TF),
      inverted(swpOffset(35, 9)),
      zeros(8, 8, PROTNONE),
      exclusive(7),
      hardware(6, 5, ERRATUM),
      spare(4, 1, "the header draws them as 0, and nothing reads them"),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: equals(0xffff_ffff_ffff_ff9fn, 0n),
    citation:
      "See __swp_pteval_entry() in arch/x86/include/asm/pgtable-3level.h (as of Linux v6.12); exclusive came to all architectures in v6.3",
  },
  {
    id: "i386 4.19 PAE",
    since: "4.19",
    backported: l1tf,
    backportName: "l1tf",
    when: ["CONFIG_X86_PAE"],
    pteBits: 64,
    longBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------------ ~offset -----------------> 0 X H H X X X X 0
    fields: [
      swpType(63, 59),
      ones(58, 36, L1TF),
      inverted(swpOffset(35, 9)),
      zeros(8, 8, PROTNONE),
      spare(7, 7, "pmd_present() reads _PAGE_PSE, but i386 has no PMD swap entries"),
      hardware(6, 5, ERRATUM),
      spare(4, 1),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: equals(0xffff_ffff_ffff_ff9fn, 0n),
    note: "a type above 31, which no kernel code passes, leaks into the offset's lowest bit",
    citation: "See __swp_pteval_entry() in arch/x86/include/asm/pgtable-3level.h (as of Linux v5.10)",
  },
  {
    id: "i386 4.8 PAE",
    since: "4.8",
    when: ["CONFIG_X86_PAE"],
    pteBits: 64,
    longBits: 32,
    // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
    // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
    // <--------------------- offset ----------------------> < type ->
    //
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // d d d d d d d d d d d d d d d d d d d d d d d 0 d H H d d d d 0
    fields: [
      swpOffset(63, 37),
      unmasked(swpType(36, 32)),
      dropped(31, 9, LOW_WORD),
      zeros(8, 8, PROTNONE),
      dropped(7, 7, LOW_WORD),
      hardware(6, 5, ERRATUM),
      dropped(4, 1, LOW_WORD),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: equals(0xffff_ffff_ffff_ff9fn, 0n),
    uncertain: "from memory, as is that pte_none() ignores A and D since v4.8",
    citation: "See __swp_entry_to_pte() in arch/x86/include/asm/pgtable-3level.h (as of Linux v4.18)",
  },
  {
    id: "i386 4.0 PAE",
    since: "4.0",
    when: ["CONFIG_X86_PAE"],
    pteBits: 64,
    longBits: 32,
    fields: [
      swpOffset(63, 37),
      unmasked(swpType(36, 32)),
      dropped(31, 9, LOW_WORD),
      zeros(8, 8, PROTNONE),
      dropped(7, 1, LOW_WORD),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: equals(0xffff_ffff_ffff_ffffn, 0n),
    uncertain: "from memory",
    citation: "See __swp_entry_to_pte() in arch/x86/include/asm/pgtable-3level.h (as of Linux v4.4)",
  },
  {
    id: "i386 4.0",
    since: "4.0",
    when: ["!CONFIG_X86_PAE"],
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <----------------- offset ------------------> 0 X X < type -> 0
    fields: [
      swpOffset(31, 9),
      zeros(8, 8, PROTNONE),
      spare(7, 7, "pmd_present() reads _PAGE_PSE, but i386 has no PMD swap entries"),
      spare(6, 6),
      unmasked(swpType(5, 1)),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: equals(0xffff_ffffn, 0n),
    uncertain: "that it goes back to v4.0 is from memory; v5.10 and v6.1 are held against their headers",
    note: "twice taken for the layout of x86_64: 5.7-rc used bit 2 for uffd-wp, linux-next before 5.19 bit 3 for exclusive; both are inside the type",
    citation: "See __swp_entry() in arch/x86/include/asm/pgtable-2level.h (as of Linux v5.10)",
  },
];
