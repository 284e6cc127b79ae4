import type { Layout } from "@ptekit/core";
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
import { l1tf, l1tf44, l1tfRhel6, l1tfRhel7 } from "./backports.ts";

const PRESENT = differs(0x101n, 0n);
const P = "pte_present() reads _PAGE_PRESENT";
const PROTNONE = "pte_present() reads _PAGE_PROTNONE";
const ERRATUM =
  "A and D: by an erratum hardware may set them in an entry that is not present; pte_none() ignores them";
const L1TF =
  "the inverted offset goes on: set against L1TF, so that no CPU speculates on the address; the 32-bit swp_entry_t drops them";
const LOW_WORD = "swp_entry_t is the upper word; pte_none() reads them";

const FILE = "_PAGE_FILE: with it set, the entry is a nonlinear file mapping's and names no swap slot";
const KNL = equals(0xffff_ffff_ffff_ff9fn, 0n);
const EXACT = equals(0xffff_ffff_ffff_ffffn, 0n);

/** Type and inverted offset under PAE, against L1TF. */
const against = [swpType(63, 59), ones(58, 36, L1TF), inverted(swpOffset(35, 9)), zeros(8, 8, PROTNONE)];

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
    none: KNL,
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
    none: KNL,
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
    none: KNL,
    citation: "See __swp_entry_to_pte() in arch/x86/include/asm/pgtable-3level.h (as of Linux v4.18)",
  },
  {
    id: "i386 4.4.148 PAE",
    since: "4.4.148",
    onlyIn: l1tf44,
    backportName: "l1tf",
    when: ["CONFIG_X86_PAE"],
    pteBits: 64,
    longBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------------ ~offset -----------------> 0 X H H X X X X 0
    fields: [
      ...against,
      spare(7, 7, "pmd_present() reads _PAGE_PSE, but i386 has no PMD swap entries"),
      hardware(6, 5, "A and D: by an erratum hardware may set them in an entry that is not present"),
      spare(4, 1),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: EXACT,
    note: "L1TF came without the change of pte_none() that ignores A and D",
    citation: "See __swp_pteval_entry() in arch/x86/include/asm/pgtable-3level.h (as of Linux v4.4.155)",
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
    none: EXACT,
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
    note: "twice taken for the layout of x86_64: 5.7-rc used bit 2 for uffd-wp, linux-next before 5.19 bit 3 for exclusive; both are inside the type",
    citation: "See __swp_entry() in arch/x86/include/asm/pgtable-2level.h (as of Linux v5.10)",
  },
  {
    id: "i386 3.10.0-862.11.6.el7 PAE",
    since: "3.10",
    onlyIn: l1tfRhel7,
    backportName: "l1tf",
    when: ["CONFIG_X86_PAE"],
    pteBits: 64,
    longBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // ------------------ ~offset -----------------> 0 X 0 H X X X X 0
    fields: [
      ...against,
      spare(7, 7, "pmd_present() reads _PAGE_PSE, but i386 has no PMD swap entries"),
      zeros(6, 6, FILE),
      hardware(
        5,
        5,
        "A: by an erratum hardware may set it in an entry that is not present; pte_none() ignores it, and D",
      ),
      spare(4, 1),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: KNL,
    citation:
      "See __swp_pteval_entry() in arch/x86/include/asm/pgtable-3level.h (as of Linux v3.10.0-1160.59.1.el7)",
  },
  {
    id: "i386 2.6.32-754.3.5.el6 PAE",
    since: "2.6.32",
    onlyIn: l1tfRhel6,
    backportName: "l1tf",
    when: ["CONFIG_X86_PAE"],
    pteBits: 64,
    longBits: 32,
    // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
    // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
    // <---------- offset -----------> 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1
    //
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // 1 1 1 1 1 1 1 <----- offset ------> < type -> 0 X 0 X X X X X 0
    fields: [
      swpOffset(63, 48, 11),
      ones(47, 25, "set against L1TF: no machine has memory there"),
      swpOffset(24, 14),
      unmasked(swpType(13, 9)),
      zeros(8, 8, PROTNONE),
      spare(7, 7, "the header asks for 0"),
      zeros(6, 6, FILE),
      spare(5, 1, "the header asks for 0"),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: EXACT,
    note: "the 32 bits of swp_entry_t stand in two halves of 16",
    citation:
      "See __swp_entry_to_pte() in arch/x86/include/asm/pgtable-3level.h (as of Linux v2.6.32-754.35.1.el6)",
  },
  {
    id: "i386 2.6.32 PAE",
    since: "2.6.32",
    when: ["CONFIG_X86_PAE"],
    pteBits: 64,
    longBits: 32,
    fields: [
      swpOffset(63, 37),
      unmasked(swpType(36, 32)),
      dropped(31, 9, LOW_WORD),
      zeros(8, 8, PROTNONE),
      dropped(7, 7, LOW_WORD),
      zeros(6, 6, FILE),
      dropped(5, 1, LOW_WORD),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: EXACT,
    note: "an entry with bit 6 set is a nonlinear file mapping's (pte_file()), which decode does not tell from swap",
    citation:
      "See __swp_entry_to_pte() in arch/x86/include/asm/pgtable-3level.h (as of Linux v2.6.32-504.16.2.el6, v3.10.0-693.21.1.el7 and v3.16)",
  },
  {
    id: "i386 2.6.32",
    since: "2.6.32",
    when: ["!CONFIG_X86_PAE"],
    pteBits: 32,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // <----------------- offset ------------------> 0 X 0 < type -> 0
    fields: [
      swpOffset(31, 9),
      zeros(8, 8, PROTNONE),
      spare(7, 7),
      zeros(6, 6, FILE),
      unmasked(swpType(5, 1)),
      zeros(0, 0, P),
    ],
    present: PRESENT,
    none: equals(0xffff_ffffn, 0n),
    note: "an entry with bit 6 set is a nonlinear file mapping's (pte_file()), which decode does not tell from swap",
    citation:
      "See __swp_entry() in arch/x86/include/asm/pgtable-2level.h (as of Linux v2.6.32-504.16.2.el6, v3.10.0-693.21.1.el7 and v3.16)",
  },
];
