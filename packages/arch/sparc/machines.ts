import type { ArchMachines } from "../../../tools/live/form.ts";
import { from } from "../../../tools/live/form.ts";

/** The machines that kernels of it are booted on. */
export const machines: ArchMachines = {
  sparc: {
    build: {
      kernelArch: "sparc",
      fragment: "CONFIG_64BIT=y\nCONFIG_PCI=y\nCONFIG_SERIAL_SUNSU=y\nCONFIG_SERIAL_SUNSU_CONSOLE=y\n",
      goal: "vmlinux",
      image: "vmlinux",
      compiler: ["sparc64-linux-gnu-", "gcc-sparc64-linux-gnu"],
    },
    emulator: ["qemu-system-sparc64", "qemu-system-sparc"],
    args: ["-machine", "sun4u"],
    cpu: "TI UltraSparc IIi",
    features: [["sun4u"]],
    console: "ttyS0",
    seconds: 5,
    ranges: from(0n),
    saved: true,
    untried: true,
    compiler: ["sparc64-linux-gnu-gcc", "gcc-sparc64-linux-gnu", "libc6-dev-sparc64-cross"],
  },
};
