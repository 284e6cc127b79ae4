import type { Geometry, UpperEntry } from "@ptekit/core";
import { addressBitsOf, bits, differs, either, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

// Hardware walks nothing: the tables are the kernel's own, and name each other by its virtual addresses.

type Pages = "4KB" | "8KB" | "16KB" | "32KB" | "64KB";
const shifts: Readonly<Record<Pages, number>> = { "4KB": 12, "8KB": 13, "16KB": 14, "32KB": 15, "64KB": 16 };

/**
 * Tables stand in XKPHYS, so that the address without its upper byte is the physical one. invalid_pmd_table and
 * invalid_pte_table, where empty entries lead, stand in the kernel's image, in CKSEG0. What has no bit 63 is no address:
 * a huge page.
 */
const entry64 = (pageShift: number): UpperEntry => ({
  bytes: 8,
  none: either(equals(0xffff_ffff_ffff_ffffn, 0n), equals(0xffff_ffff_0000_0000n, 0xffff_ffff_0000_0000n)),
  table: equals(1n << 63n, 1n << 63n),
  leaf: equals(1n << 63n, 0n),
  address: [bits(55, pageShift)],
});

/**
 * Tables stand in KSEG0; empty entries lead to invalid_pte_table there, which holds nothing. What has bits below a page is
 * no address: a huge page.
 */
const entry32 = (pageShift: number): UpperEntry => ({
  bytes: 4,
  none: equals(0xffff_ffffn, 0n),
  table: equals(0x8000_0fffn, 0x8000_0000n),
  leaf: differs(0xfffn, 0n),
  address: [bits(28, pageShift)],
});

/** How many bits choose an entry, from the root down, without and with CONFIG_MIPS_VA_BITS_48. */
const trees: readonly (readonly [Pages, readonly number[], (readonly number[])?])[] = [
  ["4KB", [10, 9, 9], [9, 9, 9, 9]],
  ["8KB", [10, 10, 10]],
  ["16KB", [11, 11, 11], [12, 11, 11]],
  ["32KB", [12, 12, 12]],
  ["64KB", [13, 13], [13, 13, 13]],
];

/** Kernels whose tables were walked: 5kc (4K), loongson-3 (16K) and 4kc (32 bits, 4K), all 6.1. */
const walked = new Set(["4KB 40", "16KB 47", "4KB 32"]);

function row(
  pages: Pages,
  when: readonly string[],
  indexBits: readonly number[],
  entry: (shift: number) => UpperEntry,
): Geometry {
  const shift = shifts[pages];
  const tree = levels(shift, indexBits, entry(shift));
  const [top] = tree as [Geometry["levels"][0]];
  const is64 = tree[0]?.entry?.bytes === 8;
  return {
    since: "4.2",
    when: [`CONFIG_PAGE_SIZE_${pages}`, ...when],
    levels: tree,
    root: {
      align: is64 ? Math.max(2 ** shift, 8 * 2 ** top.indexBits) : 2 ** shift,
      ...(is64 ? {} : { userEntries: 2 ** (top.indexBits - 1) }),
    },
    ...(is64 ? { kernelBase: 0xc000_0000_0000_0000n } : {}),
    ...(walked.has(`${pages} ${addressBitsOf(tree)}`) ? {} : { uncertain: READ_FROM_HEADERS }),
    citation: `See PGD_TABLE_ORDER and PGDIR_SHIFT in arch/mips/include/asm/pgtable-${is64 ? 64 : 32}.h (as of Linux v5.10, v6.12 and v7.3)`,
  };
}

const wide = trees.flatMap(([pages, usual, with48]) => [
  ...(with48 ? [row(pages, ["CONFIG_64BIT", "CONFIG_MIPS_VA_BITS_48"], with48, entry64)] : []),
  row(pages, ["CONFIG_64BIT"], usual, entry64),
]);

/** A PTE of 8 bytes (XPA, 36-bit addresses) halves a table's entries. */
const narrow = (Object.keys(shifts) as Pages[]).flatMap((pages) => {
  const split = (bits: number): number[] => [32 - shifts[pages] - bits, bits];
  return [
    row(pages, ["!CONFIG_64BIT", "CONFIG_XPA"], split(shifts[pages] - 3), entry32),
    row(pages, ["!CONFIG_64BIT", "CONFIG_PHYS_ADDR_T_64BIT"], split(shifts[pages] - 3), entry32),
    // PGDIR_SHIFT is one less, for a huge page is a pair of pages in the TLB.
    row(pages, ["!CONFIG_64BIT", "CONFIG_MIPS_HUGE_TLB_SUPPORT"], split(shifts[pages] - 3), entry32),
    row(pages, ["!CONFIG_64BIT"], split(shifts[pages] - 2), entry32),
  ];
});

/** Where nothing else is said, for the processors that Debian and most others build for. */
export const geometry: readonly Geometry[] = [...wide, ...narrow];
