import type { ArchMachines } from "../../../tools/live/form.ts";
import { from } from "../../../tools/live/form.ts";

/** The machines that kernels of it are booted on. */
export const machines: ArchMachines = {
  m68k: {
    build: {
      kernelArch: "m68k",
      fragment: "CONFIG_MMU=y\nCONFIG_M68KCLASSIC=y\nCONFIG_M68040=y\nCONFIG_VIRT=y\nCONFIG_GOLDFISH_TTY=y\n",
      goal: "vmlinux",
      image: "vmlinux",
    },
    emulator: ["qemu-system-m68k", "qemu-system-misc"],
    args: ["-machine", "virt,memory-backend=ram"],
    cpu: "m68040",
    console: "ttyGF0",
    megabytes: 256,
    seconds: 3,
    ranges: from(0n),
    largeSwap: "3G",
    compiler: ["m68k-linux-gnu-gcc", "gcc-m68k-linux-gnu", "libc6-dev-m68k-cross"],
  },
};
