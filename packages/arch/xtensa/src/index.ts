import type { Architecture } from "@ptekit/core";
import { trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

/** Xtensa with an MMU from 4.2 on, on hardware of version 2000 and later. */
export const xtensa: Architecture = trustedArch({
  name: "xtensa",
  title: "Xtensa",
  header: "arch/xtensa/include/asm/pgtable.h",
  layouts,
  geometry,
  present,
  symbols: [
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    { name: "CONFIG_CPU_BIG_ENDIAN", default: "n", citation: "arch/xtensa/Kconfig (as of Linux v6.12)" },
  ],
  pageShift: [{ shift: 12 }],
  physBits: [{ bits: 32, citation: "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)" }],
  typeChecks: [
    { citation: "See MAX_SWAPFILES_CHECK() in arch/xtensa/include/asm/pgtable.h (as of Linux v6.1)" },
  ],
  byteOrder: [{ order: "big", when: ["CONFIG_CPU_BIG_ENDIAN"] }, { order: "little" }],
});
export { xtensa as default };
