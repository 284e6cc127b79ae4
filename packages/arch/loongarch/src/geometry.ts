import type { Geometry, UpperEntry } from "@ptekit/core";
import { addressBitsOf, bits, differs, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

type Pages = "4KB" | "16KB" | "64KB";
const shifts: Readonly<Record<Pages, number>> = { "4KB": 12, "16KB": 14, "64KB": 16 };

/**
 * Tables are named by the kernel's virtual addresses in a direct-mapped window: without the window's bits they are
 * physical. Empty entries lead to invalid_pud_table, invalid_pmd_table and invalid_pte_table, which hold nothing. With
 * _PAGE_HUGE it is no table, and a page where it is present.
 */
const entry64 = (pageShift: number): UpperEntry => ({
  bytes: 8,
  none: equals(0xffff_ffff_ffff_ffffn, 0n),
  table: equals(0x40n, 0n),
  leaf: differs(0x1000_0000_0000_0480n, 0n),
  address: [bits(47, pageShift)],
});

const entry32 = (pageShift: number): UpperEntry => ({
  bytes: 4,
  none: equals(0xffff_ffffn, 0n),
  table: equals(0x40n, 0n),
  address: [bits(28, pageShift)],
});

/** Kernels whose tables were walked: 16K pages and three levels, 7.2. */
const walked = new Set(["16KB 47"]);

function wide(pages: Pages, count: 2 | 3 | 4): Geometry {
  const shift = shifts[pages];
  const tree = levels(
    shift,
    Array.from({ length: count }, () => shift - 3),
    entry64(shift),
  );
  return {
    since: "5.19",
    when: ["CONFIG_64BIT", `CONFIG_PAGE_SIZE_${pages}`, `CONFIG_PGTABLE_${count}LEVEL`],
    levels: tree,
    root: { align: 2 ** shift },
    ...(walked.has(`${pages} ${addressBitsOf(tree)}`) ? {} : { uncertain: READ_FROM_HEADERS }),
    citation: "See PGDIR_SHIFT in arch/loongarch/include/asm/pgtable.h (as of Linux v6.1, v6.12 and v7.3)",
  };
}

const narrow = (pages: Pages): Geometry => {
  const shift = shifts[pages];
  const top = 32 - shift - (shift - 2);
  return {
    since: "7.0",
    when: ["!CONFIG_64BIT", `CONFIG_PAGE_SIZE_${pages}`],
    levels: levels(shift, [top, shift - 2], entry32(shift)),
    root: { align: 2 ** shift, userEntries: 2 ** (top - 1) },
    uncertain: READ_FROM_HEADERS,
    citation: "See PGDIR_SHIFT in arch/loongarch/include/asm/pgtable.h (as of Linux v7.2 and v7.3)",
  };
};

export const geometry: readonly Geometry[] = [
  wide("4KB", 4),
  wide("4KB", 3),
  wide("16KB", 3),
  wide("16KB", 2),
  wide("64KB", 3),
  wide("64KB", 2),
  narrow("16KB"),
  narrow("4KB"),
];
