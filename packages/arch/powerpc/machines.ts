import type { ArchMachine, ArchMachines } from "../../../tools/live/form.ts";
import { from } from "../../../tools/live/form.ts";

const pseries =
  "pseries,memory-backend=ram,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off";

const ppc64le: Omit<ArchMachine, "debian" | "cpu" | "features"> = {
  emulator: ["qemu-system-ppc64", "qemu-system-ppc"],
  args: ["-machine", pseries],
  console: "hvc0",
  megabytes: 1024,
  seconds: 20,
  ranges: from(0n),
  compiler: ["powerpc64le-linux-gnu-gcc", "gcc-powerpc64le-linux-gnu", "libc6-dev-ppc64el-cross"],
};

/** The machines that kernels of it are booted on. */
export const machines: ArchMachines = {
  powerpc: { ...ppc64le, debian: ["ppc64el", "powerpc64le"], cpu: "power9", features: [["radix"]] },
  "powerpc-hash": { ...ppc64le, debian: ["ppc64el", "powerpc64le"], cpu: "power8", features: [["hash"]] },
  "powerpc-64k": {
    ...ppc64le,
    debian: ["ppc64el", "powerpc64le-64k"],
    cpu: "power9",
    features: [["radix"]],
  },
  "powerpc-64k-hash": {
    ...ppc64le,
    debian: ["ppc64el", "powerpc64le-64k"],
    cpu: "power8",
    features: [["hash"]],
  },
  "powerpc-32": {
    build: {
      kernelArch: "powerpc",
      fragment: `CONFIG_PPC_BOOK3S_32=y
CONFIG_PPC_PMAC=y
CONFIG_PCI=y
CONFIG_SERIAL_PMACZILOG=y
CONFIG_SERIAL_PMACZILOG_TTYS=y
CONFIG_SERIAL_PMACZILOG_CONSOLE=y
CONFIG_MACINTOSH_DRIVERS=y
CONFIG_ADB=y
CONFIG_ADB_CUDA=y
`,
      goal: "vmlinux",
      image: "vmlinux",
    },
    emulator: ["qemu-system-ppc", "qemu-system-ppc"],
    args: ["-machine", "mac99,memory-backend=ram"],
    cpu: "g4",
    console: "ttyS0",
    untried: true,
    seconds: 64,
    ranges: from(0n),
    compiler: ["powerpc-linux-gnu-gcc", "gcc-powerpc-linux-gnu", "libc6-dev-powerpc-cross"],
  },
};
