import type { ArchToolchain } from "../../../tools/vectors/form.ts";

// As in the committed files: the types of memory failure and of device memory off.
const noPfnTypes = "# CONFIG_DEVICE_PRIVATE is not set\n# CONFIG_MEMORY_FAILURE is not set\n";

/** What vectors are made with: compilers, emulators, and the Kconfig of each variant. */
export const toolchain: ArchToolchain = {
  compilers: {
    powerpc: {
      prefix: "powerpc-linux-gnu-",
      packages: {
        compiler: "gcc-powerpc-linux-gnu",
        libc: "libc6-dev-powerpc-cross",
      },
      emulator: "qemu-ppc",
      hosts: [],
    },
    ppc64: {
      prefix: "powerpc64-linux-gnu-",
      packages: {
        compiler: "gcc-powerpc64-linux-gnu",
        libc: "libc6-dev-ppc64-cross",
      },
      emulator: "qemu-ppc64",
      hosts: [],
    },
    ppc64le: {
      prefix: "powerpc64le-linux-gnu-",
      packages: {
        compiler: "gcc-powerpc64le-linux-gnu",
        libc: "libc6-dev-ppc64el-cross",
      },
      emulator: "qemu-ppc64le",
      hosts: [],
    },
  },
  kernelArch: "powerpc",
  symbols: [
    "CPU_LITTLE_ENDIAN",
    "PPC32",
    "PPC_BOOK3S_32",
    "PPC_85xx",
    "PPC_8xx",
    "44x",
    "40x",
    "PPC64",
    "PPC_BOOK3S_64",
    "PPC_BOOK3E_64",
    "PPC_RADIX_MMU",
    "PTE_64BIT",
    "PPC_4K_PAGES",
    "PPC_16K_PAGES",
    "PPC_64K_PAGES",
    "PPC_256K_PAGES",
    "SPARSEMEM_MANUAL",
    "SPARSEMEM_VMEMMAP",
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
    "ppc32-book3s32-pte32": {
      defconfig: "pmac32_defconfig",
      fragment: `${noPfnTypes}`,
    },
    "ppc32-44x-pte64": {
      defconfig: "ppc44x_defconfig",
      fragment: `${noPfnTypes}`,
    },
    "ppc32-book3s32-pte64": {
      defconfig: "mpc86xx_smp_defconfig",
      fragment: `${noPfnTypes}CONFIG_PHYS_64BIT=y\n`,
    },
    "ppc64-book3e-nohash64": {
      toolchain: "ppc64",
      defconfig: "corenet64_smp_defconfig",
      fragment: `${noPfnTypes}`,
    },
  },
};
