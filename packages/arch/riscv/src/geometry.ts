import type { Geometry, UpperEntry } from "@ptekit/core";
import { bits, differs, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

const NONE_64 = equals(0xffff_ffff_ffff_ffffn, 0n);

/** Any of R, W and X makes it a page, present or not; a table has none of them. */
const LEAF = differs(0xen, 0n);
const TABLE = equals(0xfn, 0x1n);

const entry: UpperEntry = { bytes: 8, none: NONE_64, table: TABLE, leaf: LEAF, address: [bits(53, 10, 12)] };

const narrow: UpperEntry = {
  bytes: 4,
  none: equals(0xffff_ffffn, 0n),
  table: TABLE,
  leaf: LEAF,
  address: [bits(31, 10, 12)],
};

const root: Geometry["root"] = {
  align: 4096,
  userEntries: 256,
  kernelImage: 0xffff_ffff_8000_0000n,
  register: { name: "satp", address: [bits(43, 0, 12)] },
};

/** Held against running kernels: 6.12 and 7.2 with Sv57. */
export const geometry: readonly Geometry[] = [
  {
    since: "5.18",
    when: ["CONFIG_64BIT", "sv57"],
    levels: levels(12, [9, 9, 9, 9, 9], entry),
    signExtended: true,
    root,
    citation: "See P4D_SHIFT in arch/riscv/include/asm/pgtable-64.h (as of Linux v6.12 and v7.3)",
  },
  {
    since: "5.17",
    when: ["CONFIG_64BIT", "sv48"],
    levels: levels(12, [9, 9, 9, 9], entry),
    signExtended: true,
    root,
    citation: "See PUD_SHIFT in arch/riscv/include/asm/pgtable-64.h (as of Linux v6.1 and v7.3)",
  },
  {
    since: "4.15",
    when: ["CONFIG_64BIT"],
    levels: levels(12, [9, 9, 9], entry),
    signExtended: true,
    root,
    citation: "See PMD_SHIFT in arch/riscv/include/asm/pgtable-64.h (as of Linux v5.10 and v7.3)",
  },
  {
    since: "4.15",
    when: ["!CONFIG_64BIT"],
    levels: levels(12, [10, 10], narrow),
    root: { align: 4096, userEntries: 768, register: { name: "satp", address: [bits(21, 0, 12)] } },
    uncertain: READ_FROM_HEADERS,
    citation: "See PGDIR_SHIFT in arch/riscv/include/asm/pgtable-32.h (as of Linux v5.10 and v7.3)",
  },
];
