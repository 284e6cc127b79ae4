import type { ArchMachine, ArchMachines } from "../../../tools/live/form.ts";
import { from, upToBookworm } from "../../../tools/live/form.ts";

const i386: ArchMachine = {
  suites: upToBookworm,
  emulator: ["qemu-system-i386", "qemu-system-x86"],
  args: ["-machine", "pc,memory-backend=ram"],
  cpu: "qemu32",
  console: "ttyS0",
  seconds: 13,
  ranges: from(0n),
  compiler: ["i686-linux-gnu-gcc", "gcc-i686-linux-gnu", "libc6-dev-i386-cross"],
};

const build = {
  kernelArch: "i386",
  fragment: "CONFIG_PCI=y\nCONFIG_SERIAL_8250=y\nCONFIG_SERIAL_8250_CONSOLE=y\n",
  goal: "bzImage",
  image: "arch/x86/boot/bzImage",
};

/** The machines that kernels of it are booted on. */
export const machines: ArchMachines = {
  i386: { ...i386, debian: ["i386", "686"], build },
  "i386-pae": {
    ...i386,
    debian: ["i386", "686-pae"],
    build: { ...build, fragment: `${build.fragment}CONFIG_X86_PAE=y\n` },
  },
};
