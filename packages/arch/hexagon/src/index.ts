import type { Architecture } from "@ptekit/core";
import { trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

const KCONFIG = "arch/hexagon/Kconfig (as of Linux v6.1); arch/Kconfig (as of Linux v6.12)";

/** Hexagon from 4.2 on. The kernel is a guest of the Hexagon virtual machine, which walks these tables. */
export const hexagon: Architecture = trustedArch({
  name: "hexagon",
  title: "Hexagon",
  header: "arch/hexagon/include/asm/pgtable.h",
  layouts,
  geometry,
  present,
  symbols: [
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    { name: "CONFIG_PAGE_SIZE_4KB", default: "y", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_PAGE_SIZE_16KB", default: "n", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_PAGE_SIZE_64KB", default: "n", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_PAGE_SIZE_256KB", default: "n", choice: "page size", citation: KCONFIG },
  ],
  pageShift: [
    { shift: 14, when: ["CONFIG_PAGE_SIZE_16KB"] },
    { shift: 16, when: ["CONFIG_PAGE_SIZE_64KB"] },
    { shift: 18, when: ["CONFIG_PAGE_SIZE_256KB"] },
    { shift: 12 },
  ],
  physBits: [{ bits: 32, citation: "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)" }],
  byteOrder: [{ order: "little" }],
});
export { hexagon as default };
