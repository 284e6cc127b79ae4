import type { Architecture } from "@ptekit/core";
import { trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

const KCONFIG = "arch/parisc/Kconfig (as of Linux v6.12)";

/** PA-RISC from 4.2 on, kernels of 32 and of 64 bits. */
export const parisc: Architecture = trustedArch({
  name: "parisc",
  aliases: ["parisc64", "hppa"],
  title: "PA-RISC",
  header: "arch/parisc/include/asm/pgtable.h",
  layouts,
  geometry,
  present,
  hugetlb: [
    {
      levels: ["pte"],
      when: ["CONFIG_HUGETLB_PAGE"],
      note: "a page is a run of PTEs; hwpoison entries and markers alone",
      citation: "See set_huge_pte_at() in arch/parisc/mm/hugetlbpage.c (as of Linux v7.3)",
    },
  ],
  symbols: [
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    {
      name: "CONFIG_MEMORY_FAILURE",
      default: "y",
      since: "5.10",
      citation: "ARCH_SUPPORTS_MEMORY_FAILURE in arch/parisc/Kconfig (as of Linux v5.10)",
    },
    { name: "CONFIG_64BIT", default: "y", citation: KCONFIG },
    { name: "CONFIG_HUGETLB_PAGE", default: "n", citation: "fs/Kconfig (as of Linux v6.12)" },
    { name: "CONFIG_PARISC_PAGE_SIZE_4KB", default: "y", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_PARISC_PAGE_SIZE_16KB", default: "n", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_PARISC_PAGE_SIZE_64KB", default: "n", choice: "page size", citation: KCONFIG },
  ],
  pageShift: [
    { shift: 14, when: ["CONFIG_PARISC_PAGE_SIZE_16KB"] },
    { shift: 16, when: ["CONFIG_PARISC_PAGE_SIZE_64KB"] },
    { shift: 12 },
  ],
  physBits: [
    {
      bits: 39,
      when: ["CONFIG_64BIT"],
      citation: "See MAX_PHYSMEM_BITS in arch/parisc/include/asm/sparsemem.h (as of Linux v6.12)",
    },
    { bits: 32, citation: "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)" },
  ],
  byteOrder: [{ order: "big" }],
});
export { parisc as default };
