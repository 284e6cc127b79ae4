import type { ArchToolchain } from "../../../tools/vectors/form.ts";

// As in the committed files: the types of memory failure and of device memory off.
const noPfnTypes = "# CONFIG_DEVICE_PRIVATE is not set\n# CONFIG_MEMORY_FAILURE is not set\n";

/** What vectors are made with: compilers, emulators, and the Kconfig of each variant. */
export const toolchain: ArchToolchain = {
  compilers: {
    s390: {
      prefix: "s390x-linux-gnu-",
      packages: {
        compiler: "gcc-s390x-linux-gnu",
        libc: "libc6-dev-s390x-cross",
      },
      emulator: "qemu-s390x",
      hosts: ["s390x"],
    },
  },
  kernelArch: "s390",
  symbols: ["MAX_PHYSMEM_BITS"],
  offsets: "arch/s390/kernel",
  defconfig: "defconfig",
  variants: {
    "s390x-default": {
      fragment: `${noPfnTypes}`,
    },
  },
};
