import type { Architecture } from "@ptekit/core";
import { trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

/** Nios II from 4.2 on. It has no swap files (ARCH_NO_SWAP): its swap PTEs are migration entries and markers. */
export const nios2: Architecture = trustedArch({
  name: "nios2",
  title: "Nios II",
  header: "arch/nios2/include/asm/pgtable.h",
  layouts,
  geometry,
  present,
  symbols: [{ name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" }],
  pageShift: [{ shift: 12 }],
  physBits: [{ bits: 32, citation: "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)" }],
  maxSwapfilePages: [{ pages: 0n, citation: "ARCH_NO_SWAP in arch/nios2/Kconfig (as of Linux v6.12)" }],
  byteOrder: [{ order: "little" }],
});
export { nios2 as default };
