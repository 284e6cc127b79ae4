import type { Geometry, LevelName, UpperEntry } from "@ptekit/core";
import { bits, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

const NONE = equals(0xffff_ffffn, 0n);

/** The MMU's own tables, whatever the kernel made of them: before 5.7 it took 16 of the last for one. */
const motorola = (low: number, page: number): UpperEntry => ({
  bytes: 4,
  none: NONE,
  table: equals(0x3n, 0x2n),
  leaf: equals(0x3n, 0x1n),
  address: [bits(31, low)],
  page: [bits(31, page)],
});

/** Tables that the kernel alone reads: the entry is the address of a page. */
const address: UpperEntry = { bytes: 4, none: NONE, table: equals(0n, 0n), address: [bits(31, 13)] };

/** Held against a running kernel: 7.2, motorola. */
export const geometry: readonly Geometry[] = [
  {
    since: "4.4",
    when: ["CONFIG_MMU_MOTOROLA"],
    levels: levels(12, [7, 7, 6], (level: LevelName) =>
      level === "pmd" ? motorola(8, 18) : motorola(9, 25),
    ),
    root: { align: 512, register: { name: "urp", address: [bits(31, 9)] } },
    citation:
      "See PMD_SHIFT in arch/m68k/include/asm/pgtable_mm.h and _TABLE_MASK in arch/m68k/include/asm/motorola_pgtable.h (as of Linux v5.10, v6.12 and v7.3)",
  },
  {
    since: "4.4",
    when: ["CONFIG_MMU_SUN3"],
    levels: levels(13, [11, 4], address),
    root: { align: 8192, userEntries: 112 },
    uncertain: READ_FROM_HEADERS,
    citation:
      "See PTRS_PER_PTE in arch/m68k/include/asm/pgtable_mm.h and pmd_populate() in arch/m68k/include/asm/sun3_pgalloc.h (as of Linux v5.10, v6.12 and v7.3)",
  },
  {
    since: "4.4",
    when: ["CONFIG_MMU_COLDFIRE"],
    levels: levels(13, [10, 9], address),
    root: { align: 8192 },
    uncertain: READ_FROM_HEADERS,
    citation:
      "See PTRS_PER_PTE in arch/m68k/include/asm/pgtable_mm.h and pmd_populate() in arch/m68k/include/asm/mcf_pgalloc.h (as of Linux v5.10, v6.12 and v7.3)",
  },
];
