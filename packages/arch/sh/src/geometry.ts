import type { Geometry, UpperEntry } from "@ptekit/core";
import { bits, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

// Tables are the kernel's own, named by its virtual addresses: physical are they without CONFIG_PAGE_OFFSET (and, with
// CONFIG_PMB, above __MEMORY_START, which the caller has to say).

const PAGE_OFFSET = 0x8000_0000n;

const entry = (pageShift: number, bytes: 4 | 8): UpperEntry => ({
  bytes,
  none: equals(bytes === 8 ? 0xffff_ffff_ffff_ffffn : 0xffff_ffffn, 0n),
  table: equals(0n, 0n),
  address: [bits(31, pageShift)],
  linear: PAGE_OFFSET,
});

const PAGES = { CONFIG_PAGE_SIZE_4KB: 12, CONFIG_PAGE_SIZE_8KB: 13, CONFIG_PAGE_SIZE_64KB: 16 };

export const geometry: readonly Geometry[] = [
  {
    since: "4.4",
    when: ["CONFIG_X2TLB", "CONFIG_PAGE_SIZE_4KB"],
    levels: levels(12, [2, 9, 9], entry(12, 8)),
    root: { align: 32, userEntries: 2 },
    uncertain: READ_FROM_HEADERS,
    citation: "See PTRS_PER_PGD in arch/sh/include/asm/pgtable-3level.h (as of Linux v5.10, v6.12 and v7.3)",
  },
  ...Object.entries(PAGES).map(([pages, shift]): Geometry => {
    const top = 32 - shift - (shift - 2);
    return {
      since: "4.4",
      when: ["!CONFIG_X2TLB", pages],
      levels: levels(shift, [top, shift - 2], entry(shift, 4)),
      // TASK_SIZE is 0x7c000000.
      root: { align: 4096, userEntries: Math.ceil((0x7c00_0000 / 2 ** 32) * 2 ** top) },
      uncertain: READ_FROM_HEADERS,
      citation: "See PGDIR_SHIFT in arch/sh/include/asm/pgtable-2level.h (as of Linux v5.10, v6.12 and v7.3)",
    };
  }),
];
