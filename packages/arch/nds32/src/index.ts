import type { Architecture } from "@ptekit/core";
import { trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { layouts } from "./layouts.ts";
import { present } from "./present.ts";

const KCONFIG = "arch/nds32/Kconfig.cpu (as of Linux v5.10)";

/** Andes nds32 from 4.17 to 5.17. */
export const nds32: Architecture = trustedArch({
  name: "nds32",
  title: "Andes nds32",
  header: "arch/nds32/include/asm/pgtable.h",
  layouts,
  geometry,
  present,
  removed: {
    in: "5.18",
    citation: `Linux kernel commit aec499c75cf8 ("nds32: Remove the architecture") (in v5.18)`,
  },
  symbols: [
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v5.10)" },
    { name: "CONFIG_ANDES_PAGE_SIZE_4KB", default: "y", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_ANDES_PAGE_SIZE_8KB", default: "n", choice: "page size", citation: KCONFIG },
    { name: "CONFIG_CPU_BIG_ENDIAN", default: "n", citation: KCONFIG },
  ],
  pageShift: [{ shift: 13, when: ["CONFIG_ANDES_PAGE_SIZE_8KB"] }, { shift: 12 }],
  physBits: [{ bits: 32, citation: "mm/Kconfig (as of Linux v5.10): the width of phys_addr_t" }],
  byteOrder: [{ order: "big", when: ["CONFIG_CPU_BIG_ENDIAN"] }, { order: "little" }],
});
export { nds32 as default };
