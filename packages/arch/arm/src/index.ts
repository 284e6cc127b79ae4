import type { Architecture, Flavour } from "@ptekit/core";
import { mmu, software, trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

const PFN_BITS = "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)";

/** Debian has no swap-relevant setting on arm but LPAE. */
const debian = (suffix: string, lpae: "y" | "n"): Flavour => ({
  suffix,
  config: { CONFIG_ARM_LPAE: lpae, CONFIG_MIGRATION: "y" },
  citation: "Debian's /boot/config of that flavour (as of Linux v6.1)",
});

/**
 * 32-bit Arm from 4.0 on, with short descriptors and with LPAE.
 *
 * A PTE is the entry of the Linux page table. With short descriptors the hardware's own table stands 2048 bytes above
 * it and holds 0 for every entry that is not present.
 */
export const arm: Architecture = trustedArch({
  name: "arm",
  aliases: ["armhf", "armel", "armv5", "armv6", "armv7", "armv7l"],
  title: "32-bit Arm",
  header: "arch/arm/include/asm/pgtable.h",
  layouts,
  present,
  geometry,
  hugetlb: [
    {
      levels: ["pmd"],
      when: ["CONFIG_ARM_LPAE"],
      citation: "See set_huge_pte_at() in include/asm-generic/hugetlb.h (as of Linux v7.3)",
    },
  ],
  leaves: [
    {
      levels: ["pmd"],
      when: ["CONFIG_ARM_LPAE"],
      fields: [
        software(58, "L_PMD_SECT_RDONLY"),
        software(57, "L_PMD_SECT_NONE"),
        software(55, "L_PMD_SECT_DIRTY"),
        mmu(54, 54, "PMD_SECT_XN"),
        mmu(53, 53, "PMD_SECT_PXN"),
        mmu(11, 11, "PMD_SECT_nG"),
        mmu(10, 10, "PMD_SECT_AF"),
        mmu(9, 8, "PMD_SECT_S"),
        mmu(7, 7, "PMD_SECT_AP2"),
        mmu(6, 6, "PMD_SECT_USER"),
        mmu(1, 1, "PMD_TYPE_MASK, upper bit"),
        mmu(0, 0, "L_PMD_SECT_VALID"),
      ],
      citation:
        "See L_PMD_SECT_VALID in arch/arm/include/asm/pgtable-3level.h and PMD_SECT_AF in arch/arm/include/asm/pgtable-3level-hwdef.h (as of Linux v5.10 and v7.3)",
    },
  ],
  symbols: [
    { name: "CONFIG_ARM_LPAE", default: "n", citation: "arch/arm/mm/Kconfig (as of Linux v6.12)" },
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    {
      name: "CONFIG_SPARSEMEM",
      default: "n",
      citation: "arch/arm/include/asm/sparsemem.h (as of Linux v6.12)",
    },
    { name: "CONFIG_CPU_BIG_ENDIAN", default: "n", citation: "arch/arm/mm/Kconfig (as of Linux v6.12)" },
  ],
  pageShift: [{ shift: 12 }],
  physBits: [
    {
      bits: 36,
      when: ["CONFIG_SPARSEMEM"],
      citation: "See MAX_PHYSMEM_BITS in arch/arm/include/asm/sparsemem.h (as of Linux v6.12)",
    },
    { bits: 64, when: ["CONFIG_ARM_LPAE"], citation: PFN_BITS },
    { bits: 32, citation: PFN_BITS },
  ],
  typeChecks: [
    { citation: "See MAX_SWAPFILES_CHECK() in arch/arm/include/asm/pgtable.h (as of Linux v6.12)" },
  ],
  byteOrder: [{ order: "big", when: ["CONFIG_CPU_BIG_ENDIAN"] }, { order: "little" }],
  flavours: [debian("-armmp-lpae", "y"), debian("-armmp", "n"), debian("-marvell", "n"), debian("-rpi", "n")],
});
export { arm as default };
