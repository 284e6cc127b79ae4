import type { Geometry } from "@ptekit/core";
import { bits, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

const row = (page: string, shift: number, indexBits: readonly number[]): Geometry => ({
  since: "4.17",
  when: [page],
  // Bit 0 is set where there is no table.
  levels: levels(shift, indexBits, {
    bytes: 4,
    none: equals(0x1n, 0x1n),
    table: equals(0x1n, 0n),
    address: [bits(31, shift)],
  }),
  root: { align: 4096, userEntries: (indexBits[0] as number) === 10 ? 768 : 192 },
  uncertain: READ_FROM_HEADERS,
  citation: "See PGDIR_SHIFT and pmd_none() in arch/nds32/include/asm/pgtable.h (as of Linux v5.10)",
});

export const geometry: readonly Geometry[] = [
  row("CONFIG_ANDES_PAGE_SIZE_8KB", 13, [8, 11]),
  row("CONFIG_ANDES_PAGE_SIZE_4KB", 12, [10, 10]),
];
