// What differs between the machines that can be booted, and between the kernels of a Debian architecture. Data only.

/** Physical addresses that lie one behind the other in the file that is the guest's memory. */
export interface MemoryRange {
  readonly start: bigint;
  readonly end: bigint;
  /** Where the range begins in the file. */
  readonly at: number;
}

/** A machine of QEMU's, and what is compiled for it. */
export interface Machine {
  /** Our name of the architecture. */
  readonly arch: string;
  /** Debian's name of the architecture whose kernels run on it. */
  readonly deb: string;
  /** The ending of Debian's kernel package. */
  readonly flavour: string;
  /** Debian suites that have its kernels, by release, where they are not those of every architecture. */
  readonly suites?: Readonly<Record<string, string>>;
  /** The command, and the package that brings it. */
  readonly emulator: readonly [command: string, from: string];
  /** The machine, without its CPU. */
  readonly args: readonly string[];
  /** QEMU's name of the CPU. */
  readonly cpu: string;
  /** By which CPU features the tables may differ, the most levels first: the first whose tables are found is what ran. */
  readonly features?: readonly (readonly string[])[];
  readonly console: string;
  /** More words for the kernel's command line. */
  readonly append?: string;
  /** How much memory it gets, in mebibytes, where nothing else is asked for. Default: 512. */
  readonly megabytes?: number;
  /** Where the guest's memory is. */
  ranges(bytes: number): readonly MemoryRange[];
  /** The size of the swap device whose last offsets are reached, where 16G is more than a PTE holds. */
  readonly largeSwap?: string;
  /** Set where QEMU has a device by which a kernel tells where its VMCOREINFO is. */
  readonly vmcoreinfo?: true;
  /** The command, its package, and the package of the libc. */
  readonly compiler: readonly [command: string, from: string, libc: string];
}

/** All of it from one address on. */
const from =
  (start: bigint) =>
  (bytes: number): MemoryRange[] => [{ start, end: start + BigInt(bytes), at: 0 }];

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** QEMU's pc: from 3.5 GiB on, what is above 3 GiB lies above 4. */
const ofPc = (bytes: number): MemoryRange[] =>
  bytes < 3.5 * GIB
    ? from(0n)(bytes)
    : [...from(0n)(3 * GIB), { start: 1n << 32n, end: (1n << 32n) + BigInt(bytes - 3 * GIB), at: 3 * GIB }];

/** Up to 6.1 in bookworm, and no kernels since. */
const upToBookworm = { "5.10": "bullseye", 6.1: "bookworm" };

const pseries =
  "pseries,memory-backend=ram,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off";

const ppc64le: Omit<Machine, "cpu" | "features" | "flavour"> = {
  arch: "powerpc",
  deb: "ppc64el",
  emulator: ["qemu-system-ppc64", "qemu-system-ppc"],
  args: ["-machine", pseries],
  console: "hvc0",
  megabytes: 1024,
  ranges: from(0n),
  compiler: ["powerpc64le-linux-gnu-gcc", "gcc-powerpc64le-linux-gnu", "libc6-dev-ppc64el-cross"],
};

const malta: Omit<Machine, "deb" | "flavour" | "emulator" | "cpu" | "compiler"> = {
  arch: "mips",
  suites: upToBookworm,
  args: ["-machine", "malta,memory-backend=ram"],
  console: "ttyS0",
  // More of it is elsewhere.
  megabytes: 256,
  ranges: from(0n),
};

const i386: Omit<Machine, "flavour"> = {
  arch: "i386",
  deb: "i386",
  suites: upToBookworm,
  emulator: ["qemu-system-i386", "qemu-system-x86"],
  args: ["-machine", "pc,memory-backend=ram"],
  cpu: "qemu32",
  console: "ttyS0",
  ranges: from(0n),
  compiler: ["i686-linux-gnu-gcc", "gcc-i686-linux-gnu", "libc6-dev-i386-cross"],
};

/** The machines by name: ours of the architecture, and what is behind it where there are several. The first is the default. */
export const machines: Readonly<Record<string, Machine>> = {
  x86_64: {
    arch: "x86_64",
    deb: "amd64",
    flavour: "amd64",
    emulator: ["qemu-system-x86_64", "qemu-system-x86"],
    args: ["-machine", "pc,memory-backend=ram"],
    // L1TF and Meltdown do not affect it, and it has four levels of page tables; `max` has five.
    cpu: "qemu64",
    features: [["la57"], []],
    console: "ttyS0",
    ranges: ofPc,
    compiler: ["x86_64-linux-gnu-gcc", "gcc-x86-64-linux-gnu", "libc6-dev-amd64-cross"],
    vmcoreinfo: true,
  },
  arm64: {
    arch: "arm64",
    deb: "arm64",
    flavour: "arm64",
    emulator: ["qemu-system-aarch64", "qemu-system-arm"],
    args: ["-machine", "virt,memory-backend=ram"],
    // Without 52-bit addresses: four levels of page tables, whatever the kernel was configured for.
    cpu: "cortex-a57",
    features: [["lpa2"], []],
    console: "ttyAMA0",
    ranges: from(0x4000_0000n),
    compiler: ["aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"],
    vmcoreinfo: true,
  },
  arm: {
    arch: "arm",
    deb: "armhf",
    flavour: "armmp",
    emulator: ["qemu-system-arm", "qemu-system-arm"],
    args: ["-machine", "virt,highmem=off,memory-backend=ram"],
    cpu: "cortex-a15",
    console: "ttyAMA0",
    ranges: from(0x4000_0000n),
    // The program uses no floating point; the kernel runs either kind.
    compiler: ["arm-linux-gnueabi-gcc", "gcc-arm-linux-gnueabi", "libc6-dev-armel-cross"],
  },
  i386: { ...i386, flavour: "686" },
  "i386-pae": { ...i386, flavour: "686-pae" },
  riscv: {
    arch: "riscv",
    deb: "riscv64",
    flavour: "riscv64",
    suites: { 6.12: "trixie" },
    emulator: ["qemu-system-riscv64", "qemu-system-misc"],
    args: ["-machine", "virt,memory-backend=ram"],
    cpu: "rv64",
    features: [["sv57"], ["sv48"], []],
    console: "ttyS0",
    ranges: from(0x8000_0000n),
    compiler: ["riscv64-linux-gnu-gcc", "gcc-riscv64-linux-gnu", "libc6-dev-riscv64-cross"],
  },
  s390: {
    arch: "s390",
    deb: "s390x",
    flavour: "s390x",
    emulator: ["qemu-system-s390x", "qemu-system-misc"],
    args: ["-machine", "s390-ccw-virtio,memory-backend=ram"],
    cpu: "max",
    console: "ttysclp0",
    ranges: from(0n),
    compiler: ["s390x-linux-gnu-gcc", "gcc-s390x-linux-gnu", "libc6-dev-s390x-cross"],
  },
  powerpc: { ...ppc64le, flavour: "powerpc64le", cpu: "power9", features: [["radix"]] },
  "powerpc-hash": { ...ppc64le, flavour: "powerpc64le", cpu: "power8", features: [["hash"]] },
  "powerpc-64k": { ...ppc64le, flavour: "powerpc64le-64k", cpu: "power9", features: [["radix"]] },
  "powerpc-64k-hash": { ...ppc64le, flavour: "powerpc64le-64k", cpu: "power8", features: [["hash"]] },
  mips: {
    ...malta,
    deb: "mips64el",
    flavour: "5kc-malta",
    emulator: ["qemu-system-mips64el", "qemu-system-mips"],
    cpu: "5KEc",
    compiler: ["mips64el-linux-gnuabi64-gcc", "gcc-mips64el-linux-gnuabi64", "libc6-dev-mips64el-cross"],
  },
  "mips-32": {
    ...malta,
    deb: "mipsel",
    flavour: "4kc-malta",
    emulator: ["qemu-system-mipsel", "qemu-system-mips"],
    cpu: "24KEc",
    largeSwap: "1800M",
    compiler: ["mipsel-linux-gnu-gcc", "gcc-mipsel-linux-gnu", "libc6-dev-mipsel-cross"],
  },
  "mips-loongson3": {
    ...malta,
    deb: "mips64el",
    flavour: "loongson-3",
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

const suites: Readonly<Record<string, string>> = { "5.10": "bullseye", 6.1: "bookworm", 6.12: "trixie" };

/** The Debian suite that has a machine's kernel of a release; any other is looked for in sid. */
export function suiteOf({ suites: own = suites }: Machine, kernel: string): string {
  return own[kernel.split(".").slice(0, 2).join(".")] ?? "sid";
}

/** The names that a machine goes by: ours, and Debian's of the architecture for the first that runs it. */
export function namesOf(name: string): string[] {
  const deb = machines[name]?.deb ?? "";
  const first = Object.entries(machines).find(([, machine]) => machine.deb === deb)?.[0];
  return first === name && deb !== name ? [name, deb] : [name];
}

/** The machine of a name, by the name that is ours; null where there is none. */
export function machineNamed(given: string): { name: string; machine: Machine } | null {
  const found = Object.entries(machines).find(([name]) => namesOf(name).includes(given));
  return found ? { name: found[0], machine: found[1] } : null;
}

/** The Kconfig symbols that every live file's `config` names where they are on, beside those that choose a layout. */
export const recordedSymbols: readonly string[] = [
  "PAGE_SHIFT",
  "PGTABLE_LEVELS",
  "PAGE_TABLE_ISOLATION",
  "MITIGATION_PAGE_TABLE_ISOLATION",
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
