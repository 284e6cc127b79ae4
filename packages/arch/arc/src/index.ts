import type { Architecture } from "@ptekit/core";
import { trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

const KCONFIG = "arch/arc/Kconfig (as of Linux v6.12)";
const OLD_KCONFIG = `arch/arc/Kconfig (as of Linux v5.10); Linux kernel commit 288ff7de62af ("ARC: retire MMUv1 and MMUv2 support") (in v5.15): until then`;
const PFN_BITS = "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)";

/** ARC (ARCompact and ARCv2) from 4.2 on, with PTEs of 32 bits and, with PAE40, of 64. */
export const arc: Architecture = trustedArch({
  name: "arc",
  title: "ARC",
  header: "arch/arc/include/asm/pgtable-bits-arcv2.h",
  layouts,
  geometry,
  present,
  symbols: [
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    { name: "CONFIG_ARC_HAS_PAE40", default: "n", citation: "arch/arc/Kconfig (as of Linux v7.2)" },
    { name: "CONFIG_ARC_MMU_V4", default: "y", choice: "MMU", citation: KCONFIG },
    { name: "CONFIG_ARC_MMU_V3", default: "n", choice: "MMU", citation: KCONFIG },
    { name: "CONFIG_ARC_MMU_V2", default: "n", choice: "MMU", until: "5.15", citation: OLD_KCONFIG },
    { name: "CONFIG_ARC_MMU_V1", default: "n", choice: "MMU", until: "5.15", citation: OLD_KCONFIG },
    { name: "CONFIG_ARC_PAGE_SIZE_8K", default: "y", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_ARC_PAGE_SIZE_16K", default: "n", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_ARC_PAGE_SIZE_4K", default: "n", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_CPU_BIG_ENDIAN", default: "n", citation: KCONFIG },
  ],
  pageShift: [
    { shift: 14, when: ["CONFIG_ARC_PAGE_SIZE_16K"] },
    { shift: 12, when: ["CONFIG_ARC_PAGE_SIZE_4K"] },
    { shift: 13 },
  ],
  physBits: [
    { bits: 64, when: ["CONFIG_ARC_HAS_PAE40"], citation: PFN_BITS },
    { bits: 32, citation: PFN_BITS },
  ],
  byteOrder: [{ order: "big", when: ["CONFIG_CPU_BIG_ENDIAN"] }, { order: "little" }],
});
export { arc as default };
