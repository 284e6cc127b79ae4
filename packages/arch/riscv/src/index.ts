import type { Architecture, CpuFeature } from "@ptekit/core";
import { newestFirst, trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";
import { vmcore } from "./vmcore.ts";

const KCONFIG = "arch/riscv/Kconfig (as of Linux v6.12)";
const KCONFIG_7 = "arch/riscv/Kconfig (as of Linux v7.2)";
const PHYSMEM = "See MAX_PHYSMEM_BITS in arch/riscv/include/asm/sparsemem.h (as of Linux v6.12)";
const SVRSW = ["CONFIG_64BIT", "CONFIG_RISCV_ISA_SVRSW60T59B"];

/** The kernel takes the deepest tables that the CPU has, unless told otherwise (no5lvl, no4lvl). */
const satpMode = (name: string, levels: number, since: string, ...when: string[]): CpuFeature => ({
  name,
  levels,
  since,
  when: ["CONFIG_64BIT", ...when],
  choice: "satp mode",
  default: true,
  only: "geometry",
  citation: "See set_satp_mode() in arch/riscv/mm/init.c (as of Linux v6.1, v6.12 and v7.3)",
});

const SATP_MODES = [
  satpMode("sv57", 5, "5.18"),
  satpMode("sv48", 4, "5.17", "!sv57"),
  satpMode("sv39", 3, "4.15", "!sv57", "!sv48"),
];

/** RISC-V from 4.15 on, with 32 and 64 bits; the page-table depth (Sv32, Sv39, Sv48, Sv57) changes nothing. */
export const riscv: Architecture = trustedArch({
  name: "riscv",
  aliases: ["riscv32", "riscv64"],
  title: "RISC-V",
  header: "arch/riscv/include/asm/pgtable.h",
  layouts: newestFirst(layouts),
  present,
  geometry,
  vmcore,
  hugetlb: [
    {
      levels: ["pte", "pmd", "pud"],
      when: ["CONFIG_64BIT"],
      note: "a page of Svnapot's contiguous PTEs (64K) has the same entry in each of them",
      citation: "See set_huge_pte_at() in arch/riscv/mm/hugetlbpage.c (as of Linux v7.3)",
    },
  ],
  // pmd_write() and its like are those of the PTE.
  leaves: [
    {
      levels: ["pmd", "pud"],
      when: ["CONFIG_64BIT"],
      fields: [],
      citation: "See pmd_pte() in arch/riscv/include/asm/pgtable.h (as of Linux v5.10 and v7.3)",
    },
  ],
  symbols: [
    { name: "CONFIG_64BIT", default: "y", choice: "width", citation: KCONFIG },
    { name: "CONFIG_32BIT", default: "n", choice: "width", citation: KCONFIG },
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    {
      name: "CONFIG_DEVICE_PRIVATE",
      default: "y",
      since: "6.11",
      when: ["CONFIG_64BIT"],
      citation: `${KCONFIG}: memory hotplug, without which it cannot be, came between v6.1 and v6.12, from memory in v6.11`,
    },
    {
      name: "CONFIG_TRANSPARENT_HUGEPAGE",
      default: "y",
      since: "5.14",
      when: ["CONFIG_64BIT"],
      citation: `${KCONFIG}; v5.12 is without it, v5.14-rc5 has it`,
    },
    {
      name: "CONFIG_RISCV_ISA_SVRSW60T59B",
      default: "y",
      since: "6.19",
      when: ["CONFIG_64BIT"],
      citation: KCONFIG_7,
    },
    { name: "CONFIG_MEM_SOFT_DIRTY", default: "y", since: "6.19", when: SVRSW, citation: KCONFIG_7 },
    {
      name: "CONFIG_HAVE_ARCH_USERFAULTFD_WP",
      default: "y",
      since: "6.19",
      when: SVRSW,
      citation: KCONFIG_7,
    },
    { name: "CONFIG_FLATMEM", default: "n", citation: "mm/Kconfig (as of Linux v6.12)" },
  ],
  cpus: [
    {
      name: "svrsw60t59b",
      since: "6.19",
      when: SVRSW,
      citation:
        "See riscv_has_extension_unlikely() in arch/riscv/include/asm/pgtable-bits.h (as of Linux v7.2)",
    },
    ...SATP_MODES,
  ],
  pageShift: [{ shift: 12 }],
  physBits: [
    { bits: 32, when: ["!CONFIG_64BIT"], citation: PHYSMEM },
    {
      bits: 64,
      when: ["CONFIG_FLATMEM"],
      citation: "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)",
    },
    { bits: 56, citation: PHYSMEM },
  ],
  typeChecks: [
    { citation: "See MAX_SWAPFILES_CHECK() in arch/riscv/include/asm/pgtable.h (as of Linux v6.12)" },
  ],
  byteOrder: [{ order: "little" }],
});
export { riscv as default };
