import type { ArchToolchain } from "../../../tools/vectors/form.ts";

/** What vectors are made with: compilers, emulators, and the Kconfig of each variant. */
export const toolchain: ArchToolchain = {
  compilers: {
    arm64: {
      prefix: "aarch64-linux-gnu-",
      packages: {
        compiler: "gcc-aarch64-linux-gnu",
        libc: "libc6-dev-arm64-cross",
      },
      emulator: "qemu-aarch64",
      hosts: ["arm64"],
    },
  },
  kernelArch: "arm64",
  symbols: ["CPU_BIG_ENDIAN", "USERSWAP"],
  offsets: "arch/arm64/kernel",
  defconfig: "defconfig",
  variants: {
    "4k": {
      fragment: `CONFIG_ARM64_4K_PAGES=y\nCONFIG_ARM64_VA_BITS_48=y\nCONFIG_ARM64_PA_BITS_48=y\n`,
    },
    "16k": {
      fragment: `CONFIG_ARM64_16K_PAGES=y\nCONFIG_ARM64_VA_BITS_48=y\nCONFIG_ARM64_PA_BITS_48=y\n`,
    },
    "64k": {
      fragment: `CONFIG_ARM64_64K_PAGES=y\nCONFIG_ARM64_VA_BITS_48=y\nCONFIG_ARM64_PA_BITS_48=y\n`,
    },
    "4k-lpa2": {
      fragment: `CONFIG_ARM64_4K_PAGES=y\nCONFIG_ARM64_VA_BITS_52=y\nCONFIG_ARM64_PA_BITS_52=y\n`,
      cpus: ["lpa2"],
    },
    "64k-pa52": {
      fragment: `CONFIG_ARM64_64K_PAGES=y\nCONFIG_ARM64_VA_BITS_48=y\nCONFIG_ARM64_PA_BITS_52=y\n`,
    },
  },
};
