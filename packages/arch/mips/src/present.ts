import type { PresentField, PresentLayout } from "@ptekit/core";
import { differs, free, mmu, newestFirst, pfn, pfnAbove, software } from "@ptekit/core";

const BITS_H = "arch/mips/include/asm/pgtable-bits.h";
const BEFORE = "_PAGE_SPECIAL came into _PAGE_CHG_MASK between the headers of v6.1 and v6.12";

const bitOf = (fields: readonly PresentField[], name: string): bigint =>
  fields.reduce((mask, row) => (row.name === name ? mask | (1n << BigInt(row.low)) : mask), 0n);

const maskOf = (fields: readonly PresentField[], ...names: string[]): bigint =>
  names.reduce((mask, name) => mask | bitOf(fields, name), 0n);

/** The flags from bit 0 up, in the order of the header's enum: software's first, then those of EntryLo. */
function packed(names: readonly string[], hardware: readonly string[]): PresentField[] {
  const soft = names.map((name, bit) => software(bit, name));
  const hard = hardware.map((name, i) => mmu(names.length + i, names.length + i, name));
  return [...hard.reverse(), ...soft.reverse()];
}

interface R4k {
  readonly when: readonly string[];
  readonly wide: boolean;
  readonly rixi: boolean;
  readonly huge: boolean;
}

/** R4000 and all that came of it. With RIXI, 32-bit kernels have no _PAGE_SPECIAL. */
function r4k(since: string, keepsSpecial: boolean, { when, wide, rixi, huge }: R4k): PresentLayout {
  const hasSpecial = wide || !rixi;
  const flags = packed(
    [
      "_PAGE_PRESENT",
      ...(rixi ? [] : ["_PAGE_NO_READ"]),
      "_PAGE_WRITE",
      "_PAGE_ACCESSED",
      "_PAGE_MODIFIED",
      ...(huge ? ["_PAGE_HUGE"] : []),
      ...(hasSpecial ? ["_PAGE_SPECIAL"] : []),
    ],
    [...(rixi ? ["_PAGE_NO_EXEC", "_PAGE_NO_READ"] : []), "_PAGE_GLOBAL", "_PAGE_VALID", "_PAGE_DIRTY"],
  );
  const cache = flags.length;
  const pfnLow = cache + 3;
  return {
    since,
    when,
    fields: [
      pfnAbove(wide ? 63 : 31, pfnLow, mmu(pfnLow, pfnLow, "address bits below the page")),
      mmu(cache + 2, cache, "_CACHE_MASK"),
      ...flags,
    ],
    reads: {
      write: differs(bitOf(flags, "_PAGE_WRITE"), 0n),
      dirty: differs(bitOf(flags, "_PAGE_MODIFIED"), 0n),
      young: differs(bitOf(flags, "_PAGE_ACCESSED"), 0n),
      ...(hasSpecial && { special: differs(bitOf(flags, "_PAGE_SPECIAL"), 0n) }),
      protNone: differs(bitOf(flags, "_PAGE_NO_READ"), 0n),
    },
    modify: {
      keeps:
        maskOf(flags, "_PAGE_ACCESSED", "_PAGE_MODIFIED", ...(keepsSpecial ? ["_PAGE_SPECIAL"] : [])) |
        (0x7n << BigInt(cache)),
    },
    maybe: [
      {
        high: pfnLow,
        low: pfnLow,
        condition:
          "moved up: a flag more below _PAGE_GLOBAL, as _PAGE_SOFT_DIRTY would be, costs the PFN one bit (and 32-bit kernels with 4K pages leave it none)",
      },
    ],
    uncertain: BEFORE,
    citation: `See pgtable_bits in ${BITS_H} (as of Linux ${keepsSpecial ? "v7.3" : "v6.1"})`,
  };
}

const variants: readonly R4k[] = [true, false].flatMap((wide) =>
  [true, false].flatMap((rixi) =>
    [true, false].map((huge) => ({
      wide,
      rixi,
      huge,
      when: [
        ...(wide
          ? ["CONFIG_64BIT"]
          : ["!CONFIG_64BIT", "!CONFIG_XPA", "!CONFIG_CPU_R3K_TLB", "!CONFIG_PHYS_ADDR_T_64BIT"]),
        rixi ? "CONFIG_CPU_HAS_RIXI" : "!CONFIG_CPU_HAS_RIXI",
        huge ? "CONFIG_MIPS_HUGE_TLB_SUPPORT" : "!CONFIG_MIPS_HUGE_TLB_SUPPORT",
      ],
    })),
  ),
);

/** The R3000 ignores what is written to the low eight bits of EntryLo. */
const r3k = (since: string, keepsSpecial: boolean): PresentLayout => ({
  since,
  when: ["CONFIG_CPU_R3K_TLB"],
  fields: [
    pfnAbove(31, 12),
    mmu(11, 11, "_CACHE_UNCACHED"),
    mmu(10, 10, "_PAGE_DIRTY"),
    mmu(9, 9, "_PAGE_VALID"),
    mmu(8, 8, "_PAGE_GLOBAL"),
    free(7, 6),
    software(5, "_PAGE_SPECIAL"),
    software(4, "_PAGE_MODIFIED"),
    software(3, "_PAGE_ACCESSED"),
    software(2, "_PAGE_WRITE"),
    software(1, "_PAGE_NO_READ"),
    software(0, "_PAGE_PRESENT"),
  ],
  reads: {
    write: differs(0x4n, 0n),
    dirty: differs(0x10n, 0n),
    young: differs(0x8n, 0n),
    special: differs(0x20n, 0n),
    protNone: differs(0x2n, 0n),
  },
  modify: { keeps: keepsSpecial ? 0x838n : 0x818n },
  uncertain: BEFORE,
  citation: `See pgtable_bits in ${BITS_H} (as of Linux ${keepsSpecial ? "v7.3" : "v6.1"})`,
});

/** 36 bits of address on MIPS32: pte_low is Linux's, pte_high (bits 63:32) EntryLo's. */
const bits36: PresentLayout = {
  since: "5.10",
  when: [
    "!CONFIG_64BIT",
    "!CONFIG_XPA",
    "!CONFIG_CPU_R3K_TLB",
    "CONFIG_PHYS_ADDR_T_64BIT",
    "CONFIG_CPU_MIPS32",
  ],
  fields: [
    pfn(63, 38),
    mmu(37, 35, "_CACHE_MASK of pte_high"),
    mmu(34, 34, "_PAGE_DIRTY of pte_high"),
    mmu(33, 33, "_PAGE_VALID of pte_high"),
    mmu(32, 32, "_PAGE_GLOBAL of pte_high"),
    free(31, 12),
    software(11, "_PAGE_SPECIAL"),
    software(10, "_PAGE_MODIFIED"),
    software(9, "_PAGE_ACCESSED"),
    software(8, "_PAGE_WRITE"),
    software(7, "_PAGE_NO_READ"),
    software(6, "_PAGE_PRESENT"),
    mmu(5, 3, "_CACHE_MASK"),
    mmu(2, 2, "_PAGE_DIRTY"),
    mmu(1, 1, "_PAGE_VALID"),
    mmu(0, 0, "_PAGE_GLOBAL"),
  ],
  reads: {
    write: differs(0x100n, 0n),
    dirty: differs(0x400n, 0n),
    young: differs(0x200n, 0n),
    special: differs(0x800n, 0n),
    protNone: differs(0x80n, 0n),
  },
  // _PAGE_CHG_MASK holds _PFN_MASK, which is ~0x3f here, and _CACHE_MASK: pte_low loses bits 2:0, and so does pte_high.
  modify: { drops: 0x7_0000_0007n },
  citation: `See pgtable_bits in ${BITS_H} and pte_modify() in arch/mips/include/asm/pgtable.h (as of Linux v7.3)`,
};

/** XPA: pte_high (bits 63:32) goes to EntryLo, the low 24 bits of pte_low above it. */
const xpa: PresentLayout = {
  since: "5.10",
  when: ["CONFIG_XPA"],
  fields: [
    pfnAbove(63, 40, mmu(40, 40, "address bits below the page")),
    mmu(39, 37, "_CACHE_MASK of pte_high"),
    mmu(36, 36, "_PAGE_DIRTY of pte_high"),
    mmu(35, 35, "_PAGE_VALID of pte_high"),
    mmu(34, 34, "_PAGE_GLOBAL of pte_high"),
    mmu(33, 33, "_PAGE_NO_READ of pte_high"),
    mmu(32, 32, "_PAGE_NO_EXEC of pte_high"),
    free(31, 28),
    software(27, "_PAGE_MODIFIED"),
    software(26, "_PAGE_ACCESSED"),
    software(25, "_PAGE_WRITE"),
    software(24, "_PAGE_PRESENT"),
    mmu(23, 8, "_PFNX_MASK, above a PFN of 32 bits"),
    pfn(7, 0, 24),
  ],
  reads: {
    write: differs(0x200_0000n, 0n),
    dirty: differs(0x800_0000n, 0n),
    young: differs(0x400_0000n, 0n),
    protNone: differs(0x2_0000_0000n, 0n),
  },
  // pte_low keeps _PAGE_MODIFIED, _PAGE_ACCESSED and _PFNX_MASK, pte_high _PFN_MASK and _CACHE_MASK.
  modify: { keeps: 0xe0_0cff_ff00n },
  note: "XPA comes with RIXI, and 32-bit kernels with RIXI have no _PAGE_SPECIAL, whose place is bit 28",
  citation: `See _PFNX_MASK in ${BITS_H} and pte_modify() in arch/mips/include/asm/pgtable.h (as of Linux v7.3)`,
};

/** Newest first. */
export const present: readonly PresentLayout[] = newestFirst([
  ...variants.map((variant) => r4k("6.6", true, variant)),
  r3k("6.6", true),
  ...variants.map((variant) => r4k("5.10", false, variant)),
  r3k("5.10", false),
  bits36,
  xpa,
]);
