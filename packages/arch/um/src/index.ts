import type { Architecture } from "@ptekit/core";
import { trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

/** User-mode Linux from 4.2 on, 64-bit and 32-bit. */
export const um: Architecture = trustedArch({
  name: "um",
  title: "User-mode Linux",
  header: "arch/um/include/asm/pgtable.h",
  layouts,
  geometry,
  present,
  symbols: [
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    { name: "CONFIG_64BIT", default: "y", citation: "arch/x86/um/Kconfig (as of Linux v6.12)" },
  ],
  pageShift: [{ shift: 12 }],
  physBits: [
    {
      bits: 64,
      when: ["CONFIG_64BIT"],
      citation: "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)",
    },
    { bits: 32, citation: "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)" },
  ],
  byteOrder: [{ order: "little" }],
});
export { um as default };
