// What differs between architectures: compiler, emulator, and the Kconfig of each variant. Data only.

/** Debian's cross compiler for each target: the prefix of its commands, the packages, the emulator for its programs. */
export const toolchains = {
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
};

// Whatever gives a swap type or a flag of its own; olddefconfig drops what this architecture or release has not.
const everything = `
CONFIG_SWAP=y
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
# CONFIG_AMD_MEM_ENCRYPT is not set
`;

const x86Levels = "CONFIG_X86_5LEVEL=y\n";

/**
 * `kernelArch`: the kernel's ARCH. `offsets`: where its asm-offsets.c stands. `defconfig`: where the configuration starts.
 * `cpus`: what a booting CPU may decide about PFN widths. Of `variants` the first is the default.
 */
export const targets = {
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
    offsets: "arch/arm/kernel",
    defconfig: "multi_v7_defconfig",
    variants: {
      "2level": { fragment: "# CONFIG_ARM_LPAE is not set\n" },
      lpae: { fragment: "CONFIG_ARM_LPAE=y\n# CONFIG_ARCH_MULTI_V6 is not set\n" },
    },
  },
  arm64: {
    kernelArch: "arm64",
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
    offsets: "arch/riscv/kernel",
    defconfig: "defconfig",
    variants: {
      "riscv64-sv39-48-57": {
        fragment: "# CONFIG_DEVICE_PRIVATE is not set\n# CONFIG_MEMORY_FAILURE is not set\n",
      },
    },
  },
};

/** The Kconfig lines of one variant, in the order they are applied: a later line wins. */
export function fragmentOf(target, variant) {
  return everything + plain + target.variants[variant].fragment;
}

/** The Kconfig symbols that a vector file's `config` names, where they are on. */
export const recordedSymbols = [
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
export const recordedConstants = [
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
export const specialKinds = [
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
