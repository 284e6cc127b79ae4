import type { VmcoreData } from "@ptekit/core";

/** Held against dumps of running kernels: 6.12 and 7.2 with Sv57. */
export const vmcore: VmcoreData = {
  elfMachine: 243,
  image: { minus: "va_kernel_pa_offset" },
  cpus: [
    { name: "sv57", number: "VA_BITS", is: 57n },
    { name: "sv48", number: "VA_BITS", is: 48n },
    { name: "sv39", number: "VA_BITS", is: 39n },
  ],
  citation:
    "See arch_crash_save_vmcoreinfo() in arch/riscv/kernel/vmcore_info.c and kernel_mapping_va_to_pa() in arch/riscv/include/asm/page.h (as of Linux v6.12)",
};
