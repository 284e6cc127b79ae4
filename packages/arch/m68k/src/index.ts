import type { Architecture } from "@ptekit/core";
import { trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

const KCONFIG = "arch/m68k/Kconfig (as of Linux v6.12)";

/** m68k with an MMU from 4.2 on: Motorola's (68020 to 68060), Sun-3's and ColdFire's. */
export const m68k: Architecture = trustedArch({
  name: "m68k",
  title: "Motorola 68000",
  header: "arch/m68k/include/asm/motorola_pgtable.h",
  layouts,
  geometry,
  present,
  symbols: [
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    { name: "CONFIG_MMU_MOTOROLA", default: "y", choice: "MMU", citation: KCONFIG },
    { name: "CONFIG_MMU_SUN3", default: "n", choice: "MMU", citation: KCONFIG },
    { name: "CONFIG_MMU_COLDFIRE", default: "n", choice: "MMU", citation: KCONFIG },
  ],
  pageShift: [
    {
      shift: 12,
      when: ["CONFIG_MMU_MOTOROLA"],
      citation: "See PAGE_SHIFT in arch/m68k/include/asm/page.h (as of Linux v6.1)",
    },
    { shift: 13 },
  ],
  physBits: [{ bits: 32, citation: "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)" }],
  byteOrder: [{ order: "big" }],
});
export { m68k as default };
