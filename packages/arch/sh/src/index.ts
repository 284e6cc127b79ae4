import type { Architecture } from "@ptekit/core";
import { trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

const KCONFIG = "arch/sh/mm/Kconfig (as of Linux v5.10 and v6.12)";

/**
 * SuperH from 4.2 on, with PTEs of 32 bits (SH-3, SH-4) and, with the extended TLB of SH-4A, of 64.
 *
 * SH-5 (CONFIG_SUPERH64, until 5.8) had other page tables, which are not described.
 */
export const sh: Architecture = trustedArch({
  name: "sh",
  aliases: ["sh4"],
  title: "SuperH",
  header: "arch/sh/include/asm/pgtable_32.h",
  layouts,
  geometry,
  present,
  hugetlb: [
    {
      levels: ["pte"],
      since: "6.6",
      when: [],
      note: "one PTE stands for the page, the first of its run; markers alone (UFFDIO_POISON): no hugetlbfs page is migrated",
      citation:
        "See huge_pte_alloc() in arch/sh/mm/hugetlbpage.c and set_huge_pte_at() in include/asm-generic/hugetlb.h (as of Linux v7.3)",
    },
  ],
  symbols: [
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    { name: "CONFIG_X2TLB", default: "n", citation: KCONFIG },
    {
      name: "CONFIG_SUPERH64",
      default: "n",
      until: "5.8",
      citation: `Linux kernel commit 37744feebc08 ("sh: remove sh5 support") (in v5.8)`,
    },
    { name: "CONFIG_PAGE_SIZE_4KB", default: "y", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_PAGE_SIZE_8KB", default: "n", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_PAGE_SIZE_64KB", default: "n", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_CPU_BIG_ENDIAN", default: "n", citation: "arch/sh/Kconfig.cpu (as of Linux v6.12)" },
  ],
  pageShift: [
    { shift: 13, when: ["CONFIG_PAGE_SIZE_8KB"] },
    { shift: 16, when: ["CONFIG_PAGE_SIZE_64KB"] },
    { shift: 12 },
  ],
  physBits: [
    { bits: 32, citation: "See MAX_PHYSMEM_BITS in arch/sh/include/asm/sparsemem.h (as of Linux v6.12)" },
  ],
  byteOrder: [{ order: "big", when: ["CONFIG_CPU_BIG_ENDIAN"] }, { order: "little" }],
});
export { sh as default };
