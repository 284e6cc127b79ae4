import type { Architecture } from "@ptekit/core";
import { trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

/** OpenRISC from 4.2 on. */
export const openrisc: Architecture = trustedArch({
  name: "openrisc",
  aliases: ["or1k"],
  title: "OpenRISC",
  header: "arch/openrisc/include/asm/pgtable.h",
  layouts,
  geometry,
  present,
  symbols: [{ name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" }],
  pageShift: [{ shift: 13 }],
  physBits: [{ bits: 32, citation: "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)" }],
  byteOrder: [{ order: "big" }],
});
export { openrisc as default };
