import type { ArchToolchain } from "../../../tools/vectors/form.ts";

/** What vectors are made with: compilers, emulators, and the Kconfig of each variant. */
export const toolchain: ArchToolchain = {
  compilers: {
    i386: {
      prefix: "i686-linux-gnu-",
      packages: {
        compiler: "gcc-i686-linux-gnu",
        libc: "libc6-dev-i386-cross",
      },
      emulator: "qemu-i386",
      hosts: ["x64", "ia32"],
    },
  },
  kernelArch: "i386",
  offsets: "arch/x86/kernel",
  defconfig: "i386_defconfig",
  variants: {
    "2level": {
      fragment: `CONFIG_FLATMEM_MANUAL=y\nCONFIG_HIGHMEM4G=y\n`,
    },
    pae: {
      fragment: `CONFIG_FLATMEM_MANUAL=y\nCONFIG_HIGHMEM64G=y\nCONFIG_X86_PAE=y\n`,
    },
  },
};
