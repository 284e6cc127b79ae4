import type { Architecture, Flavour } from "@ptekit/core";
import { differs, mmu, trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

const KCONFIG = "arch/x86/Kconfig (as of Linux v6.12)";
const PHYSMEM = "See MAX_PHYSMEM_BITS in arch/x86/include/asm/sparsemem.h (as of Linux v6.12)";
const PFN_BITS = "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)";

const debian = (suffix: string, pae: "y" | "n"): Flavour => ({
  suffix,
  until: "6.13",
  config: { CONFIG_X86_PAE: pae, CONFIG_MIGRATION: "y" },
  citation: "Debian's /boot/config of that flavour (as of Linux v5.10 and v6.1)",
});

/** x86 with 32-bit kernels from 2.6.32 on, with two-level page tables and with PAE. */
export const i386: Architecture = trustedArch({
  name: "i386",
  aliases: ["ia32", "x86", "i486", "i586", "i686"],
  title: "x86, 32-bit",
  header: "arch/x86/include/asm/pgtable-2level.h",
  layouts,
  geometry,
  present,
  unselected: [
    {
      flag: "softDirty",
      symbol: "CONFIG_HAVE_ARCH_SOFT_DIRTY",
      citation:
        "See pte_swp_soft_dirty() in arch/x86/include/asm/pgtable.h (as of Linux v5.10, v6.1, v6.12, v7.2 and v7.3); only CONFIG_X86_64 selects it",
    },
    {
      flag: "uffdWp",
      symbol: "CONFIG_HAVE_ARCH_USERFAULTFD_WP",
      citation:
        "See pte_swp_mkuffd_wp() in arch/x86/include/asm/pgtable.h (as of Linux v5.10, v6.1, v6.12 and v7.2); arch/x86/Kconfig selects it if X86_64",
    },
  ],
  hugetlb: [
    {
      levels: ["pmd"],
      when: [],
      // split_huge_pmd() clears P for a moment and leaves PS.
      present: differs(0x181n, 0n),
      citation:
        "See pmd_present() in arch/x86/include/asm/pgtable.h and set_huge_pte_at() in include/asm-generic/hugetlb.h (as of Linux v7.3)",
    },
  ],
  leaves: [
    {
      levels: ["pmd"],
      fields: [mmu(12, 12, "_PAGE_PAT_LARGE"), mmu(7, 7, "_PAGE_PSE")],
      citation: "See _PAGE_PAT_LARGE in arch/x86/include/asm/pgtable_types.h (as of Linux v5.10 and v7.3)",
    },
  ],
  symbols: [
    { name: "CONFIG_X86_PAE", default: "n", citation: KCONFIG },
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    { name: "CONFIG_MEMORY_FAILURE", default: "y", when: ["!CONFIG_SPARSEMEM"], citation: KCONFIG },
    { name: "CONFIG_SPARSEMEM", default: "n", citation: "mm/Kconfig (as of Linux v6.12)" },
  ],
  pageShift: [{ shift: 12 }],
  physBits: [
    { bits: 36, when: ["CONFIG_X86_PAE", "CONFIG_SPARSEMEM"], citation: PHYSMEM },
    { bits: 64, when: ["CONFIG_X86_PAE"], citation: PFN_BITS },
    { bits: 32, citation: PFN_BITS },
  ],
  typeChecks: [
    {
      citation:
        "See MAX_SWAPFILES_CHECK() in arch/x86/include/asm/pgtable-2level.h and arch/x86/include/asm/pgtable-3level.h (as of Linux v6.1)",
    },
  ],
  byteOrder: [{ order: "little" }],
  flavours: [debian("-686-pae", "y"), debian("-686", "n"), debian("-586", "n")],
});
export { i386 as default };
