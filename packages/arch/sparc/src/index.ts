import type { Architecture } from "@ptekit/core";
import { newestFirst, trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

const KCONFIG = "arch/sparc/Kconfig (as of Linux v6.12)";
const PATCHED =
  "See pte_present() in arch/sparc/include/asm/pgtable_64.h (as of Linux v6.12): patched at boot";

/** SPARC from 4.2 on: 32-bit with the SRMMU, 64-bit sun4u and sun4v. */
export const sparc: Architecture = trustedArch({
  name: "sparc",
  aliases: ["sparc32", "sparc64"],
  title: "SPARC",
  header: "arch/sparc/include/asm/pgtable_64.h",
  layouts: newestFirst(layouts),
  geometry,
  present,
  hugetlb: [
    {
      levels: ["pte", "pmd", "pud"],
      when: ["CONFIG_SPARC64"],
      note: "markers alone (UFFDIO_POISON): no hugetlbfs page is migrated",
      citation: "See set_huge_pte_at() in arch/sparc/mm/hugetlbpage.c (as of Linux v7.3)",
    },
  ],
  // pmd_write() and its like are those of the PTE.
  leaves: [
    {
      levels: ["pmd", "pud"],
      when: ["CONFIG_SPARC64"],
      fields: [],
      citation: "See pmd_write() in arch/sparc/include/asm/pgtable_64.h (as of Linux v5.10 and v7.3)",
    },
  ],
  symbols: [
    { name: "CONFIG_SPARC64", default: "y", choice: "width", citation: KCONFIG },
    { name: "CONFIG_SPARC32", default: "n", choice: "width", citation: KCONFIG },
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
  ],
  cpus: [
    { name: "sun4u", choice: "machine", default: true, when: ["CONFIG_SPARC64"], citation: PATCHED },
    { name: "sun4v", choice: "machine", when: ["CONFIG_SPARC64"], citation: PATCHED },
  ],
  pageShift: [{ shift: 13, when: ["CONFIG_SPARC64"] }, { shift: 12 }],
  physBits: [
    {
      bits: 53,
      when: ["CONFIG_SPARC64"],
      citation: "See MAX_PHYS_ADDRESS_BITS in arch/sparc/include/asm/page_64.h (as of Linux v6.12)",
    },
    { bits: 32, citation: "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)" },
  ],
  byteOrder: [{ order: "big" }],
});
export { sparc as default };
