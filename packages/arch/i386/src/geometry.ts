import type { Geometry, LevelName, UpperEntry } from "@ptekit/core";
import { bits, differs, equals, levels } from "@ptekit/core";

/** A and D, which hardware may set in an entry that is not present: pmd_none() ignores them. */
const entry: UpperEntry = {
  bytes: 4,
  none: equals(0xffff_ff9fn, 0n),
  table: equals(0x81n, 0x1n),
  leaf: differs(0x80n, 0n),
  address: [bits(31, 12)],
  page: [bits(31, 22)],
};

/** The four entries of PAE's root have no PS. */
const top: UpperEntry = {
  bytes: 8,
  none: equals(0xffff_ffff_ffff_ffffn, 0n),
  table: equals(0x1n, 0x1n),
  address: [bits(51, 12)],
};
const middle: UpperEntry = {
  ...top,
  none: equals(0xffff_ffff_ffff_ff9fn, 0n),
  table: equals(0x81n, 0x1n),
  leaf: differs(0x80n, 0n),
};

/** Held against running kernels: 5.10 and 6.1 with two levels and with PAE, 7.2 with two. The user's part is that of VMSPLIT_3G. */
export const geometry: readonly Geometry[] = [
  {
    since: "2.6.29",
    when: ["CONFIG_X86_PAE"],
    levels: levels(12, [2, 9, 9], (level: LevelName) => (level === "pmd" ? middle : top)),
    root: {
      align: 32,
      userEntries: 3,
      register: { name: "cr3", address: [bits(31, 5)] },
      copy: { flip: 0x1000n, what: "the table that user mode runs on under page-table isolation" },
    },
    citation:
      "See PGDIR_SHIFT in arch/x86/include/asm/pgtable-3level_types.h (as of Linux v5.10, v6.12 and v7.3)",
  },
  {
    since: "2.6.29",
    when: ["!CONFIG_X86_PAE"],
    levels: levels(12, [10, 10], entry),
    root: { align: 4096, userEntries: 768, register: { name: "cr3", address: [bits(31, 12)] } },
    citation:
      "See PGDIR_SHIFT in arch/x86/include/asm/pgtable-2level_types.h (as of Linux v5.10, v6.12 and v7.3)",
  },
];
