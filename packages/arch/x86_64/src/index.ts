import type { Architecture, Flavour } from "@ptekit/core";
import { mmu, trustedArch } from "@ptekit/core";
import { rhel7Moved, rhel8UffdWp } from "./backports.ts";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";
import { vmcore } from "./vmcore.ts";

const KCONFIG = "arch/x86/Kconfig (as of Linux v6.12)";
const PHYSMEM = "See MAX_PHYSMEM_BITS in arch/x86/include/asm/sparsemem.h (as of Linux v6.12)";

const debian = (suffix: string, rows: Omit<Flavour, "suffix" | "citation">): Flavour => ({
  suffix,
  ...rows,
  citation: "Debian's /boot/config of that flavour (as of Linux v5.10, v6.1, v6.12 and v7.2)",
});

/** x86 with 64-bit kernels, from 2.6.29 on. */
export const x86_64: Architecture = trustedArch({
  name: "x86_64",
  aliases: ["amd64", "x64", "x86-64", "x86"],
  title: "x86, 64-bit",
  header: "arch/x86/include/asm/pgtable_64.h",
  layouts,
  present,
  geometry,
  vmcore,
  hugetlb: [
    {
      levels: ["pmd", "pud"],
      when: [],
      citation: "See set_huge_pte_at() in include/asm-generic/hugetlb.h (as of Linux v7.3)",
    },
  ],
  leaves: [
    {
      levels: ["pmd", "pud"],
      fields: [mmu(12, 12, "_PAGE_PAT_LARGE"), mmu(7, 7, "_PAGE_PSE")],
      citation: "See _PAGE_PAT_LARGE in arch/x86/include/asm/pgtable_types.h (as of Linux v5.10 and v7.3)",
    },
  ],
  symbols: [
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    {
      name: "CONFIG_USERSWAP",
      default: "y",
      onlyIn: ["6.6.0-28", "5.10.0-60", "4.19.90-2106"].map((release) => ({ release, vendor: "openeuler" })),
      citation:
        "mm/Kconfig (as of Linux v6.6.0-28.oe2403); read in the branch OLK-6.6, whose openeuler_defconfig has it on",
    },
    { name: "CONFIG_MEMORY_FAILURE", default: "y", citation: KCONFIG },
    {
      name: "CONFIG_DEVICE_PRIVATE",
      default: "y",
      since: "4.14",
      backported: [
        { release: "4.12.14-5.5", vendor: "suse" },
        { release: "4.12.14-150", vendor: "leap" },
      ],
      citation: "mm/Kconfig (as of Linux v6.12)",
    },
    {
      name: "CONFIG_TRANSPARENT_HUGEPAGE",
      default: "y",
      since: "2.6.38",
      citation: "mm/Kconfig (as of Linux v6.12)",
    },
    {
      name: "CONFIG_MEM_SOFT_DIRTY",
      default: "y",
      since: "3.11",
      backported: rhel7Moved,
      citation: "mm/Kconfig (as of Linux v6.12)",
    },
    {
      name: "CONFIG_HAVE_ARCH_USERFAULTFD_WP",
      default: "y",
      since: "5.7",
      backported: rhel8UffdWp,
      citation: KCONFIG,
    },
    {
      name: "CONFIG_NUMA_BALANCING",
      default: "y",
      since: "3.16",
      until: "4.0",
      citation: "init/Kconfig (as of Linux v3.16)",
    },
    {
      name: "CONFIG_HMM",
      default: "y",
      onlyIn: [{ release: "3.10.0-693", vendor: "el7" }],
      citation: "configs/kernel-3.10.0-x86_64.config and mm/Kconfig (as of Linux v3.10.0-1062.el7)",
    },
    {
      name: "CONFIG_HMM_MIGRATE",
      default: "n",
      onlyIn: [{ release: "3.10.0-514", vendor: "el7", before: "3.10.0-693" }],
      citation: "mm/Kconfig (as of Linux v3.10.0-514.el7)",
    },
    {
      name: "CONFIG_PTE_MARKER",
      default: "y",
      since: "5.19",
      backported: [{ release: "5.14.0-179", vendor: "el9" }],
      until: "6.2",
      citation: "mm/Kconfig (as of Linux v6.1)",
    },
  ],
  cpus: [
    { name: "la57", since: "4.14", levels: 5, citation: PHYSMEM },
    {
      name: "l1tf",
      since: "4.19",
      citation: "See arch_max_swapfile_size() in arch/x86/mm/init.c (as of Linux v6.12)",
    },
  ],
  pageShift: [{ shift: 12 }],
  physBits: [
    { bits: 52, when: ["la57"], citation: PHYSMEM },
    { bits: 46, citation: PHYSMEM },
  ],
  maxSwapfilePages: [
    {
      // l1tf_pfn_limit() of a CPU with 44 cache bits (2^31 pages), shifted by PAGE_SHIFT - SWP_OFFSET_FIRST_BIT.
      pages: 1n << 34n,
      when: ["l1tf"],
      citation: "See arch_max_swapfile_size() in arch/x86/mm/init.c (as of Linux v6.12)",
    },
  ],
  typeChecks: [
    { citation: "See MAX_SWAPFILES_CHECK() in arch/x86/include/asm/pgtable_64.h (as of Linux v6.12)" },
  ],
  byteOrder: [{ order: "little" }],
  flavours: [
    debian("-amd64", {
      since: "5.10",
      config: {
        CONFIG_MIGRATION: "y",
        CONFIG_MEMORY_FAILURE: "y",
        CONFIG_MEM_SOFT_DIRTY: "y",
        CONFIG_HAVE_ARCH_USERFAULTFD_WP: "y",
        CONFIG_PTE_MARKER: "y",
      },
    }),
    debian("-amd64", { until: "6.13", config: { CONFIG_DEVICE_PRIVATE: "n" } }),
    debian("-amd64", { since: "7.2", config: { CONFIG_DEVICE_PRIVATE: "y" } }),
  ],
});
export { x86_64 as default };
