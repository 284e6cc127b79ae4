// What an architecture's machines.ts says: the machines that its kernels are booted on. Its folder has all that is its own.

/** Physical addresses that lie one behind the other in the file that is the guest's memory. */
export interface MemoryRange {
  readonly start: bigint;
  readonly end: bigint;
  /** Where the range begins in the file. */
  readonly at: number;
}

/** Debian suites, by the release whose kernels they have; `newer`: every one that is not listed. */
export type Suites = Readonly<Record<string, readonly string[]>>;

/** How a kernel is made where Debian has none. */
export interface Build {
  /** The kernel's ARCH=. */
  readonly kernelArch: string;
  /** Where the configuration starts. Default: tinyconfig. */
  readonly defconfig?: string;
  /** Kconfig lines, after those that every guest needs (build.ts). */
  readonly fragment: string;
  /** What make is asked for, and the image that comes of it, from where it was built. */
  readonly goal: string;
  readonly image: string;
  /** The compiler, where the guest's program has another: what its commands begin with, and the package that brings it. */
  readonly compiler?: readonly [prefix: string, from: string];
}

/** A machine that runs a kernel, and what is compiled for it. */
export interface ArchMachine {
  /** Debian's name of the architecture whose kernels run on it, and the ending of their packages. */
  readonly debian?: readonly [deb: string, flavour: string];
  /** Debian suites that have its kernels, by release, where they are not those of every architecture. */
  readonly suites?: Suites;
  /** How a kernel for it is built. */
  readonly build?: Build;
  /** The command of QEMU's, and the package that brings it; absent where the kernel itself is the program. */
  readonly emulator?: readonly [command: string, from: string];
  /** The machine, without its CPU. */
  readonly args: readonly string[];
  /** Further devices, where all of them are not wanted away. Default: -nodefaults. */
  readonly devices?: readonly string[];
  /** QEMU's name of the CPU. */
  readonly cpu: string;
  /** By which CPU features the tables may differ, the most levels first: the first whose tables are found is what ran. */
  readonly features?: readonly (readonly string[])[];
  readonly console: string;
  /** More words for the kernel's command line. */
  readonly append?: string;
  /** How much memory it gets, in mebibytes, where nothing else is asked for. Default: 512. */
  readonly megabytes?: number;
  /** Where the guest's memory is. */
  ranges(bytes: number): readonly MemoryRange[];
  /** Set where QEMU cannot have a file as the machine's memory: it is asked to save it. */
  readonly saved?: true;
  /** Set where no run of this tool has shown yet that it serves; what it is made of comes from runs by hand. */
  readonly untried?: true;
  /** How long it takes from the start to the program's end, in emulation. */
  readonly seconds: number;
  /** The size of the swap device whose last offsets are reached, where 16G is more than a PTE holds. */
  readonly largeSwap?: string;
  /** Set where QEMU has a device by which a kernel tells where its VMCOREINFO is. */
  readonly vmcoreinfo?: true;
  /** Set where the guest knows how to load a crash kernel (crash.c). */
  readonly crash?: true;
  /** The command, its package, and the package of the libc; empty where there is none. */
  readonly compiler: readonly [command: string, from: string, libc: string];
  /** Which of its programs Debian stable has not, or too old: they are taken from sid, and not installed. */
  readonly newer?: readonly ("emulator" | "compiler")[];
  /** How the program is linked. Default: -static -pthread. */
  readonly link?: readonly string[];
  /** Files of the libc's that the program needs beside it: where in the guest, and where here. */
  readonly libraries?: Readonly<Record<string, string>>;
}

/** The machines of an architecture by name: that of the architecture, and what is behind it. The first is the default. */
export type ArchMachines = Readonly<Record<string, ArchMachine>>;

/** All of the memory from one address on. */
export const from =
  (start: bigint) =>
  (bytes: number): MemoryRange[] => [{ start, end: start + BigInt(bytes), at: 0 }];

export const MIB: number = 2 ** 20;
export const GIB: number = 2 ** 30;

/** The suites of what has no kernels after bookworm's. */
export const upToBookworm: Suites = { "5.10": ["bullseye"], 6.1: ["bookworm"] };
