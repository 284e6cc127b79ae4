import type { VmcoreData } from "@ptekit/core";
import { equals } from "@ptekit/core";

/** Held against dumps of running kernels: 5.10, 6.1, 6.12 and 7.2; 4K and 16K pages, LPA2. */
export const vmcore: VmcoreData = {
  elfMachine: 183,
  image: { minus: "kimage_voffset" },
  // PTE_VALID without PTE_NG, which TTBR0's pages alone have.
  kernelEntry: equals(0x801n, 0x1n),
  // 52 bits of address with pages of 4K or 16K take LPA2; with 64K they need nothing new of the descriptors' upper levels.
  cpus: [{ name: "lpa2", number: "TCR_EL1_T1SZ", below: 16n }],
  config: [
    { name: "CONFIG_ARM64_VA_BITS", number: "VA_BITS" },
    { name: "CONFIG_ARM64_PA_BITS", number: "MAX_PHYSMEM_BITS" },
  ],
  citation:
    "See arch_crash_save_vmcoreinfo() in arch/arm64/kernel/vmcore_info.c and __kimg_to_phys() in arch/arm64/include/asm/memory.h (as of Linux v6.12)",
};
