import type { Geometry, UpperEntry } from "@ptekit/core";
import { bits, differs, either, equals, levels } from "@ptekit/core";

/** With LPAE a section is a page; one of PROT_NONE has L_PMD_SECT_NONE instead of its valid bit. */
const descriptor: UpperEntry = {
  bytes: 8,
  none: equals(0xffff_ffff_ffff_ffffn, 0n),
  table: equals(0x3n, 0x3n),
  leaf: either(equals(0x3n, 0x1n), differs(0x0200_0000_0000_0000n, 0n)),
  address: [bits(39, 12)],
};

/**
 * With short descriptors the hardware has a table of 256 entries for each mebibyte. Linux keeps its own, of the same
 * number of entries, 2048 bytes below it, and makes both for two mebibytes at once.
 */
const short: UpperEntry = {
  bytes: 4,
  none: equals(0xffff_ffffn, 0n),
  table: equals(0x3n, 0x1n),
  leaf: differs(0x2n, 0n),
  address: [bits(31, 10)],
  plus: -2048n,
  page: [bits(31, 20)],
};

/** Held against running kernels: 6.1 and 7.2 with short descriptors and with LPAE. The user's part is that of VMSPLIT_3G. */
export const geometry: readonly Geometry[] = [
  {
    since: "3.3",
    when: ["CONFIG_ARM_LPAE"],
    levels: levels(12, [2, 9, 9], descriptor),
    root: { align: 32, userEntries: 3, register: { name: "TTBR0_EL1", address: [bits(39, 5)] } },
    citation: "See PGDIR_SHIFT in arch/arm/include/asm/pgtable-3level.h (as of Linux v5.10, v6.12 and v7.3)",
  },
  {
    since: "2.6.29",
    when: ["!CONFIG_ARM_LPAE"],
    levels: levels(12, [12, 8], short),
    root: { align: 16384, userEntries: 3056, register: { name: "TTBR0", address: [bits(31, 14)] } },
    pteCopy: { plus: 2048, what: "the entries that the hardware reads: 0 where one is not present" },
    citation:
      "See PTE_HWTABLE_OFF in arch/arm/include/asm/pgtable-2level.h (as of Linux v5.10, v6.12 and v7.3)",
  },
];
