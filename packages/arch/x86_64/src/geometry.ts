import type { Geometry, LevelName, UpperEntry } from "@ptekit/core";
import { bits, differs, equals, levels } from "@ptekit/core";

/** A and D, which hardware may set in an entry that is not present: pmd_none() ignores them. */
const NONE = equals(0xffff_ffff_ffff_ff9fn, 0n);

/** PS is reserved in a table of 512 GiB and more: set there, the entry is neither table nor page. */
const top: UpperEntry = { bytes: 8, none: NONE, table: equals(0x81n, 0x1n), address: [bits(51, 12)] };

/** With PS a page, present or PROT_NONE; split_huge_pmd() clears P for a moment and leaves PS. */
const huge: UpperEntry = { ...top, leaf: differs(0x80n, 0n) };

const root: Geometry["root"] = {
  align: 4096,
  userEntries: 256,
  kernelImage: 0xffff_ffff_8000_0000n,
  register: { name: "cr3", address: [bits(51, 12)] },
  copy: {
    flip: 0x1000n,
    what: "the table that user mode runs on under page-table isolation: the user's half again, and of the kernel's what leads back into it",
  },
};

const entry = (level: LevelName): UpperEntry => (level === "pud" || level === "pmd" ? huge : top);

/** Held against running kernels: 5.10 to 7.3, with four levels and five, with page-table isolation and without. */
export const geometry: readonly Geometry[] = [
  {
    since: "4.12",
    when: ["la57"],
    levels: levels(12, [9, 9, 9, 9, 9], entry),
    signExtended: true,
    root,
    citation: "See P4D_SHIFT in arch/x86/include/asm/pgtable_64_types.h (as of Linux v5.10, v6.12 and v7.3)",
  },
  {
    since: "2.6.12",
    levels: levels(12, [9, 9, 9, 9], entry),
    signExtended: true,
    root,
    citation:
      "See PGDIR_SHIFT in arch/x86/include/asm/pgtable_64_types.h (as of Linux v5.10, v6.12 and v7.3)",
  },
];
