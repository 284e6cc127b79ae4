import type { ArchToolchain } from "../../../tools/vectors/form.ts";

// As in the committed files: the types of memory failure and of device memory off.
const noPfnTypes = "# CONFIG_DEVICE_PRIVATE is not set\n# CONFIG_MEMORY_FAILURE is not set\n";

/** What vectors are made with: compilers, emulators, and the Kconfig of each variant. */
export const toolchain: ArchToolchain = {
  compilers: {
    m68k: {
      prefix: "m68k-linux-gnu-",
      packages: {
        compiler: "gcc-m68k-linux-gnu",
        libc: "libc6-dev-m68k-cross",
      },
      emulator: "qemu-m68k",
      hosts: [],
    },
  },
  kernelArch: "m68k",
  symbols: ["MMU_MOTOROLA", "MMU_SUN3", "MMU_COLDFIRE"],
  offsets: "arch/m68k/kernel",
  variants: {
    "m68k-motorola": {
      defconfig: "multi_defconfig",
      fragment: `${noPfnTypes}`,
    },
    "m68k-sun3": {
      defconfig: "sun3_defconfig",
      fragment: `${noPfnTypes}`,
    },
  },
};
