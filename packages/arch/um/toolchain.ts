import type { ArchToolchain } from "../../../tools/vectors/form.ts";

// As in the committed files: the types of memory failure and of device memory off.
const noPfnTypes = "# CONFIG_DEVICE_PRIVATE is not set\n# CONFIG_MEMORY_FAILURE is not set\n";

/** What vectors are made with: compilers, emulators, and the Kconfig of each variant. */
export const toolchain: ArchToolchain = {
  compilers: {},
  kernelArch: "um",
  symbols: ["64BIT"],
  offsets: "arch/um/kernel",
  variants: {
    "um-x86_64": {
      toolchain: "x86_64",
      defconfig: "x86_64_defconfig",
      fragment: `${noPfnTypes}`,
    },
  },
};
