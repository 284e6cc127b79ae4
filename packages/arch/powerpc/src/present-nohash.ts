import type { PresentField, PresentLayout } from "@ptekit/core";
import { differs, equals, free, mmu, pfn, pfnAbove, software } from "@ptekit/core";

const NOHASH_32 = "arch/powerpc/include/asm/nohash/32";
const RENAMED =
  "_PAGE_USER and _PAGE_RW became _PAGE_READ and _PAGE_WRITE between the headers of v6.1 and v6.12, likely in v6.7";
const ABOVE_36 = [
  { high: 63, low: 36, condition: "PTE_RPN_MASK ends at the 36-bit address; today it covers them" },
];

/** The flags of a header that names each of bits `from` and down, highest first. */
const named = (from: number, names: readonly string[], softwareNames: readonly string[]): PresentField[] =>
  names.map((name, i) =>
    softwareNames.includes(name) ? software(from - i, name) : mmu(from - i, from - i, name),
  );

const SOFTWARE = ["_PAGE_PRESENT", "_PAGE_ACCESSED", "_PAGE_DIRTY", "_PAGE_SPECIAL"];

const CACHE = ["_PAGE_WRITETHRU", "_PAGE_NO_CACHE", "_PAGE_COHERENT", "_PAGE_GUARDED", "_PAGE_ENDIAN"];

const flags44x = (six: string, three: string[]): PresentField[] =>
  named(11, [...CACHE, six, "_PAGE_SPECIAL", "_PAGE_DIRTY", ...three, "_PAGE_PRESENT"], SOFTWARE);

const p44x = (since: string): PresentLayout => {
  const isNew = since === "6.7";
  return {
    since,
    when: ["CONFIG_44x"],
    fields: [
      pfnAbove(63, 12),
      ...(isNew
        ? flags44x("_PAGE_ACCESSED", ["_PAGE_READ", "_PAGE_EXEC", "_PAGE_WRITE"])
        : flags44x("_PAGE_USER", ["_PAGE_ACCESSED", "_PAGE_EXEC", "_PAGE_RW"])),
    ],
    reads: {
      write: differs(0x2n, 0n),
      dirty: differs(0x10n, 0n),
      young: differs(isNew ? 0x40n : 0x8n, 0n),
      special: differs(0x20n, 0n),
      protNone: isNew ? equals(0xen, 0n) : equals(0x40n, 0n),
    },
    modify: { keeps: isNew ? 0x70n : 0x38n },
    maybe: ABOVE_36,
    uncertain: RENAMED,
    citation: `See _PAGE_PRESENT in ${NOHASH_32}/pte-44x.h (as of Linux ${isNew ? "v7.3" : "v6.1"})`,
  };
};

/** 85xx with 64-bit PTEs, and 64-bit Book3E. */
const e500 = (when: readonly string[]): PresentLayout => ({
  since: "5.10",
  when,
  fields: [
    pfn(63, 24),
    mmu(23, 23, "_PAGE_WRITETHRU"),
    mmu(22, 22, "_PAGE_NO_CACHE"),
    mmu(21, 21, "_PAGE_COHERENT"),
    mmu(20, 20, "_PAGE_GUARDED"),
    mmu(19, 19, "_PAGE_ENDIAN"),
    software(18, "_PAGE_ACCESSED"),
    mmu(17, 17, "_PAGE_U0"),
    mmu(16, 16, "_PAGE_U1"),
    mmu(15, 15, "_PAGE_U2"),
    mmu(14, 14, "_PAGE_U3"),
    software(13, "_PAGE_SPECIAL"),
    software(12, "_PAGE_DIRTY"),
    mmu(11, 8, "_PAGE_PSIZE_MSK"),
    mmu(7, 7, "_PAGE_BAP_UX"),
    mmu(6, 6, "_PAGE_BAP_SX"),
    mmu(5, 5, "_PAGE_BAP_UW"),
    mmu(4, 4, "_PAGE_BAP_SW"),
    mmu(3, 3, "_PAGE_BAP_UR"),
    mmu(2, 2, "_PAGE_BAP_SR"),
    free(1, 1, "_PAGE_SW1"),
    software(0, "_PAGE_PRESENT"),
  ],
  reads: {
    write: differs(0x30n, 0n),
    dirty: differs(0x1000n, 0n),
    young: differs(0x4_0000n, 0n),
    special: differs(0x2000n, 0n),
    protNone: equals(0xfcn, 0n),
  },
  modify: { keeps: 0x4_3000n },
  maybe: [{ high: 17, low: 14, condition: "the user attributes U0 to U3 of a TLB entry stay unused" }],
  citation:
    "See _PAGE_SW1 in arch/powerpc/include/asm/nohash/pte-e500.h (as of Linux v7.3); arch/powerpc/include/asm/nohash/pte-book3e.h (as of Linux v5.10)",
});

/** 85xx with 32-bit PTEs. */
const e500Narrow = (since: string): PresentLayout => {
  const isNew = since === "6.7";
  const above = [
    "_PAGE_SPECIAL",
    "_PAGE_WRITETHRU",
    "_PAGE_NO_CACHE",
    "_PAGE_COHERENT",
    "_PAGE_GUARDED",
    "_PAGE_ENDIAN",
    "_PAGE_ACCESSED",
    "_PAGE_EXEC",
    "_PAGE_DIRTY",
  ];
  const below = isNew
    ? ["_PAGE_WRITE", "_PAGE_PRESENT", "_PAGE_READ"]
    : ["_PAGE_RW", "_PAGE_USER", "_PAGE_PRESENT"];
  return {
    since,
    when: ["CONFIG_PPC_85xx", "!CONFIG_PTE_64BIT"],
    fields: [pfnAbove(31, 12), ...named(11, [...above, ...below], SOFTWARE)],
    reads: {
      write: differs(0x4n, 0n),
      dirty: differs(0x8n, 0n),
      young: differs(0x20n, 0n),
      special: differs(0x800n, 0n),
      protNone: isNew ? equals(0x15n, 0n) : equals(0x2n, 0n),
    },
    modify: { keeps: 0x828n },
    uncertain: RENAMED,
    citation: `See _PAGE_PRESENT in ${NOHASH_32}/pte-85xx.h (as of Linux ${isNew ? "v6.12" : "v6.1"})`,
  };
};

/** 8xx: the pair _PAGE_NA and _PAGE_RO says what a page may be used for. */
const p8xx: PresentLayout = {
  since: "5.10",
  when: ["CONFIG_PPC_8xx"],
  fields: [
    pfnAbove(31, 12),
    mmu(11, 11, "_PAGE_HUGE"),
    mmu(10, 9, "_PAGE_RO"),
    mmu(8, 8, "_PAGE_DIRTY"),
    software(7, "_PAGE_SPECIAL"),
    mmu(6, 6, "_PAGE_EXEC"),
    software(5, "_PAGE_ACCESSED"),
    mmu(4, 4, "_PAGE_GUARDED"),
    mmu(3, 3, "_PAGE_SPS"),
    mmu(2, 2, "_PAGE_SH"),
    mmu(1, 1, "_PAGE_NO_CACHE"),
    mmu(0, 0, "_PAGE_PRESENT"),
  ],
  reads: {
    write: equals(0x600n, 0n),
    dirty: differs(0x100n, 0n),
    young: differs(0x20n, 0n),
    special: differs(0x80n, 0n),
    protNone: equals(0x600n, 0x200n),
  },
  modify: { keeps: 0x1a0n },
  citation: `See _PAGE_NA in ${NOHASH_32}/pte-8xx.h (as of Linux v5.10 and v7.3)`,
};

/** 40x: its TLB code clears bits 11:10, 7:5 and 1. */
const p40x: PresentLayout = {
  since: "5.10",
  when: ["CONFIG_40x"],
  fields: [
    pfnAbove(31, 12),
    free(11, 11),
    software(10, "_PAGE_ACCESSED"),
    mmu(9, 9, "_PAGE_EXEC"),
    mmu(8, 8, "_PAGE_RW"),
    software(7, "_PAGE_DIRTY"),
    free(6, 6),
    software(5, "_PAGE_SPECIAL"),
    mmu(4, 4, "_PAGE_USER"),
    mmu(3, 3, "_PAGE_WRITETHRU"),
    mmu(2, 2, "_PAGE_NO_CACHE"),
    software(1, "_PAGE_PRESENT"),
    mmu(0, 0, "_PAGE_GUARDED"),
  ],
  reads: {
    write: differs(0x100n, 0n),
    dirty: differs(0x80n, 0n),
    young: differs(0x400n, 0n),
    special: differs(0x20n, 0n),
    protNone: equals(0x10n, 0n),
  },
  modify: { keeps: 0x4a0n },
  citation: `See _PAGE_PRESENT in ${NOHASH_32}/pte-40x.h (as of Linux v5.10 and v6.1)`,
};

/** Newest first within each family. */
export const presentNohash: readonly PresentLayout[] = [
  p44x("6.7"),
  e500Narrow("6.7"),
  p44x("5.10"),
  e500(["CONFIG_PPC_85xx", "CONFIG_PTE_64BIT"]),
  e500(["CONFIG_PPC64", "!CONFIG_PPC_BOOK3S_64"]),
  e500Narrow("5.10"),
  p8xx,
  p40x,
];
