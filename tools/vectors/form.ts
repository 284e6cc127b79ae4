// What an architecture's toolchain.ts says: its folder has all that is its own.

/** A cross compiler of Debian's. */
export interface Toolchain {
  /** What its commands begin with. */
  readonly prefix: string;
  readonly packages: { readonly compiler: string; readonly libc: string };
  /** The user-mode emulator for its programs. */
  readonly emulator: string;
  /** More flags for the linker. */
  readonly link?: readonly string[];
  /** The hosts that run its programs themselves, as process.arch says. */
  readonly hosts: readonly string[];
}

/** How one kernel is made: what an architecture says of all its variants, and a variant of itself. */
export interface Settings {
  /** One of the compilers of any architecture, where it is not named like this one. */
  readonly toolchain?: string;
  /** Where the configuration starts. */
  readonly defconfig?: string;
  /** What a booting CPU may decide about PFN widths. */
  readonly cpus?: readonly string[];
  /** What it decided about the layout. */
  readonly cpu?: string;
  /** What a vector file's `config` names beside `recordedSymbols`, without CONFIG_. */
  readonly symbols?: readonly string[];
}

/** A kernel whose macros are asked. */
interface Variant extends Settings {
  /** Kconfig lines, applied in their order after those of all architectures: a later one wins. */
  readonly fragment: string;
}

/** What vectors of an architecture are made with. */
export interface ArchToolchain extends Settings {
  /** Debian's cross compilers for it, by name. */
  readonly compilers: Readonly<Record<string, Toolchain>>;
  /** The kernel's ARCH=. */
  readonly kernelArch: string;
  /** Where its asm-offsets.c stands. */
  readonly offsets: string;
  /** The first is the default; what a variant says goes before what its architecture says. */
  readonly variants: Readonly<Record<string, Variant>>;
}
