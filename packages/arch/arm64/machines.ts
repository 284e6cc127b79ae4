import type { ArchMachines } from "../../../tools/live/form.ts";
import { from } from "../../../tools/live/form.ts";

/** The machines that kernels of it are booted on. */
export const machines: ArchMachines = {
  arm64: {
    debian: ["arm64", "arm64"],
    emulator: ["qemu-system-aarch64", "qemu-system-arm"],
    args: ["-machine", "virt,memory-backend=ram"],
    // Without 52-bit addresses: four levels of page tables, whatever the kernel was configured for.
    cpu: "cortex-a57",
    features: [["lpa2"], []],
    console: "ttyAMA0",
    seconds: 30,
    ranges: from(0x4000_0000n),
    compiler: ["aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"],
    vmcoreinfo: true,
  },
};
