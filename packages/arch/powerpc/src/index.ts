import type { Architecture, ConfigSymbol } from "@ptekit/core";
import { newestFirst, software, trustedArch } from "@ptekit/core";
import { book3s32 } from "./book3s32.ts";
import { book3s64 } from "./book3s64.ts";
import { geometry } from "./geometry.ts";
import { nohash } from "./nohash.ts";
import { present } from "./present.ts";
import { layoutsRhel7 } from "./rhel7.ts";

const CPUTYPE = "arch/powerpc/platforms/Kconfig.cputype (as of Linux v6.1 and v7.2)";
const KCONFIG = "arch/powerpc/Kconfig (as of Linux v6.12)";
const PFN_BITS = "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)";
const PHYSMEM_64 = "See MAX_PHYSMEM_BITS in arch/powerpc/include/asm/book3s/64/pgtable.h (as of Linux v6.12)";
const SERVER = ["CONFIG_PPC64", "CONFIG_PPC_BOOK3S_64"];

/** A member of the choice of processors; without any, and without CONFIG_PPC64, it is a book3s32. */
const processor = (name: string, until?: string): ConfigSymbol => ({
  name,
  default: "n",
  choice: "processor",
  together: true,
  citation: CPUTYPE,
  ...(until === undefined ? {} : { until }),
});

const pages = (name: string, isDefault: "y" | "n" = "n"): ConfigSymbol => ({
  name,
  default: isDefault,
  choice: "page size",
  citation: KCONFIG,
});

const server = (name: string, citation: string): ConfigSymbol => ({
  name,
  default: "y",
  when: SERVER,
  citation,
});

/** PowerPC: book3s64 from 4.7 on and in RHEL 7, and from 5.10 on book3e64, book3s32, 44x, 85xx, 8xx and 40x. */
export const powerpc: Architecture = trustedArch({
  name: "powerpc",
  aliases: ["ppc", "ppc32", "ppc64", "ppc64le", "ppc64el"],
  title: "PowerPC",
  header: "arch/powerpc/include/asm/book3s/64/pgtable.h",
  layouts: newestFirst([...book3s64, ...nohash, ...book3s32, ...layoutsRhel7]),
  geometry,
  present,
  hugetlb: [
    {
      levels: ["pmd", "pud"],
      when: SERVER,
      citation: "See set_huge_pte_at() in include/asm-generic/hugetlb.h (as of Linux v7.3)",
    },
  ],
  // pmd_write() and its like are those of the PTE.
  leaves: [
    {
      levels: ["pmd", "pud"],
      when: [...SERVER, "hash", "CONFIG_PPC_64K_PAGES"],
      fields: [software(13, "H_PAGE_THP_HUGE")],
      citation:
        "See H_PAGE_THP_HUGE in arch/powerpc/include/asm/book3s/64/hash-64k.h (as of Linux v5.10 and v7.3)",
    },
    {
      levels: ["pmd", "pud"],
      when: SERVER,
      fields: [],
      citation: "See pmd_pte() in arch/powerpc/include/asm/book3s/64/pgtable.h (as of Linux v5.10 and v7.3)",
    },
  ],
  symbols: [
    { name: "CONFIG_PPC64", default: "y", choice: "processor", citation: CPUTYPE },
    processor("CONFIG_PPC32"),
    processor("CONFIG_PPC_BOOK3S_32"),
    processor("CONFIG_PPC_85xx"),
    processor("CONFIG_PPC_8xx"),
    processor("CONFIG_44x"),
    processor("CONFIG_40x", "6.12"),
    {
      name: "CONFIG_PPC_BOOK3S_64",
      default: "y",
      choice: "64-bit processor",
      when: ["CONFIG_PPC64"],
      citation: CPUTYPE,
    },
    {
      name: "CONFIG_PPC_BOOK3E_64",
      default: "n",
      choice: "64-bit processor",
      when: ["CONFIG_PPC64"],
      citation: CPUTYPE,
    },
    { name: "CONFIG_PTE_64BIT", default: "y", when: ["CONFIG_PPC_85xx"], citation: CPUTYPE },
    server("CONFIG_PPC_RADIX_MMU", CPUTYPE),
    pages("CONFIG_PPC_4K_PAGES", "y"),
    pages("CONFIG_PPC_16K_PAGES"),
    pages("CONFIG_PPC_64K_PAGES"),
    pages("CONFIG_PPC_256K_PAGES"),
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    server("CONFIG_MEMORY_FAILURE", KCONFIG),
    server("CONFIG_DEVICE_PRIVATE", "mm/Kconfig (as of Linux v6.12)"),
    server("CONFIG_MEM_SOFT_DIRTY", KCONFIG),
    server("CONFIG_TRANSPARENT_HUGEPAGE", KCONFIG),
    { name: "CONFIG_SPARSEMEM_MANUAL", default: "n", citation: "mm/Kconfig (as of Linux v6.12)" },
    { name: "CONFIG_SPARSEMEM_VMEMMAP", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    { name: "CONFIG_CPU_LITTLE_ENDIAN", default: "n", when: SERVER, citation: CPUTYPE },
  ],
  cpus: [
    {
      name: "radix",
      choice: "mmu",
      default: true,
      when: ["CONFIG_PPC_RADIX_MMU"],
      citation: "See radix_enabled() in arch/powerpc/include/asm/mmu.h (as of Linux v6.12)",
    },
    {
      name: "hash",
      choice: "mmu",
      default: true,
      when: [...SERVER, "!radix"],
      citation: "See radix_enabled() in arch/powerpc/include/asm/mmu.h (as of Linux v6.12)",
    },
  ],
  pageShift: [
    { shift: 14, when: ["CONFIG_PPC_16K_PAGES"] },
    { shift: 16, when: ["CONFIG_PPC_64K_PAGES"] },
    { shift: 18, when: ["CONFIG_PPC_256K_PAGES"] },
    { shift: 12 },
  ],
  physBits: [
    {
      bits: 46,
      when: [...SERVER, "CONFIG_SPARSEMEM_MANUAL", "!CONFIG_SPARSEMEM_VMEMMAP"],
      citation: PHYSMEM_64,
    },
    { bits: 51, when: SERVER, citation: PHYSMEM_64 },
    {
      bits: 44,
      when: ["CONFIG_PPC64"],
      citation: "See MAX_PHYSMEM_BITS in arch/powerpc/include/asm/nohash/mmu-e500.h (as of Linux v6.12)",
    },
    { bits: 64, when: ["CONFIG_44x"], citation: PFN_BITS },
    { bits: 64, when: ["CONFIG_PTE_64BIT"], citation: PFN_BITS },
    { bits: 32, citation: PFN_BITS },
  ],
  typeChecks: [
    {
      when: ["CONFIG_PPC64"],
      citation:
        "See MAX_SWAPFILES_CHECK() in arch/powerpc/include/asm/book3s/64/pgtable.h and arch/powerpc/include/asm/nohash/64/pgtable.h (as of Linux v6.12)",
    },
  ],
  // Of book3s64 since 4.7 the layout says it: pte_t is __be64.
  byteOrder: [{ order: "little", when: ["CONFIG_CPU_LITTLE_ENDIAN"] }, { order: "big" }],
  flavours: [
    {
      suffix: ".ppc64le",
      config: { CONFIG_CPU_LITTLE_ENDIAN: "y" },
      citation: "arch/powerpc/Makefile (as of Linux v6.12): UTS_MACHINE",
    },
    ...[".ppc64le", ".ppc64"].map((suffix) => ({
      suffix,
      vendors: ["el6", "el7", "el7a", "el8", "el9", "el10"],
      config: { CONFIG_PPC_64K_PAGES: "y" } as const,
      citation: `${KCONFIG}; that Red Hat's kernels have it is from memory`,
    })),
  ],
});
export { powerpc as default };
