import type { ArchMachines } from "../../../tools/live/form.ts";
import { from } from "../../../tools/live/form.ts";

/** The machines that kernels of it are booted on. */
export const machines: ArchMachines = {
  openrisc: {
    build: {
      kernelArch: "openrisc",
      fragment: "CONFIG_SERIAL_8250=y\nCONFIG_SERIAL_8250_CONSOLE=y\nCONFIG_SERIAL_OF_PLATFORM=y\n",
      goal: "vmlinux",
      image: "vmlinux",
      compiler: ["or1k-elf-", "gcc-or1k-elf"],
    },
    emulator: ["qemu-system-or1k", "qemu-system-misc"],
    args: ["-machine", "virt"],
    cpu: "or1200",
    console: "ttyS0",
    seconds: 4,
    ranges: from(0n),
    saved: true,
    largeSwap: "6G",
    compiler: ["or1k-elf-gcc", "gcc-or1k-elf", ""],
  },
};
