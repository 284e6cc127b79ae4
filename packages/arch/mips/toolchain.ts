import type { ArchToolchain } from "../../../tools/vectors/form.ts";

// As in the committed files: the types of memory failure and of device memory off.
const noPfnTypes = "# CONFIG_DEVICE_PRIVATE is not set\n# CONFIG_MEMORY_FAILURE is not set\n";

const bigEndian = "# CONFIG_CPU_LITTLE_ENDIAN is not set\nCONFIG_CPU_BIG_ENDIAN=y\n";

// A 64-bit kernel is compiled with -msym32, for addresses of 32 bits; programs usually lie above.
const low = ["-Wl,-Ttext-segment=0x10000000"];

/** What vectors are made with: compilers, emulators, and the Kconfig of each variant. */
export const toolchain: ArchToolchain = {
  compilers: {
    mips: {
      prefix: "mips-linux-gnu-",
      packages: {
        compiler: "gcc-mips-linux-gnu",
        libc: "libc6-dev-mips-cross",
      },
      emulator: "qemu-mips",
      hosts: [],
    },
    mipsel: {
      prefix: "mipsel-linux-gnu-",
      packages: {
        compiler: "gcc-mipsel-linux-gnu",
        libc: "libc6-dev-mipsel-cross",
      },
      emulator: "qemu-mipsel",
      hosts: [],
    },
    mips64el: {
      prefix: "mips64el-linux-gnuabi64-",
      packages: {
        compiler: "gcc-mips64el-linux-gnuabi64",
        libc: "libc6-dev-mips64el-cross",
      },
      emulator: "qemu-mips64el",
      link: low,
      hosts: [],
    },
    mips64: {
      prefix: "mips64-linux-gnuabi64-",
      packages: {
        compiler: "gcc-mips64-linux-gnuabi64",
        libc: "libc6-dev-mips64-cross",
      },
      emulator: "qemu-mips64",
      link: low,
      hosts: [],
    },
  },
  kernelArch: "mips",
  symbols: [
    "CPU_MIPSR2",
    "64BIT",
    "32BIT",
    "CPU_R3K_TLB",
    "CPU_MIPS32",
    "CPU_HAS_RIXI",
    "CPU_BIG_ENDIAN",
    "XPA",
    "PHYS_ADDR_T_64BIT",
    "MIPS_HUGE_TLB_SUPPORT",
    "PAGE_SIZE_4KB",
    "PAGE_SIZE_8KB",
    "PAGE_SIZE_16KB",
    "PAGE_SIZE_32KB",
    "PAGE_SIZE_64KB",
  ],
  offsets: "arch/mips/kernel",
  variants: {
    "mips64-loongson3-16k": {
      toolchain: "mips64el",
      defconfig: "loongson3_defconfig",
      fragment: `${noPfnTypes}`,
    },
    "mips32-malta-r4k": {
      toolchain: "mipsel",
      defconfig: "malta_defconfig",
      fragment: `${noPfnTypes}`,
    },
    "mips32-malta-r4k-be": {
      defconfig: "malta_defconfig",
      fragment: `${noPfnTypes}${bigEndian}`,
    },
    "mips32-malta-xpa": {
      toolchain: "mipsel",
      defconfig: "maltaup_xpa_defconfig",
      fragment: `${noPfnTypes}`,
    },
    "mips32-malta-xpa-be": {
      defconfig: "maltaup_xpa_defconfig",
      fragment: `${noPfnTypes}${bigEndian}`,
    },
    "mips32-m64r2-32bit-thp": {
      toolchain: "mipsel",
      defconfig: "malta_defconfig",
      fragment: `${noPfnTypes}CONFIG_CPU_MIPS64_R2=y\nCONFIG_32BIT=y\nCONFIG_HUGETLBFS=y\n`,
    },
    "mips32-alchemy-36bit": {
      toolchain: "mipsel",
      defconfig: "db1xxx_defconfig",
      fragment: `${noPfnTypes}`,
    },
    "mips32-decstation-r3k": {
      toolchain: "mipsel",
      defconfig: "decstation_defconfig",
      fragment: `${noPfnTypes}`,
    },
    "mips64-ip27-r10k": {
      toolchain: "mips64",
      defconfig: "ip27_defconfig",
      fragment: `${noPfnTypes}`,
    },
  },
};
