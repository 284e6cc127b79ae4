import type { ArchToolchain } from "../../../tools/vectors/form.ts";

const levels = "CONFIG_X86_5LEVEL=y\n";

/** What vectors are made with: compilers, emulators, and the Kconfig of each variant. */
export const toolchain: ArchToolchain = {
  compilers: {
    x86_64: {
      prefix: "x86_64-linux-gnu-",
      packages: {
        compiler: "gcc-x86-64-linux-gnu",
        libc: "libc6-dev-amd64-cross",
      },
      emulator: "qemu-x86_64",
      hosts: ["x64"],
    },
  },
  kernelArch: "x86_64",
  symbols: ["USERSWAP"],
  offsets: "arch/x86/kernel",
  defconfig: "x86_64_defconfig",
  variants: {
    "4level": {
      fragment: `${levels}`,
      cpus: ["la57"],
    },
    nodev: {
      fragment: `${levels}# CONFIG_DEVICE_PRIVATE is not set\n`,
      cpus: ["la57"],
    },
  },
};
