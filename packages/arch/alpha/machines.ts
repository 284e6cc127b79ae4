import type { ArchMachines } from "../../../tools/live/form.ts";
import { from } from "../../../tools/live/form.ts";

const libc = "/usr/alpha-linux-gnu/lib";

/** The machines that kernels of it are booted on. */
export const machines: ArchMachines = {
  alpha: {
    build: {
      kernelArch: "alpha",
      // A kernel of tinyconfig and one system's support prints nothing.
      defconfig: "defconfig",
      fragment: "CONFIG_ALPHA_GENERIC=y\nCONFIG_ALPHA_LEGACY_START_ADDRESS=y\nCONFIG_SERIAL_8250_CONSOLE=y\n",
      goal: "vmlinux",
      image: "vmlinux",
    },
    emulator: ["qemu-system-alpha", "qemu-system-misc"],
    args: ["-machine", "clipper,memory-backend=ram"],
    devices: ["-vga", "none", "-net", "none"],
    cpu: "ev67",
    console: "ttyS0",
    untried: true,
    seconds: 4,
    ranges: from(0n),
    compiler: ["alpha-linux-gnu-gcc", "gcc-alpha-linux-gnu", "libc6.1-dev-alpha-cross"],
    // Debian's libc fails before main() where it is linked statically.
    link: [],
    libraries: { "lib/ld-linux.so.2": `${libc}/ld-linux.so.2`, "lib/libc.so.6.1": `${libc}/libc.so.6.1` },
  },
};
