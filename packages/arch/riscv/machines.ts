import type { ArchMachine, ArchMachines } from "../../../tools/live/form.ts";
import { from } from "../../../tools/live/form.ts";

const virt: ArchMachine = {
  debian: ["riscv64", "riscv64"],
  suites: { 6.12: ["trixie"], newer: ["sid", "experimental"] },
  emulator: ["qemu-system-riscv64", "qemu-system-misc"],
  args: ["-machine", "virt,memory-backend=ram"],
  cpu: "rv64",
  features: [["sv57"], ["sv48"], []],
  console: "ttyS0",
  seconds: 10,
  ranges: from(0x8000_0000n),
  compiler: ["riscv64-linux-gnu-gcc", "gcc-riscv64-linux-gnu", "libc6-dev-riscv64-cross"],
};

/** The machines that kernels of it are booted on. */
export const machines: ArchMachines = {
  riscv: virt,
  // With soft-dirty and uffd-wp bits, which QEMU 7.2 does not know.
  "riscv-svrsw60t59b": {
    ...virt,
    emulator: ["qemu-system-riscv64", "qemu-system-riscv"],
    cpu: "rv64,svrsw60t59b=true",
    features: [["sv57", "svrsw60t59b"], ["sv48", "svrsw60t59b"], ["svrsw60t59b"]],
    newer: ["emulator"],
  },
};
