import type { Architecture, Flavour } from "@ptekit/core";
import { mmu, trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";
import { vmcore } from "./vmcore.ts";

const KCONFIG = "arch/arm64/Kconfig (as of Linux v6.12)";
const PHYSMEM = "See MAX_PHYSMEM_BITS in arch/arm64/include/asm/sparsemem.h (as of Linux v6.12)";

const debian = (suffix: string, pages: "4K" | "16K"): Flavour => ({
  suffix,
  config: {
    CONFIG_ARM64_4K_PAGES: pages === "4K" ? "y" : "n",
    CONFIG_ARM64_16K_PAGES: pages === "16K" ? "y" : "n",
    CONFIG_ARM64_64K_PAGES: "n",
    CONFIG_MIGRATION: "y",
    CONFIG_MEMORY_FAILURE: "y",
    CONFIG_TRANSPARENT_HUGEPAGE: "y",
  },
  citation: "Debian's /boot/config of that flavour (as of Linux v6.1 and v7.2)",
});

const debianDevicePrivate = (suffix: string, since: string, until: string, value: "y" | "n"): Flavour => ({
  suffix,
  since,
  until,
  config: { CONFIG_DEVICE_PRIVATE: value },
  citation: `Debian's /boot/config (as of Linux v6.1, v6.12 and v7.2)`,
});

const pages = (size: "16K" | "64K", suffix: string, vendors?: readonly string[]): Flavour => ({
  suffix,
  ...(vendors && { vendors }),
  config: { [`CONFIG_ARM64_${size}_PAGES`]: "y" },
  citation: `${KCONFIG}; ${vendors ? `that ${vendors.join(" and ")} have it is from memory` : "the flavour's name says it"}`,
});

/** 64-bit Arm from 4.0 on, with pages of 4K, 16K and 64K. */
export const arm64: Architecture = trustedArch({
  name: "arm64",
  aliases: ["aarch64"],
  title: "64-bit Arm",
  header: "arch/arm64/include/asm/pgtable.h",
  layouts,
  present,
  geometry,
  vmcore,
  hugetlb: [
    {
      levels: ["pte", "pmd", "pud"],
      when: [],
      note: "a page of contiguous PTEs or PMDs (64K or 32M with 4K pages) has the same entry in each of them",
      citation: "See set_huge_pte_at() in arch/arm64/mm/hugetlbpage.c (as of Linux v7.3)",
    },
  ],
  leaves: [
    {
      levels: ["pmd", "pud"],
      fields: [mmu(1, 1, "PMD_TYPE_MASK, upper bit"), mmu(0, 0, "PTE_VALID")],
      note: "a leaf is PMD_TYPE_SECT: bit 1 is clear where a page's is set",
      citation: "See PMD_TYPE_SECT in arch/arm64/include/asm/pgtable-hwdef.h (as of Linux v5.10 and v7.3)",
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
    { name: "CONFIG_MEMORY_FAILURE", default: "y", since: "4.13", citation: KCONFIG },
    {
      name: "CONFIG_DEVICE_PRIVATE",
      default: "y",
      since: "5.7",
      citation: "mm/Kconfig (as of Linux v6.12); ZONE_DEVICE needs ARCH_HAS_PTE_DEVMAP and MEMORY_HOTREMOVE",
    },
    { name: "CONFIG_HAVE_ARCH_USERFAULTFD_WP", default: "y", since: "6.10", citation: KCONFIG },
    { name: "CONFIG_TRANSPARENT_HUGEPAGE", default: "y", citation: KCONFIG },
    { name: "CONFIG_ARM64_4K_PAGES", default: "y", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_ARM64_16K_PAGES", default: "n", choice: "page size", since: "4.4", citation: KCONFIG },
    { name: "CONFIG_ARM64_64K_PAGES", default: "n", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_ARM64_PA_BITS", default: 48, values: [48, 52], since: "4.16", citation: KCONFIG },
    {
      name: "CONFIG_ARM64_VA_BITS",
      default: 52,
      values: [36, 39, 42, 47, 48],
      only: "geometry",
      citation: KCONFIG,
    },
    { name: "CONFIG_CPU_BIG_ENDIAN", default: "n", citation: KCONFIG },
  ],
  cpus: [
    {
      name: "lpa2",
      since: "6.9",
      levels: 5,
      when: ["!CONFIG_ARM64_64K_PAGES"],
      citation: `See lpa2_is_enabled() in arch/arm64/include/asm/pgtable-prot.h (as of Linux v6.12)`,
    },
  ],
  pageShift: [
    { shift: 16, when: ["CONFIG_ARM64_64K_PAGES"] },
    { shift: 14, when: ["CONFIG_ARM64_16K_PAGES"] },
    { shift: 12 },
  ],
  physBits: [
    { bits: 52, when: ["lpa2"], citation: PHYSMEM },
    { bits: 52, when: ["CONFIG_ARM64_64K_PAGES", "CONFIG_ARM64_PA_BITS=52"], citation: PHYSMEM },
    { bits: 48, citation: PHYSMEM },
  ],
  typeChecks: [
    { citation: "See MAX_SWAPFILES_CHECK() in arch/arm64/include/asm/pgtable.h (as of Linux v6.12)" },
  ],
  byteOrder: [{ order: "big", when: ["CONFIG_CPU_BIG_ENDIAN"] }, { order: "little" }],
  flavours: [
    ...["-arm64", "-arm64-16k"].flatMap((suffix) => [
      debian(suffix, suffix.endsWith("16k") ? "16K" : "4K"),
      debianDevicePrivate(suffix, "4.0", "6.13", "n"),
      debianDevicePrivate(suffix, "7.2", "8.0", "y"),
    ]),
    // Red Hat's and Ubuntu's flavours, SUSE's, Asahi's, and Raspberry Pi's for its fifth.
    ...["+64k", "+64k-debug", "+64kdebug", "-64k", "-64kb"].map((suffix) => pages("64K", suffix)),
    ...["+16k", "-16k+", "-asahi-16k", "-rpi-2712", "-v8-16k"].map((suffix) => pages("16K", suffix)),
    pages("64K", ".aarch64", ["el7a", "el8"]),
    { ...pages("64K", ".aarch64", ["openeuler"]), until: "5.0" },
  ],
});
export { arm64 as default };
