import type { ArchToolchain } from "../../../tools/vectors/form.ts";

/** What vectors are made with: compilers, emulators, and the Kconfig of each variant. */
export const toolchain: ArchToolchain = {
  compilers: {
    arm: {
      // The soft-float compiler: the kernel is compiled soft-float, and the linker refuses to mix the two.
      prefix: "arm-linux-gnueabi-",
      packages: {
        compiler: "gcc-arm-linux-gnueabi",
        libc: "libc6-dev-armel-cross",
      },
      emulator: "qemu-arm",
      hosts: [],
    },
  },
  kernelArch: "arm",
  symbols: ["CPU_BIG_ENDIAN"],
  offsets: "arch/arm/kernel",
  defconfig: "multi_v7_defconfig",
  variants: {
    "2level": {
      fragment: `# CONFIG_ARM_LPAE is not set\n`,
    },
    lpae: {
      fragment: `CONFIG_ARM_LPAE=y\n# CONFIG_ARCH_MULTI_V6 is not set\n`,
    },
  },
};
