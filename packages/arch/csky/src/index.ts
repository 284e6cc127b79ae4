import type { Architecture } from "@ptekit/core";
import { trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

const KCONFIG = "arch/csky/Kconfig (as of Linux v6.12)";

/** C-SKY from 5.0 on, abiv1 (ck610) and abiv2 (ck807, ck810, ck860). */
export const csky: Architecture = trustedArch({
  name: "csky",
  title: "C-SKY",
  header: "arch/csky/abiv2/inc/abi/pgtable-bits.h",
  layouts,
  geometry,
  present,
  symbols: [
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    { name: "CONFIG_CPU_CK807", default: "y", choice: "CPU model", citation: KCONFIG },
    { name: "CONFIG_CPU_CK610", default: "n", choice: "CPU model", citation: KCONFIG },
    { name: "CONFIG_CPU_CK810", default: "n", choice: "CPU model", citation: KCONFIG },
    { name: "CONFIG_CPU_CK860", default: "n", choice: "CPU model", citation: KCONFIG },
  ],
  pageShift: [{ shift: 12 }],
  physBits: [{ bits: 32, citation: "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)" }],
  typeChecks: [
    {
      since: "6.1",
      citation: "See MAX_SWAPFILES_CHECK() in arch/csky/include/asm/pgtable.h (as of Linux v6.1)",
    },
  ],
  byteOrder: [{ order: "little" }],
});
export { csky as default };
