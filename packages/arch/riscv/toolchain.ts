import type { ArchToolchain } from "../../../tools/vectors/form.ts";

// As in the committed files: the types of memory failure and of device memory off.
const noPfnTypes = "# CONFIG_DEVICE_PRIVATE is not set\n# CONFIG_MEMORY_FAILURE is not set\n";

// 64 bits alone: Debian has no libc for riscv32. The rows for a CPU with Svrsw60t59b need patched alternatives.

/** What vectors are made with: compilers, emulators, and the Kconfig of each variant. */
export const toolchain: ArchToolchain = {
  compilers: {
    riscv: {
      prefix: "riscv64-linux-gnu-",
      packages: {
        compiler: "gcc-riscv64-linux-gnu",
        libc: "libc6-dev-riscv64-cross",
      },
      emulator: "qemu-riscv64",
      hosts: ["riscv64"],
    },
  },
  kernelArch: "riscv",
  symbols: ["64BIT", "32BIT", "RISCV_ISA_SVRSW60T59B"],
  offsets: "arch/riscv/kernel",
  defconfig: "defconfig",
  variants: {
    "riscv64-sv39-48-57": {
      fragment: `${noPfnTypes}`,
    },
  },
};
