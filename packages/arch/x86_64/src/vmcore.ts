import type { VmcoreData } from "@ptekit/core";

/** Held against dumps of running kernels: 5.10, 6.1, 6.12 and 7.2, with four levels and five. */
export const vmcore: VmcoreData = {
  elfMachine: 62,
  // __START_KERNEL_map; phys_base is where the kernel was loaded, less where it was linked to be.
  image: { minus: 0xffff_ffff_8000_0000n, plus: "phys_base" },
  encryption: "sme_mask",
  cpus: [{ name: "la57", number: "pgtable_l5_enabled", is: 1n }],
  citation:
    "See arch_crash_save_vmcoreinfo() in arch/x86/kernel/vmcore_info_64.c and __phys_addr() in arch/x86/include/asm/page_64.h (as of Linux v6.12)",
};
