import type { Architecture } from "@ptekit/core";
import { trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

const KCONFIG = "arch/microblaze/Kconfig (as of Linux v6.12)";

/** MicroBlaze from 4.2 on. It has no swap files (ARCH_NO_SWAP): its swap PTEs are migration entries and markers. */
export const microblaze: Architecture = trustedArch({
  name: "microblaze",
  title: "MicroBlaze",
  header: "arch/microblaze/include/asm/pgtable.h",
  layouts,
  geometry,
  present,
  symbols: [
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    { name: "CONFIG_CPU_BIG_ENDIAN", default: "n", citation: KCONFIG },
  ],
  pageShift: [{ shift: 12 }],
  physBits: [{ bits: 32, citation: "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)" }],
  maxSwapfilePages: [{ pages: 0n, citation: `ARCH_NO_SWAP in ${KCONFIG}` }],
  byteOrder: [{ order: "big", when: ["CONFIG_CPU_BIG_ENDIAN"] }, { order: "little" }],
});
export { microblaze as default };
