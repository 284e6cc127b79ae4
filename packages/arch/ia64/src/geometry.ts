import type { Geometry, Level, UpperEntry } from "@ptekit/core";
import { bits, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

const PAGES = {
  CONFIG_IA64_PAGE_SIZE_4KB: 12,
  CONFIG_IA64_PAGE_SIZE_8KB: 13,
  CONFIG_IA64_PAGE_SIZE_16KB: 14,
  CONFIG_IA64_PAGE_SIZE_64KB: 16,
};

const entry = (pageShift: number): UpperEntry => ({
  bytes: 8,
  none: equals(0xffff_ffff_ffff_ffffn, 0n),
  table: equals(0n, 0n),
  address: [bits(49, pageShift)],
});

/** The region, bits 63:61 of an address, chooses an eighth of the root; regions 0 to 4 are the user's. */
function row(page: string, shift: number, count: 3 | 4): Geometry {
  const index = shift - 3;
  const [top, ...below] = levels(
    shift,
    [index - 3, ...Array.from({ length: count - 1 }, () => index)],
    entry(shift),
  ) as [Level];
  return {
    since: "4.4",
    when: [page, ...(count === 4 ? ["CONFIG_PGTABLE_LEVELS=4"] : [])],
    levels: [{ ...top, region: { shift: 61, bits: 3 } }, ...below],
    root: { align: 2 ** shift, userEntries: 5 * 2 ** (index - 3) },
    uncertain: READ_FROM_HEADERS,
    citation:
      "See PGDIR_SHIFT and pgd_index() in arch/ia64/include/asm/pgtable.h (as of Linux v5.10 and v6.1)",
  };
}

export const geometry: readonly Geometry[] = Object.entries(PAGES).flatMap(([page, shift]) => [
  ...(shift === 16 ? [] : [row(page, shift, 4)]),
  row(page, shift, 3),
]);
