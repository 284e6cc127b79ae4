import type { Architecture } from "@ptekit/core";
import { trustedArch } from "@ptekit/core";
import { geometry } from "./geometry.ts";
import { hugetlb } from "./hugetlb.ts";
import { layouts } from "./layouts.ts";
import { leaves } from "./leaves.ts";
import { present } from "./present.ts";

const KCONFIG = "arch/s390/Kconfig (as of Linux v6.12)";
const PHYSMEM = "See MAX_PHYSMEM_BITS in arch/s390/include/asm/sparsemem.h (as of Linux v6.12)";

/** The values that CONFIG_MAX_PHYSMEM_BITS takes. */
const physmemBits = [42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53];

/** s390x from 4.2 on. */
export const s390: Architecture = trustedArch({
  name: "s390",
  aliases: ["s390x"],
  title: "s390x",
  header: "arch/s390/include/asm/pgtable.h",
  layouts,
  geometry,
  present,
  hugetlb,
  leaves,
  symbols: [
    { name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" },
    {
      name: "CONFIG_DEVICE_PRIVATE",
      default: "y",
      since: "6.16",
      citation:
        "mm/Kconfig (as of Linux v6.17 and v7.2): ZONE_DEVICE no longer needs ARCH_HAS_PTE_DEVMAP, as it does in v6.14",
    },
    { name: "CONFIG_MEM_SOFT_DIRTY", default: "y", citation: KCONFIG },
    { name: "CONFIG_TRANSPARENT_HUGEPAGE", default: "y", citation: KCONFIG },
    { name: "CONFIG_MAX_PHYSMEM_BITS", default: 46, values: physmemBits, citation: KCONFIG },
  ],
  pageShift: [{ shift: 12 }],
  physBits: [
    ...physmemBits.map((bits) => ({ bits, when: [`CONFIG_MAX_PHYSMEM_BITS=${bits}`], citation: PHYSMEM })),
    { bits: 46, citation: PHYSMEM },
  ],
  byteOrder: [{ order: "big" }],
});
export { s390 as default };
