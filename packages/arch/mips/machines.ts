import type { ArchMachine, ArchMachines } from "../../../tools/live/form.ts";
import { from, MIB, upToBookworm } from "../../../tools/live/form.ts";

const malta: Omit<ArchMachine, "debian" | "emulator" | "cpu" | "compiler"> = {
  suites: upToBookworm,
  args: ["-machine", "malta,memory-backend=ram"],
  console: "ttyS0",
  // More of it is elsewhere.
  megabytes: 256,
  seconds: 20,
  ranges: from(0n),
};

/** The machines that kernels of it are booted on. */
export const machines: ArchMachines = {
  mips: {
    ...malta,
    debian: ["mips64el", "5kc-malta"],
    emulator: ["qemu-system-mips64el", "qemu-system-mips"],
    cpu: "5KEc",
    compiler: ["mips64el-linux-gnuabi64-gcc", "gcc-mips64el-linux-gnuabi64", "libc6-dev-mips64el-cross"],
  },
  "mips-32": {
    ...malta,
    debian: ["mipsel", "4kc-malta"],
    emulator: ["qemu-system-mipsel", "qemu-system-mips"],
    cpu: "24KEc",
    largeSwap: "1800M",
    compiler: ["mipsel-linux-gnu-gcc", "gcc-mipsel-linux-gnu", "libc6-dev-mipsel-cross"],
  },
  "mips-loongson3": {
    ...malta,
    debian: ["mips64el", "loongson-3"],
    emulator: ["qemu-system-mips64el", "qemu-system-mips"],
    args: ["-machine", "loongson3-virt,memory-backend=ram"],
    cpu: "Loongson-3A1000",
    console: "ttyS0,115200",
    megabytes: 1024,
    // The first 256 MiB stand at 0 too.
    ranges: (bytes) => [
      { start: 0x8000_0000n, end: 0x8000_0000n + BigInt(bytes), at: 0 },
      ...from(0n)(256 * MIB),
    ],
    compiler: ["mips64el-linux-gnuabi64-gcc", "gcc-mips64el-linux-gnuabi64", "libc6-dev-mips64el-cross"],
  },
};
