import type { Architecture, ConfigSymbol } from "@ptekit/core";
import { newestFirst, trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts32 } from "./layouts32.ts";
import { layouts64 } from "./layouts64.ts";
import { present } from "./present.ts";

const KCONFIG = "arch/mips/Kconfig (as of Linux v6.12)";
const PFN_BITS = "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)";

/** A member of the choice of what the page tables are made for; 32-bit kernels come with three kinds of their own. */
const kind = (name: string, isDefault: "y" | "n" = "n"): ConfigSymbol => ({
  name,
  default: isDefault,
  choice: "kind",
  ...(isDefault === "n" && { together: true }),
  citation: KCONFIG,
});

const pages = (name: string, isDefault: "y" | "n" = "n"): ConfigSymbol => ({
  name,
  default: isDefault,
  choice: "page size",
  citation: KCONFIG,
});

/** MIPS: from 4.2 on; 32-bit with the TLB of the R3000 from 5.4, with 36-bit addresses or XPA from 5.10. */
export const mips: Architecture = trustedArch({
  name: "mips",
  aliases: ["mips32", "mips64", "mipsel", "mips64el"],
  title: "MIPS",
  header: "arch/mips/include/asm/pgtable-32.h",
  layouts: newestFirst([...layouts64, ...layouts32]),
  geometry,
  present,
  unselected: [
    {
      flag: "softDirty",
      symbol: "CONFIG_HAVE_ARCH_SOFT_DIRTY",
      citation:
        "See pte_swp_soft_dirty in arch/mips/include/asm/pgtable.h (as of Linux v5.10, v6.1, v6.12, v7.2 and v7.3); no Kconfig of arch/mips selects it",
    },
  ],
  hugetlb: [
    {
      levels: ["pmd"],
      when: ["CONFIG_MIPS_HUGE_TLB_SUPPORT"],
      note: "markers alone (UFFDIO_POISON): no hugetlbfs page is migrated",
      citation: "See set_huge_pte_at() in include/asm-generic/hugetlb.h (as of Linux v7.3)",
    },
  ],
  // pmd_write() and its like are those of the PTE.
  leaves: [
    {
      levels: ["pmd"],
      when: ["CONFIG_MIPS_HUGE_TLB_SUPPORT"],
      fields: [],
      citation: "See pmd_write() in arch/mips/include/asm/pgtable.h (as of Linux v5.10 and v7.3)",
    },
  ],
  symbols: [
    kind("CONFIG_64BIT", "y"),
    kind("CONFIG_32BIT"),
    kind("CONFIG_CPU_R3K_TLB"),
    kind("CONFIG_XPA"),
    { name: "CONFIG_PHYS_ADDR_T_64BIT", default: "n", when: ["!CONFIG_64BIT"], citation: KCONFIG },
    {
      name: "CONFIG_CPU_MIPS32",
      default: "y",
      when: ["!CONFIG_64BIT", "!CONFIG_CPU_R3K_TLB"],
      citation: KCONFIG,
    },
    { name: "CONFIG_CPU_HAS_RIXI", default: "y", since: "4.7", citation: KCONFIG },
    {
      name: "CONFIG_CPU_MIPSR2",
      default: "y",
      until: "4.7",
      citation: "arch/mips/Kconfig (as of Linux v4.2): the second release of the instruction set",
    },
    { name: "CONFIG_MIPS_HUGE_TLB_SUPPORT", default: "y", when: ["CONFIG_64BIT"], citation: KCONFIG },
    pages("CONFIG_PAGE_SIZE_4KB", "y"),
    pages("CONFIG_PAGE_SIZE_8KB"),
    pages("CONFIG_PAGE_SIZE_16KB"),
    pages("CONFIG_PAGE_SIZE_32KB"),
    pages("CONFIG_PAGE_SIZE_64KB"),
    {
      name: "CONFIG_MIPS_VA_BITS_48",
      default: "n",
      when: ["CONFIG_64BIT"],
      only: "geometry",
      citation: KCONFIG,
    },
    { name: "CONFIG_CPU_BIG_ENDIAN", default: "n", citation: KCONFIG },
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    { name: "CONFIG_FLATMEM", default: "n", citation: "mm/Kconfig (as of Linux v6.12)" },
  ],
  pageShift: [
    { shift: 13, when: ["CONFIG_PAGE_SIZE_8KB"] },
    { shift: 14, when: ["CONFIG_PAGE_SIZE_16KB"] },
    { shift: 15, when: ["CONFIG_PAGE_SIZE_32KB"] },
    { shift: 16, when: ["CONFIG_PAGE_SIZE_64KB"] },
    { shift: 12 },
  ],
  physBits: [
    { bits: 64, when: ["CONFIG_64BIT", "CONFIG_FLATMEM"], citation: PFN_BITS },
    {
      bits: 48,
      when: ["CONFIG_64BIT"],
      citation: "See MAX_PHYSMEM_BITS in arch/mips/include/asm/sparsemem.h (as of Linux v6.12)",
    },
    { bits: 64, when: ["CONFIG_XPA"], citation: PFN_BITS },
    { bits: 64, when: ["CONFIG_PHYS_ADDR_T_64BIT"], citation: PFN_BITS },
    { bits: 32, citation: PFN_BITS },
  ],
  byteOrder: [{ order: "big", when: ["CONFIG_CPU_BIG_ENDIAN"] }, { order: "little" }],
});
export { mips as default };
