import type { ArchToolchain } from "../../../tools/vectors/form.ts";

// As in the committed files: the types of memory failure and of device memory off.
const noPfnTypes = "# CONFIG_DEVICE_PRIVATE is not set\n# CONFIG_MEMORY_FAILURE is not set\n";

/** What vectors are made with: compilers, emulators, and the Kconfig of each variant. */
export const toolchain: ArchToolchain = {
  compilers: {
    parisc: {
      prefix: "hppa-linux-gnu-",
      packages: {
        compiler: "gcc-hppa-linux-gnu",
        libc: "libc6-dev-hppa-cross",
      },
      emulator: "qemu-hppa",
      hosts: [],
    },
  },
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
  variants: {
    "parisc-32bit": {
      fragment: `${noPfnTypes}`,
    },
  },
};
