import type { Field, Layout } from "@ptekit/core";
import {
  differs,
  dropped,
  equals,
  exclusive,
  spare,
  swpOffset,
  swpType,
  unmasked,
  zeros,
} from "@ptekit/core";
import { G, P, V } from "./rows.ts";

const SINCE_63 = "See _PAGE_SWP_EXCLUSIVE in arch/mips/include/asm/pgtable-32.h (as of Linux v6.12)";
const SINCE_510 = "See __swp_entry() in arch/mips/include/asm/pgtable-32.h (as of Linux v5.10)";
const ZERO = "the header draws it as 0";
const LOW_WORD = "the 32-bit swp_entry_t is the other word";
const LOW_NOT_NONE = `${LOW_WORD}; pte_none() reads only that one`;

const R4K = ["!CONFIG_64BIT", "!CONFIG_XPA", "!CONFIG_CPU_R3K_TLB"];
const R4K_32 = [...R4K, "!CONFIG_PHYS_ADDR_T_64BIT"];

interface Release {
  readonly since: string;
  readonly citation: string;
  /** The type, masked since 6.3 in all kinds but one. */
  readonly type: (row: Field) => Field;
  /** Where the exclusive flag is, or was to be. */
  readonly flag: (bit: number, before: Field) => Field;
}

const v63: Release = { since: "6.3", citation: SINCE_63, type: (row) => row, flag: (bit) => exclusive(bit) };
const v510: Release = { since: "5.10", citation: SINCE_510, type: unmasked, flag: (_, before) => before };

/** _PAGE_SPECIAL came below _PAGE_GLOBAL: v5.3 is without it. */
const v54: Release = {
  ...v510,
  since: "5.4",
  citation: "See _PAGE_SPECIAL_SHIFT in arch/mips/include/asm/pgtable-bits.h (as of Linux v5.4)",
};

/** R4000 and all that came of it. The type is not masked in any release. */
const r4k = ({ since, citation, flag }: Release): Layout => ({
  id: `mips ${since} R4K`,
  since,
  when: [...R4K_32, "!CONFIG_MIPS_HUGE_TLB_SUPPORT"],
  pteBits: 32,
  // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
  // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
  // <------------- offset --------------> < type -> 0 0 X X X X E 0
  fields: [
    swpOffset(31, 13),
    unmasked(swpType(12, 8)),
    V(7),
    G(6),
    spare(5, 2, ZERO),
    flag(1, spare(1, 1, ZERO)),
    P(0),
  ],
  present: differs(0x1n, 0n),
  none: equals(0xffff_ffbfn, 0n),
  citation,
});

/** Below _PAGE_GLOBAL they have _PAGE_NO_EXEC and _PAGE_NO_READ in the place of _PAGE_NO_READ and, from 5.4 on, _PAGE_SPECIAL. */
const r4kTwoBelow: readonly Layout[] = [
  {
    ...r4k({
      ...v510,
      since: "4.7",
      citation: "See _PAGE_GLOBAL_SHIFT in arch/mips/include/asm/pgtable-bits.h (as of Linux v4.20)",
    }),
    id: "mips 4.7 R4K RIXI",
    when: [...R4K_32, "!CONFIG_MIPS_HUGE_TLB_SUPPORT", "CONFIG_CPU_HAS_RIXI"],
  },
  {
    ...r4k({
      ...v510,
      since: "4.2",
      citation: "See _PAGE_GLOBAL_SHIFT in arch/mips/include/asm/pgtable-bits.h (as of Linux v4.2)",
    }),
    id: "mips 4.2 R4K R2",
    when: [...R4K_32, "!CONFIG_MIPS_HUGE_TLB_SUPPORT", "CONFIG_CPU_MIPSR2"],
  },
];

/** The same, without _PAGE_SPECIAL below _PAGE_GLOBAL. */
const r4kOld: Layout = {
  id: "mips 4.2 R4K",
  since: "4.2",
  when: [...R4K_32, "!CONFIG_MIPS_HUGE_TLB_SUPPORT", "!CONFIG_CPU_MIPSR2"],
  pteBits: 32,
  // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
  // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
  // <------------- offset --------------> < type -> X 0 0 X X X X 0
  fields: [
    swpOffset(31, 13),
    unmasked(swpType(12, 8)),
    spare(7, 7, ZERO),
    V(6),
    G(5),
    spare(4, 1, ZERO),
    P(0),
  ],
  present: differs(0x1n, 0n),
  none: equals(0xffff_ffdfn, 0n),
  citation:
    "See _PAGE_GLOBAL_SHIFT in arch/mips/include/asm/pgtable-bits.h (as of Linux v4.2, v4.8 and v5.3)",
};

/** A 32-bit kernel on a 64-bit processor, with huge pages: _PAGE_HUGE pushes _PAGE_VALID into the type. */
const r4kHuge = ({ since, citation, flag }: Release): Layout => ({
  id: `mips ${since} R4K huge`,
  since,
  when: [...R4K_32, "CONFIG_MIPS_HUGE_TLB_SUPPORT"],
  pteBits: 32,
  // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
  // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
  // <------------- offset --------------> < type -> 0 X X X X X E 0
  fields: [
    swpOffset(31, 13),
    unmasked(swpType(12, 8)),
    G(7),
    spare(6, 2, ZERO),
    flag(1, spare(1, 1, ZERO)),
    P(0),
  ],
  present: differs(0x1n, 0n),
  none: equals(0xffff_ff7fn, 0n),
  note: "bit 8 is _PAGE_VALID, which hardware reads: an entry of an odd type looks valid to the TLB, against the header's own words",
  citation,
});

/** R3000. */
const r3k = ({ since, citation, type, flag }: Release): Layout => ({
  id: `mips ${since} R3K`,
  since,
  when: ["CONFIG_CPU_R3K_TLB"],
  pteBits: 32,
  // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
  // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
  // <----------- offset ------------> < type -> 0 0 E X X X X X X 0
  fields: [
    swpOffset(31, 15),
    type(swpType(14, 10)),
    V(9),
    G(8),
    flag(7, spare(7, 7)),
    spare(6, 1, ZERO),
    P(0),
  ],
  present: differs(0x1n, 0n),
  none: equals(0xffff_feffn, 0n),
  citation,
});

/** 36-bit physical addresses (Alchemy): two words, and swp_entry_t is the upper one. */
const alchemy = ({ since, citation, type, flag }: Release): Layout => ({
  id: `mips ${since} 36-bit`,
  since,
  when: [...R4K, "CONFIG_PHYS_ADDR_T_64BIT", "CONFIG_CPU_MIPS32"],
  pteBits: 64,
  longBits: 32,
  lowWordFirst: true,
  // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
  // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
  // <------------------- offset --------------------> < type -> 0 0
  //
  // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
  // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
  // d d d d d d d d d d d d d d d d d d d d d d d d E 0 d d d d d 0
  fields: [
    swpOffset(63, 39),
    type(swpType(38, 34)),
    V(33),
    G(32),
    dropped(31, 8, LOW_WORD),
    flag(7, dropped(7, 7, LOW_WORD)),
    P(6),
    dropped(5, 1, LOW_WORD),
    zeros(0, 0, "_PAGE_GLOBAL: set_pte() makes the buddy PTE global too; pte_none() ignores it"),
  ],
  present: differs(0x40n, 0n),
  none: equals(0xffff_fffe_ffff_fffen, 0n),
  note: "the header draws the upper word below",
  citation,
});

/** Extended physical addresses (MIPS32R5): two words, and swp_entry_t is the upper one. */
const xpa = ({ since, citation, type, flag }: Release): Layout => ({
  id: `mips ${since} XPA`,
  since,
  when: ["CONFIG_XPA"],
  pteBits: 64,
  longBits: 32,
  lowWordFirst: true,
  // 6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
  // 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
  // <----------------- offset ------------------> < type -> 0 0 X X
  //
  // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
  // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
  // d d d d d d E 0 d d d d d d d d d d d d d d d d d d d d d d d d
  fields: [
    swpOffset(63, 41),
    type(swpType(40, 36)),
    V(35),
    G(34),
    spare(33, 32, ZERO),
    dropped(31, 26, LOW_NOT_NONE),
    flag(25, dropped(25, 25, LOW_NOT_NONE)),
    P(24),
    dropped(23, 0, LOW_NOT_NONE),
  ],
  present: differs(0x100_0000n, 0n),
  none: equals(0xffff_fffb_0000_0000n, 0n),
  note: "the header draws the upper word below; a PTE of which only the low word is set is none, and present too where _PAGE_PRESENT is in it",
  citation,
});

/** Newest first; drawn as since 6.3. The kinds that begin later are not held against older words. */
export const layouts32: readonly Layout[] = [
  ...[r4k, r4kHuge, r3k, alchemy, xpa].map((kind) => kind(v63)),
  ...[r4kHuge, alchemy, xpa].map((kind) => kind(v510)),
  ...[r4k, r3k].map((kind) => kind(v54)),
  ...r4kTwoBelow,
  r4kOld,
];
