import type { Geometry } from "@ptekit/core";
import { bits, differs, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

/** The size of a page in bits 2:0 of an entry, and how many bits of an address a table of such pages leaves out. */
const PAGES = {
  CONFIG_PAGE_SIZE_4KB: { shift: 12, size: 0n },
  CONFIG_PAGE_SIZE_16KB: { shift: 14, size: 1n },
  CONFIG_PAGE_SIZE_64KB: { shift: 16, size: 2n },
  CONFIG_PAGE_SIZE_256KB: { shift: 18, size: 3n },
};

/** The hypervisor reads them: __HVM_PDE_S_INVALID is none, and sizes of 4 MiB and 16 MiB are pages. */
export const geometry: readonly Geometry[] = Object.entries(PAGES).map(([page, { shift, size }]) => ({
  since: "4.4",
  when: [page],
  levels: levels(shift, [10, 22 - shift], {
    bytes: 4,
    none: equals(0x7n, 0x7n),
    table: equals(0x7n, size),
    leaf: differs(0x4n, 0n),
    address: [bits(31, 22 - shift + 2)],
    page: [bits(31, 22)],
  }),
  root: { align: 4096, userEntries: 768 },
  uncertain: READ_FROM_HEADERS,
  citation:
    "See PTRS_PER_PTE in arch/hexagon/include/asm/pgtable.h and __HVM_PDE_S in arch/hexagon/include/asm/vm_mmu.h (as of Linux v5.10, v6.12 and v7.3)",
}));
