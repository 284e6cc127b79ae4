import type { ArchMachine, ArchMachines, MemoryRange } from "../../../tools/live/form.ts";
import { from, GIB } from "../../../tools/live/form.ts";

/** QEMU's pc: from 3.5 GiB on, what is above 3 GiB lies above 4. */
const ofPc = (bytes: number): MemoryRange[] =>
  bytes < 3.5 * GIB
    ? from(0n)(bytes)
    : [...from(0n)(3 * GIB), { start: 1n << 32n, end: (1n << 32n) + BigInt(bytes - 3 * GIB), at: 3 * GIB }];

const pc: ArchMachine = {
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
};

/** The machines that kernels of it are booted on. */
export const machines: ArchMachines = {
  x86_64: { ...pc, debian: ["amd64", "amd64"] },
  // With a device whose memory pages are migrated to (lib/test_hmm.c).
  "x86_64-hmm": {
    ...pc,
    build: {
      kernelArch: "x86_64",
      fragment: `CONFIG_64BIT=y
CONFIG_SMP=y
CONFIG_PCI=y
CONFIG_ACPI=y
CONFIG_SERIAL_8250=y
CONFIG_SERIAL_8250_CONSOLE=y
CONFIG_NUMA=y
CONFIG_X86_MCE=y
CONFIG_SPARSEMEM_VMEMMAP=y
CONFIG_MEMORY_HOTPLUG=y
CONFIG_MEMORY_HOTREMOVE=y
CONFIG_ZONE_DEVICE=y
CONFIG_DEVICE_PRIVATE=y
CONFIG_RUNTIME_TESTING_MENU=y
CONFIG_DEBUG_KERNEL=y
CONFIG_TEST_HMM=y
`,
      goal: "bzImage",
      image: "arch/x86/boot/bzImage",
    },
  },
};
