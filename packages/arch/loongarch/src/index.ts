import type { Architecture } from "@ptekit/core";
import { mmu, trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

const KCONFIG = "arch/loongarch/Kconfig (as of Linux v6.12)";
const PFN_BITS = "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)";

/** LoongArch from 5.19 on with 64 bits, from 6.19 on with 32 bits too. */
export const loongarch: Architecture = trustedArch({
  name: "loongarch",
  aliases: ["loong64", "loongarch64", "loongarch32"],
  title: "LoongArch",
  header: "arch/loongarch/include/asm/pgtable.h",
  layouts,
  geometry,
  present,
  hugetlb: [
    {
      levels: ["pmd"],
      when: ["CONFIG_64BIT"],
      note: "markers alone (UFFDIO_POISON): no hugetlbfs page is migrated",
      citation: "See set_huge_pte_at() in include/asm-generic/hugetlb.h (as of Linux v7.3)",
    },
  ],
  leaves: [
    {
      levels: ["pmd", "pud"],
      when: ["CONFIG_64BIT"],
      fields: [mmu(12, 12, "_PAGE_HGLOBAL"), mmu(6, 6, "_PAGE_HUGE")],
      citation:
        "See _PAGE_HGLOBAL_SHIFT in arch/loongarch/include/asm/pgtable-bits.h (as of Linux v6.1 and v7.3)",
    },
  ],
  symbols: [
    { name: "CONFIG_64BIT", default: "y", choice: "width", citation: KCONFIG },
    {
      name: "CONFIG_32BIT",
      default: "n",
      choice: "width",
      since: "7.1",
      citation: "arch/loongarch/Kconfig (as of Linux v7.1.5); v7.0 always has 64BIT",
    },
    { name: "CONFIG_PAGE_SIZE_16KB", default: "y", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_PAGE_SIZE_4KB", default: "n", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_PAGE_SIZE_64KB", default: "n", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_PGTABLE_3LEVEL", default: "y", choice: "levels", only: "geometry", citation: KCONFIG },
    { name: "CONFIG_PGTABLE_2LEVEL", default: "n", choice: "levels", only: "geometry", citation: KCONFIG },
    { name: "CONFIG_PGTABLE_4LEVEL", default: "n", choice: "levels", only: "geometry", citation: KCONFIG },
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    {
      name: "CONFIG_DEVICE_PRIVATE",
      default: "y",
      since: "6.12",
      when: ["CONFIG_64BIT"],
      citation: `${KCONFIG}: ARCH_HAS_PTE_DEVMAP came between v6.1 and v6.12`,
    },
    { name: "CONFIG_TRANSPARENT_HUGEPAGE", default: "y", when: ["CONFIG_64BIT"], citation: KCONFIG },
    { name: "CONFIG_FLATMEM", default: "n", citation: "mm/Kconfig (as of Linux v6.12)" },
  ],
  pageShift: [
    { shift: 12, when: ["CONFIG_PAGE_SIZE_4KB"] },
    { shift: 16, when: ["CONFIG_PAGE_SIZE_64KB"] },
    { shift: 14 },
  ],
  physBits: [
    { bits: 32, when: ["!CONFIG_64BIT"], citation: PFN_BITS },
    { bits: 64, when: ["CONFIG_FLATMEM"], citation: PFN_BITS },
    {
      bits: 48,
      citation: "See MAX_PHYSMEM_BITS in arch/loongarch/include/asm/sparsemem.h (as of Linux v6.12)",
    },
  ],
  byteOrder: [{ order: "little" }],
});
export { loongarch as default };
