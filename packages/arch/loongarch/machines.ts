import type { ArchMachines } from "../../../tools/live/form.ts";
import { from, MIB } from "../../../tools/live/form.ts";

/** The machines that kernels of it are booted on. */
export const machines: ArchMachines = {
  loongarch: {
    debian: ["loong64", "loong64"],
    suites: { newer: ["sid", "experimental"] },
    emulator: ["qemu-system-loongarch64", "qemu-system-misc"],
    args: ["-machine", "virt,memory-backend=ram"],
    cpu: "la464",
    console: "ttyS0",
    // Without firmware there is no keyboard controller that answers.
    append: "initcall_blacklist=i8042_init",
    megabytes: 1024,
    seconds: 10,
    // What does not fit in 256 MiB is elsewhere.
    ranges: (bytes) => [
      ...from(0n)(Math.min(bytes, 256 * MIB)),
      { start: 0x8000_0000n, end: 0x8000_0000n + BigInt(Math.max(bytes - 256 * MIB, 0)), at: 256 * MIB },
    ],
    compiler: ["loongarch64-linux-gnu-gcc", "gcc-loongarch64-linux-gnu", "libc6-dev-loong64-cross"],
    newer: ["emulator", "compiler"],
  },
};
