// What differs between architectures: compiler, emulator, and the Kconfig of each variant. Data only.

// A 64-bit MIPS kernel is compiled with -msym32, for addresses of 32 bits; programs usually lie above.
const low = ["-Wl,-Ttext-segment=0x10000000"];

/** A cross compiler of Debian's. */
export interface Toolchain {
  /** What its commands begin with. */
  readonly prefix: string;
  readonly packages: { readonly compiler: string; readonly libc: string };
  /** The user-mode emulator for its programs. */
  readonly emulator: string;
  /** More flags for the linker. */
  readonly link?: readonly string[];
  /** The hosts that run its programs themselves, as process.arch says. */
  readonly hosts: readonly string[];
}

/** Debian's cross compilers. */
export const toolchains: Readonly<Record<string, Toolchain>> = {
  x86_64: {
    prefix: "x86_64-linux-gnu-",
    packages: { compiler: "gcc-x86-64-linux-gnu", libc: "libc6-dev-amd64-cross" },
    emulator: "qemu-x86_64",
    hosts: ["x64"],
  },
  i386: {
    prefix: "i686-linux-gnu-",
    packages: { compiler: "gcc-i686-linux-gnu", libc: "libc6-dev-i386-cross" },
    emulator: "qemu-i386",
    hosts: ["x64", "ia32"],
  },
  arm: {
    // The soft-float compiler: the kernel is compiled soft-float, and the linker refuses to mix the two.
    prefix: "arm-linux-gnueabi-",
    packages: { compiler: "gcc-arm-linux-gnueabi", libc: "libc6-dev-armel-cross" },
    emulator: "qemu-arm",
    hosts: [],
  },
  arm64: {
    prefix: "aarch64-linux-gnu-",
    packages: { compiler: "gcc-aarch64-linux-gnu", libc: "libc6-dev-arm64-cross" },
    emulator: "qemu-aarch64",
    hosts: ["arm64"],
  },
  riscv: {
    prefix: "riscv64-linux-gnu-",
    packages: { compiler: "gcc-riscv64-linux-gnu", libc: "libc6-dev-riscv64-cross" },
    emulator: "qemu-riscv64",
    hosts: ["riscv64"],
  },
  s390: {
    prefix: "s390x-linux-gnu-",
    packages: { compiler: "gcc-s390x-linux-gnu", libc: "libc6-dev-s390x-cross" },
    emulator: "qemu-s390x",
    hosts: ["s390x"],
  },
  powerpc: {
    prefix: "powerpc-linux-gnu-",
    packages: { compiler: "gcc-powerpc-linux-gnu", libc: "libc6-dev-powerpc-cross" },
    emulator: "qemu-ppc",
    hosts: [],
  },
  ppc64: {
    prefix: "powerpc64-linux-gnu-",
    packages: { compiler: "gcc-powerpc64-linux-gnu", libc: "libc6-dev-ppc64-cross" },
    emulator: "qemu-ppc64",
    hosts: [],
  },
  ppc64le: {
    prefix: "powerpc64le-linux-gnu-",
    packages: { compiler: "gcc-powerpc64le-linux-gnu", libc: "libc6-dev-ppc64el-cross" },
    emulator: "qemu-ppc64le",
    hosts: [],
  },
  mips: {
    prefix: "mips-linux-gnu-",
    packages: { compiler: "gcc-mips-linux-gnu", libc: "libc6-dev-mips-cross" },
    emulator: "qemu-mips",
    hosts: [],
  },
  mipsel: {
    prefix: "mipsel-linux-gnu-",
    packages: { compiler: "gcc-mipsel-linux-gnu", libc: "libc6-dev-mipsel-cross" },
    emulator: "qemu-mipsel",
    hosts: [],
  },
  mips64el: {
    prefix: "mips64el-linux-gnuabi64-",
    packages: { compiler: "gcc-mips64el-linux-gnuabi64", libc: "libc6-dev-mips64el-cross" },
    emulator: "qemu-mips64el",
    link: low,
    hosts: [],
  },
  mips64: {
    prefix: "mips64-linux-gnuabi64-",
    packages: { compiler: "gcc-mips64-linux-gnuabi64", libc: "libc6-dev-mips64-cross" },
    emulator: "qemu-mips64",
    link: low,
    hosts: [],
  },
  m68k: {
    prefix: "m68k-linux-gnu-",
    packages: { compiler: "gcc-m68k-linux-gnu", libc: "libc6-dev-m68k-cross" },
    emulator: "qemu-m68k",
    hosts: [],
  },
  parisc: {
    prefix: "hppa-linux-gnu-",
    packages: { compiler: "gcc-hppa-linux-gnu", libc: "libc6-dev-hppa-cross" },
    emulator: "qemu-hppa",
    hosts: [],
  },
};

// Whatever gives a swap type or a flag of its own; olddefconfig drops what this architecture or release has not.
const everything = `
CONFIG_SWAP=y
CONFIG_COMPACTION=y
CONFIG_MIGRATION=y
CONFIG_MEMORY_HOTPLUG=y
CONFIG_MEMORY_HOTREMOVE=y
CONFIG_MEMORY_FAILURE=y
CONFIG_ZONE_DEVICE=y
CONFIG_DEVICE_PRIVATE=y
CONFIG_USERFAULTFD=y
CONFIG_PTE_MARKER_UFFD_WP=y
CONFIG_PROC_FS=y
CONFIG_CHECKPOINT_RESTORE=y
CONFIG_MEM_SOFT_DIRTY=y
CONFIG_TRANSPARENT_HUGEPAGE=y
CONFIG_NUMA_BALANCING=y
`;

// Needs code of a running kernel behind every function, or a compiler plugin; changes no bit of a PTE.
const plain = `
# CONFIG_LOCALVERSION_AUTO is not set
# CONFIG_WERROR is not set
# CONFIG_GCC_PLUGINS is not set
# CONFIG_STACKPROTECTOR is not set
# CONFIG_STACKPROTECTOR_STRONG is not set
# CONFIG_RETPOLINE is not set
# CONFIG_MITIGATION_RETPOLINE is not set
# CONFIG_SPECULATION_MITIGATIONS is not set
# CONFIG_CPU_MITIGATIONS is not set
# CONFIG_FTRACE is not set
# CONFIG_KASAN is not set
# CONFIG_CFI_CLANG is not set
# CONFIG_DEBUG_VM is not set
# CONFIG_DEBUG_INFO_BTF is not set
# CONFIG_MODVERSIONS is not set
# CONFIG_PARAVIRT is not set
# CONFIG_EXPOLINE is not set
# CONFIG_AMD_MEM_ENCRYPT is not set
# CONFIG_X86_USER_SHADOW_STACK is not set
`;

// The types of memory failure and of device memory off, as in the committed files of most architectures.
const noPfnTypes = "# CONFIG_DEVICE_PRIVATE is not set\n# CONFIG_MEMORY_FAILURE is not set\n";

const bigEndian = "# CONFIG_CPU_LITTLE_ENDIAN is not set\nCONFIG_CPU_BIG_ENDIAN=y\n";

const x86Levels = "CONFIG_X86_5LEVEL=y\n";

/** How one kernel is made: what an architecture says of all its variants, and a variant of itself. */
interface Settings {
  /** One of the toolchains, where it is not named like the architecture. */
  readonly toolchain?: string;
  /** Where the configuration starts. */
  readonly defconfig?: string;
  /** What a booting CPU may decide about PFN widths. */
  readonly cpus?: readonly string[];
  /** What it decided about the layout. */
  readonly cpu?: string;
  /** What a vector file's `config` names beside `recordedSymbols`, without CONFIG_. */
  readonly symbols?: readonly string[];
}

interface Variant extends Settings {
  /** Kconfig lines, applied in their order after those of all targets: a later one wins. */
  readonly fragment: string;
}

interface ArchTarget extends Settings {
  /** The kernel's ARCH=. */
  readonly kernelArch: string;
  /** Where its asm-offsets.c stands. */
  readonly offsets: string;
  /** The first is the default; what a variant says goes before what its architecture says. */
  readonly variants: Readonly<Record<string, Variant>>;
}

/** What one variant of an architecture is made with. */
export interface Target extends Required<Omit<Settings, "cpu">> {
  readonly kernelArch: string;
  readonly offsets: string;
  readonly fragment: string;
  readonly cpu?: string;
}

/** The architectures that vectors can be made of, by name. */
export const targets: Readonly<Record<string, ArchTarget>> = {
  x86_64: {
    kernelArch: "x86_64",
    offsets: "arch/x86/kernel",
    defconfig: "x86_64_defconfig",
    variants: {
      "4level": { fragment: x86Levels, cpus: ["la57"] },
      nodev: { fragment: `${x86Levels}# CONFIG_DEVICE_PRIVATE is not set\n`, cpus: ["la57"] },
    },
  },
  i386: {
    kernelArch: "i386",
    offsets: "arch/x86/kernel",
    defconfig: "i386_defconfig",
    variants: {
      "2level": { fragment: "CONFIG_FLATMEM_MANUAL=y\nCONFIG_HIGHMEM4G=y\n" },
      pae: { fragment: "CONFIG_FLATMEM_MANUAL=y\nCONFIG_HIGHMEM64G=y\nCONFIG_X86_PAE=y\n" },
    },
  },
  arm: {
    kernelArch: "arm",
    symbols: ["CPU_BIG_ENDIAN"],
    offsets: "arch/arm/kernel",
    defconfig: "multi_v7_defconfig",
    variants: {
      "2level": { fragment: "# CONFIG_ARM_LPAE is not set\n" },
      lpae: { fragment: "CONFIG_ARM_LPAE=y\n# CONFIG_ARCH_MULTI_V6 is not set\n" },
    },
  },
  arm64: {
    kernelArch: "arm64",
    symbols: ["CPU_BIG_ENDIAN"],
    offsets: "arch/arm64/kernel",
    defconfig: "defconfig",
    variants: {
      "4k": { fragment: "CONFIG_ARM64_4K_PAGES=y\nCONFIG_ARM64_VA_BITS_48=y\nCONFIG_ARM64_PA_BITS_48=y\n" },
      "16k": { fragment: "CONFIG_ARM64_16K_PAGES=y\nCONFIG_ARM64_VA_BITS_48=y\nCONFIG_ARM64_PA_BITS_48=y\n" },
      "64k": { fragment: "CONFIG_ARM64_64K_PAGES=y\nCONFIG_ARM64_VA_BITS_48=y\nCONFIG_ARM64_PA_BITS_48=y\n" },
      "4k-lpa2": {
        fragment: "CONFIG_ARM64_4K_PAGES=y\nCONFIG_ARM64_VA_BITS_52=y\nCONFIG_ARM64_PA_BITS_52=y\n",
        cpus: ["lpa2"],
      },
      "64k-pa52": {
        fragment: "CONFIG_ARM64_64K_PAGES=y\nCONFIG_ARM64_VA_BITS_48=y\nCONFIG_ARM64_PA_BITS_52=y\n",
      },
    },
  },
  // 64 bits alone: Debian has no libc for riscv32. The rows for a CPU with Svrsw60t59b need patched alternatives.
  riscv: {
    kernelArch: "riscv",
    symbols: ["64BIT", "32BIT", "RISCV_ISA_SVRSW60T59B"],
    offsets: "arch/riscv/kernel",
    defconfig: "defconfig",
    variants: {
      "riscv64-sv39-48-57": { fragment: noPfnTypes },
    },
  },
  s390: {
    kernelArch: "s390",
    symbols: ["MAX_PHYSMEM_BITS"],
    offsets: "arch/s390/kernel",
    defconfig: "defconfig",
    variants: { "s390x-default": { fragment: noPfnTypes } },
  },
  powerpc: {
    kernelArch: "powerpc",
    symbols: [
      ...["PPC32", "PPC_BOOK3S_32", "PPC_85xx", "PPC_8xx", "44x", "40x"],
      ...["PPC64", "PPC_BOOK3S_64", "PPC_BOOK3E_64", "PPC_RADIX_MMU", "PTE_64BIT"],
      ...["PPC_4K_PAGES", "PPC_16K_PAGES", "PPC_64K_PAGES", "PPC_256K_PAGES"],
      ...["SPARSEMEM_MANUAL", "SPARSEMEM_VMEMMAP"],
    ],
    offsets: "arch/powerpc/kernel",
    variants: {
      "ppc64le-radix-64k": {
        toolchain: "ppc64le",
        cpu: "radix",
        defconfig: "ppc64le_defconfig",
        fragment: `${noPfnTypes}CONFIG_PPC_64K_PAGES=y\n`,
      },
      "ppc64le-radix-4k": {
        toolchain: "ppc64le",
        cpu: "radix",
        defconfig: "ppc64le_defconfig",
        fragment: `${noPfnTypes}CONFIG_PPC_4K_PAGES=y\n`,
      },
      "ppc64-hash-4k": {
        toolchain: "ppc64",
        cpu: "hash",
        defconfig: "ppc64_defconfig",
        fragment: `${noPfnTypes}CONFIG_PPC_4K_PAGES=y\n# CONFIG_PPC_RADIX_MMU is not set\n`,
      },
      "ppc64-hash-64k": {
        toolchain: "ppc64",
        cpu: "hash",
        defconfig: "ppc64_defconfig",
        fragment: `${noPfnTypes}CONFIG_PPC_64K_PAGES=y\n# CONFIG_PPC_RADIX_MMU is not set\n`,
      },
      "ppc32-book3s32-pte32": { defconfig: "pmac32_defconfig", fragment: noPfnTypes },
      "ppc32-44x-pte64": { defconfig: "ppc44x_defconfig", fragment: noPfnTypes },
      "ppc32-book3s32-pte64": {
        defconfig: "mpc86xx_smp_defconfig",
        fragment: `${noPfnTypes}CONFIG_PHYS_64BIT=y\n`,
      },
      "ppc64-book3e-nohash64": {
        toolchain: "ppc64",
        defconfig: "corenet64_smp_defconfig",
        fragment: noPfnTypes,
      },
    },
  },
  mips: {
    kernelArch: "mips",
    symbols: [
      ...["64BIT", "32BIT", "CPU_R3K_TLB", "CPU_MIPS32", "CPU_HAS_RIXI", "CPU_BIG_ENDIAN"],
      ...["XPA", "PHYS_ADDR_T_64BIT", "MIPS_HUGE_TLB_SUPPORT"],
      ...["PAGE_SIZE_4KB", "PAGE_SIZE_8KB", "PAGE_SIZE_16KB", "PAGE_SIZE_32KB", "PAGE_SIZE_64KB"],
    ],
    offsets: "arch/mips/kernel",
    variants: {
      "mips64-loongson3-16k": {
        toolchain: "mips64el",
        defconfig: "loongson3_defconfig",
        fragment: noPfnTypes,
      },
      "mips32-malta-r4k": { toolchain: "mipsel", defconfig: "malta_defconfig", fragment: noPfnTypes },
      "mips32-malta-r4k-be": { defconfig: "malta_defconfig", fragment: noPfnTypes + bigEndian },
      "mips32-malta-xpa": { toolchain: "mipsel", defconfig: "maltaup_xpa_defconfig", fragment: noPfnTypes },
      "mips32-malta-xpa-be": { defconfig: "maltaup_xpa_defconfig", fragment: noPfnTypes + bigEndian },
      "mips32-m64r2-32bit-thp": {
        toolchain: "mipsel",
        defconfig: "malta_defconfig",
        fragment: `${noPfnTypes}CONFIG_CPU_MIPS64_R2=y\nCONFIG_32BIT=y\nCONFIG_HUGETLBFS=y\n`,
      },
      "mips32-alchemy-36bit": { toolchain: "mipsel", defconfig: "db1xxx_defconfig", fragment: noPfnTypes },
      "mips32-decstation-r3k": {
        toolchain: "mipsel",
        defconfig: "decstation_defconfig",
        fragment: noPfnTypes,
      },
      "mips64-ip27-r10k": { toolchain: "mips64", defconfig: "ip27_defconfig", fragment: noPfnTypes },
    },
  },
  m68k: {
    kernelArch: "m68k",
    symbols: ["MMU_MOTOROLA", "MMU_SUN3", "MMU_COLDFIRE"],
    offsets: "arch/m68k/kernel",
    variants: {
      "m68k-motorola": { defconfig: "multi_defconfig", fragment: noPfnTypes },
      "m68k-sun3": { defconfig: "sun3_defconfig", fragment: noPfnTypes },
    },
  },
  parisc: {
    kernelArch: "parisc",
    symbols: [
      "64BIT",
      "HUGETLB_PAGE",
      "PARISC_PAGE_SIZE_4KB",
      "PARISC_PAGE_SIZE_16KB",
      "PARISC_PAGE_SIZE_64KB",
    ],
    offsets: "arch/parisc/kernel",
    defconfig: "generic-32bit_defconfig",
    variants: { "parisc-32bit": { fragment: noPfnTypes } },
  },
  um: {
    kernelArch: "um",
    symbols: ["64BIT"],
    offsets: "arch/um/kernel",
    variants: {
      "um-x86_64": { toolchain: "x86_64", defconfig: "x86_64_defconfig", fragment: noPfnTypes },
    },
  },
};

/** What one variant of an architecture is made with. Throws where it is not listed. */
export function targetOf(arch: string, variant: string): Target {
  const { variants, ...common } = targets[arch] ?? { variants: {} as ArchTarget["variants"] };
  const own = variants[variant];
  if (!("kernelArch" in common) || own === undefined) throw new Error(`no ${arch} ${variant} is listed`);
  const target = { toolchain: arch, cpus: [], symbols: [], defconfig: "defconfig", ...common, ...own };
  return {
    ...target,
    symbols: target.symbols.map((name) => `CONFIG_${name}`),
    fragment: everything + plain + own.fragment,
  };
}

/** The toolchain of that name. Throws where it is not listed. */
export function toolchainNamed(name: string): Toolchain {
  const found = toolchains[name];
  if (!found) throw new Error(`no toolchain ${name} is listed`);
  return found;
}

/** The Kconfig lines that make a kernel like that of a vector file, whose `config` leaves out what is off. */
export function linesLike(config: Readonly<Record<string, string>>): string {
  return config.CONFIG_MEM_SOFT_DIRTY ? "" : "# CONFIG_MEM_SOFT_DIRTY is not set\n";
}

/** The Kconfig symbols that a vector file's `config` names, where they are on. */
export const recordedSymbols: readonly string[] = [
  "HMM",
  "HMM_MIGRATE",
  "MIPS_VA_BITS_48",
  "SWAP",
  "MIGRATION",
  "MEMORY_FAILURE",
  "ZONE_DEVICE",
  "DEVICE_PRIVATE",
  "USERFAULTFD",
  "HAVE_ARCH_USERFAULTFD_WP",
  "MEM_SOFT_DIRTY",
  "PTE_MARKER",
  "PTE_MARKER_UFFD_WP",
  "TRANSPARENT_HUGEPAGE",
  "NUMA_BALANCING",
  "PGTABLE_LEVELS",
  "X86_5LEVEL",
  "X86_PAE",
  "HIGHMEM4G",
  "HIGHMEM64G",
  "ARM_LPAE",
  "SPARSEMEM",
  "FLATMEM",
  "ARM64_VA_BITS",
  "ARM64_PA_BITS",
  "ARM64_4K_PAGES",
  "ARM64_16K_PAGES",
  "ARM64_64K_PAGES",
  "X86_64",
].map((name) => `CONFIG_${name}`);

/** The constants that a vector file's `constants` names, where the kernel defines the macro. */
export const recordedConstants: readonly string[] = [
  "PAGE_SHIFT",
  "BITS_PER_LONG",
  "MAX_SWAPFILES",
  "MAX_SWAPFILES_SHIFT",
  "SWP_TYPE_SHIFT",
  "SWP_OFFSET_MASK",
  "SWP_HWPOISON",
  "SWP_HWPOISON_NUM",
  "SWP_MIGRATION_NUM",
  "SWP_MIGRATION_READ",
  "SWP_MIGRATION_READ_EXCLUSIVE",
  "SWP_MIGRATION_WRITE",
  "SWP_DEVICE_NUM",
  "SWP_DEVICE_WRITE",
  "SWP_DEVICE_READ",
  "SWP_DEVICE_EXCLUSIVE",
  "SWP_DEVICE_EXCLUSIVE_WRITE",
  "SWP_DEVICE_EXCLUSIVE_READ",
  "SWP_PTE_MARKER",
  "SWP_PTE_MARKER_NUM",
  "SWP_SWAPIN_ERROR",
  "SWP_SWAPIN_ERROR_NUM",
  "SWP_PFN_BITS",
  "SWP_PFN_MASK",
  "SWP_MIG_YOUNG_BIT",
  "SWP_MIG_DIRTY_BIT",
  "SWP_MIG_TOTAL_BITS",
  "SWP_MIG_YOUNG",
  "SWP_MIG_DIRTY",
  "PTE_MARKER_UFFD_WP",
  "PTE_MARKER_POISONED",
  "PTE_MARKER_GUARD",
  "PTE_MARKER_MASK",
  "MAX_PHYSMEM_BITS",
  "SWP_TYPE_BITS",
  "SWP_OFFSET_FIRST_BIT",
  "SWP_OFFSET_SHIFT",
];

/** The kinds of entry that name a PFN, in the order a vector file lists them. */
export const specialKinds: readonly string[] = [
  "migration-read",
  "migration-read-exclusive",
  "migration-write",
  "device-private-read",
  "device-private-write",
  "device-exclusive",
  "device-exclusive-read",
  "device-exclusive-write",
  "hwpoison",
  "swapin-error",
];
