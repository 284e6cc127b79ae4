// What differs between the machines that can be booted. Data only.

/** A machine of QEMU's, and what is compiled for it. */
export interface Machine {
  /** Our name of the architecture. */
  readonly arch: string;
  /** The ending of Debian's kernel package. */
  readonly flavour: string;
  /** The command, and the package that brings it. */
  readonly emulator: readonly [command: string, from: string];
  readonly args: readonly string[];
  readonly console: string;
  /** The physical address where the guest's memory begins. */
  readonly ramBase: bigint;
  /** User programs run below it. */
  readonly userEnd: bigint;
  /** The name of that register. */
  readonly programCounter: string;
  /** The command, its package, and the package of the libc. */
  readonly compiler: readonly [command: string, from: string, libc: string];
}

/** The machines, by Debian's name of the architecture. */
export const machines: Readonly<Record<string, Machine>> = {
  amd64: {
    arch: "x86_64",
    flavour: "amd64",
    emulator: ["qemu-system-x86_64", "qemu-system-x86"],
    // A CPU that L1TF and Meltdown do not affect, with four levels of page tables.
    args: ["-machine", "pc,memory-backend=ram", "-cpu", "qemu64"],
    console: "ttyS0",
    ramBase: 0n,
    userEnd: 1n << 47n,
    programCounter: "rip",
    compiler: ["x86_64-linux-gnu-gcc", "gcc-x86-64-linux-gnu", "libc6-dev-amd64-cross"],
  },
  arm64: {
    arch: "arm64",
    flavour: "arm64",
    emulator: ["qemu-system-aarch64", "qemu-system-arm"],
    // A CPU without 52-bit addresses: four levels of page tables, whatever the kernel was configured for.
    args: ["-machine", "virt,memory-backend=ram", "-cpu", "cortex-a57"],
    console: "ttyAMA0",
    ramBase: 0x40000000n,
    userEnd: 1n << 48n,
    programCounter: "pc",
    compiler: ["aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"],
  },
  armhf: {
    arch: "arm",
    flavour: "armmp",
    emulator: ["qemu-system-arm", "qemu-system-arm"],
    args: ["-machine", "virt,highmem=off,memory-backend=ram", "-cpu", "cortex-a15"],
    console: "ttyAMA0",
    ramBase: 0x40000000n,
    userEnd: 0xc0000000n,
    programCounter: "pc",
    // The program uses no floating point; the kernel runs either kind.
    compiler: ["arm-linux-gnueabi-gcc", "gcc-arm-linux-gnueabi", "libc6-dev-armel-cross"],
  },
};

/** The Debian suite that carries a release; any other is looked for in sid. */
export const suites: Readonly<Record<string, string>> = {
  "5.10": "bullseye",
  6.1: "bookworm",
  6.12: "trixie",
};

/** The Kconfig symbols that a live file's `config` names, where they are set. */
export const recordedSymbols: readonly string[] = [
  "X86_64",
  "ARM64",
  "ARM",
  "PAGE_SHIFT",
  "PGTABLE_LEVELS",
  "X86_5LEVEL",
  "PAGE_TABLE_ISOLATION",
  "MITIGATION_PAGE_TABLE_ISOLATION",
  "ARM64_4K_PAGES",
  "ARM64_16K_PAGES",
  "ARM64_64K_PAGES",
  "ARM64_VA_BITS",
  "ARM64_PA_BITS",
  "ARM_LPAE",
  "VMSPLIT_3G",
  "HIGHPTE",
  "SWAP",
  "MIGRATION",
  "MEMORY_FAILURE",
  "DEVICE_PRIVATE",
  "TRANSPARENT_HUGEPAGE",
  "THP_SWAP",
  "HAVE_ARCH_SOFT_DIRTY",
  "MEM_SOFT_DIRTY",
  "USERFAULTFD",
  "HAVE_ARCH_USERFAULTFD_WP",
  "PTE_MARKER",
  "PTE_MARKER_UFFD_WP",
  "ZRAM",
  "PROC_PAGE_MONITOR",
  "HUGETLB_PAGE",
].map((name) => `CONFIG_${name}`);

/** The kernel modules that the guest's program needs, where they are no part of the kernel itself. */
export const neededModules: readonly string[] = ["zram", "loop"];
