import type { ArchMachines } from "../../../tools/live/form.ts";
import { from } from "../../../tools/live/form.ts";

/** The machines that kernels of it are booted on. */
export const machines: ArchMachines = {
  arm: {
    debian: ["armhf", "armmp"],
    emulator: ["qemu-system-arm", "qemu-system-arm"],
    args: ["-machine", "virt,highmem=off,memory-backend=ram"],
    cpu: "cortex-a15",
    console: "ttyAMA0",
    seconds: 20,
    ranges: from(0x4000_0000n),
    // The program uses no floating point; the kernel runs either kind.
    compiler: ["arm-linux-gnueabi-gcc", "gcc-arm-linux-gnueabi", "libc6-dev-armel-cross"],
  },
};
