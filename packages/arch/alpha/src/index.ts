import type { Architecture } from "@ptekit/core";
import { trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

/** Alpha from 4.2 on: 24 bits of offset, so that migration entries lose the PFNs above 128 GiB. */
export const alpha: Architecture = trustedArch({
  name: "alpha",
  title: "Alpha",
  header: "arch/alpha/include/asm/pgtable.h",
  layouts,
  geometry,
  present,
  symbols: [
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    {
      name: "CONFIG_SPARSEMEM",
      default: "n",
      since: "5.11",
      citation: "arch/alpha/Kconfig (as of Linux v5.11.4); v5.10 is without it",
    },
  ],
  pageShift: [{ shift: 13 }],
  physBits: [
    {
      bits: 48,
      when: ["CONFIG_SPARSEMEM"],
      citation: "See MAX_PHYSMEM_BITS in arch/alpha/include/asm/sparsemem.h (as of Linux v6.12)",
    },
    { bits: 64, citation: "See SWP_PFN_BITS in include/linux/swapops.h (as of Linux v6.12)" },
  ],
  byteOrder: [{ order: "little" }],
});
export { alpha as default };
