import type { ArchMachines, MemoryRange } from "../../../tools/live/form.ts";
import { from, GIB } from "../../../tools/live/form.ts";

/** QEMU's pc: from 3.5 GiB on, what is above 3 GiB lies above 4. */
const ofPc = (bytes: number): MemoryRange[] =>
  bytes < 3.5 * GIB
    ? from(0n)(bytes)
    : [...from(0n)(3 * GIB), { start: 1n << 32n, end: (1n << 32n) + BigInt(bytes - 3 * GIB), at: 3 * GIB }];

/** The machines that kernels of it are booted on. */
export const machines: ArchMachines = {
  x86_64: {
    debian: ["amd64", "amd64"],
    emulator: ["qemu-system-x86_64", "qemu-system-x86"],
    args: ["-machine", "pc,memory-backend=ram"],
    // L1TF and Meltdown do not affect it, and it has four levels of page tables; `max` has five.
    cpu: "qemu64",
    features: [["la57"], []],
    console: "ttyS0",
    seconds: 30,
    ranges: ofPc,
    compiler: ["x86_64-linux-gnu-gcc", "gcc-x86-64-linux-gnu", "libc6-dev-amd64-cross"],
    vmcoreinfo: true,
    crash: true,
  },
};
