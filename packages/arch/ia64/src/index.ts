import type { Architecture } from "@ptekit/core";
import { trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

const KCONFIG = "arch/ia64/Kconfig (as of Linux v6.1)";

/** Itanium from 4.0 to 6.6. */
export const ia64: Architecture = trustedArch({
  name: "ia64",
  title: "Itanium",
  header: "arch/ia64/include/asm/pgtable.h",
  layouts,
  geometry,
  present,
  removed: {
    in: "6.7",
    citation: `Linux kernel commit cf8e8658100d ("arch: Remove Itanium (IA-64) architecture") (in v6.7)`,
  },
  hugetlb: [
    {
      levels: ["pte"],
      since: "6.6",
      when: [],
      note: "of region 4, whose PTEs are of the size of a huge page; markers alone (UFFDIO_POISON, of 6.6 by memory): no hugetlbfs page is migrated, nor poisoned by hardware",
      citation:
        "See huge_pte_alloc() in arch/ia64/mm/hugetlbpage.c and set_huge_pte_at() in include/asm-generic/hugetlb.h (as of Linux v6.1)",
    },
  ],
  symbols: [
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.1)" },
    { name: "CONFIG_PGTABLE_LEVELS", default: 3, values: [4], only: "geometry", citation: KCONFIG },
    { name: "CONFIG_SPARSEMEM", default: "y", citation: KCONFIG },
    { name: "CONFIG_IA64_PAGE_SIZE_16KB", default: "y", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_IA64_PAGE_SIZE_4KB", default: "n", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_IA64_PAGE_SIZE_8KB", default: "n", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_IA64_PAGE_SIZE_64KB", default: "n", choice: "page size", citation: KCONFIG },
  ],
  pageShift: [
    { shift: 12, when: ["CONFIG_IA64_PAGE_SIZE_4KB"] },
    { shift: 13, when: ["CONFIG_IA64_PAGE_SIZE_8KB"] },
    { shift: 16, when: ["CONFIG_IA64_PAGE_SIZE_64KB"] },
    { shift: 14 },
  ],
  physBits: [
    {
      bits: 50,
      when: ["CONFIG_SPARSEMEM"],
      citation: "See MAX_PHYSMEM_BITS in arch/ia64/include/asm/sparsemem.h (as of Linux v6.1)",
    },
    { bits: 64, citation: "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.1)" },
  ],
  byteOrder: [{ order: "little" }],
});
export { ia64 as default };
