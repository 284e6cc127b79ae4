import type { ArchMachines } from "../../../tools/live/form.ts";
import { from } from "../../../tools/live/form.ts";

/** The machines that kernels of it are booted on: none, the kernel is a program of this one. */
export const machines: ArchMachines = {
  um: {
    build: { kernelArch: "um", fragment: "CONFIG_64BIT=y\n", goal: "linux", image: "linux" },
    args: ["con0=fd:0,fd:1", "con=null"],
    cpu: "",
    console: "tty0",
    megabytes: 256,
    seconds: 5,
    ranges: from(0n),
    compiler: ["x86_64-linux-gnu-gcc", "gcc-x86-64-linux-gnu", "libc6-dev-amd64-cross"],
  },
};
