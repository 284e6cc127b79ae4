import type { ConfigValue } from "../interface/target.ts";
import { parseConfigText } from "./config.ts";

/** The Kconfig symbol of each directory in arch/, and of x86's two widths. See arch/Kconfig and init/Kconfig (as of Linux v7.2) */
const ARCH_SYMBOLS: Readonly<Record<string, string>> = {
  CONFIG_ALPHA: "alpha",
  CONFIG_ARC: "arc",
  CONFIG_ARM: "arm",
  CONFIG_ARM64: "arm64",
  CONFIG_CSKY: "csky",
  CONFIG_HEXAGON: "hexagon",
  CONFIG_IA64: "ia64",
  CONFIG_LOONGARCH: "loongarch",
  CONFIG_M68K: "m68k",
  CONFIG_MICROBLAZE: "microblaze",
  CONFIG_MIPS: "mips",
  CONFIG_NDS32: "nds32",
  CONFIG_NIOS2: "nios2",
  CONFIG_OPENRISC: "openrisc",
  CONFIG_PARISC: "parisc",
  CONFIG_PPC: "powerpc",
  CONFIG_RISCV: "riscv",
  CONFIG_S390: "s390",
  CONFIG_SPARC: "sparc",
  CONFIG_SUPERH: "sh",
  CONFIG_UML: "um",
  CONFIG_X86_32: "i386",
  CONFIG_X86_64: "x86_64",
  CONFIG_XTENSA: "xtensa",
};

/** Which kernel a .config is of, as far as it says. */
export interface ConfigKernel {
  /** ptekit's name for the architecture; null where no symbol of one is on. */
  readonly arch: string | null;
  /** The release, as Kconfig writes it above the symbols; null where that line is missing. */
  readonly release: string | null;
}

/** `# Linux/arm64 6.12.57 Kernel Configuration`, and before 3.0 `# Linux kernel version: 2.6.32`. */
const HEAD = /^# (?:Linux\/\S+ (\d+\.\S+) Kernel Configuration|Linux kernel version: (\d+\.\S+))/m;

/**
 * The architecture and the release that a whole .config says it is of. User-mode Linux comes before the architecture of
 * its host.
 *
 * @throws PtekitError `UNKNOWN_CONFIG` where a line is none of a .config.
 */
export function kernelOfConfig(text: string): ConfigKernel {
  const names = archsOn(parseConfigText(text)).map(([, name]) => name);
  const [, release, old] = HEAD.exec(text) ?? [];
  return { arch: names.find((name) => name === "um") ?? names[0] ?? null, release: release ?? old ?? null };
}

/** The architectures whose symbol is on, each with the symbol. */
export const archsOn = (symbols: ReadonlyMap<string, ConfigValue>): readonly (readonly [string, string])[] =>
  Object.entries(ARCH_SYMBOLS).filter(([symbol]) => symbols.get(symbol) === "y");
