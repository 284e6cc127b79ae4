import type { Architecture } from "@ptekit/core";
import { archs } from "./archs.js";
import { NoError, UsageError } from "./errors.js";
import { didYouMean } from "./nearest.js";

/** The names of the architectures that have a backend. */
export const archNames: readonly string[] = Object.keys(archs);

/** Names that people and distributions use for the kernel's directories. */
const aliases: Readonly<Record<string, string>> = {
  amd64: "x86_64",
  x64: "x86_64",
  "x86-64": "x86_64",
  ia32: "i386",
  x86: "i386",
  i486: "i386",
  i586: "i386",
  i686: "i386",
  aarch64: "arm64",
  armhf: "arm",
  armel: "arm",
  armv5: "arm",
  armv6: "arm",
  armv7: "arm",
  armv7l: "arm",
  riscv32: "riscv",
  riscv64: "riscv",
  ppc: "powerpc",
  ppc32: "powerpc",
  ppc64: "powerpc",
  ppc64le: "powerpc",
  ppc64el: "powerpc",
  s390x: "s390",
  mips32: "mips",
  mips64: "mips",
  mipsel: "mips",
  mips64el: "mips",
  loong64: "loongarch",
  loongarch64: "loongarch",
  loongarch32: "loongarch",
  sparc32: "sparc",
  sparc64: "sparc",
  parisc64: "parisc",
  hppa: "parisc",
  sh4: "sh",
  or1k: "openrisc",
};

/** Linux architectures that swap, with a backend or without. */
const KNOWN = new Set([
  ...Object.values(aliases),
  ...["alpha", "arc", "csky", "hexagon", "m68k", "microblaze", "nios2", "um", "xtensa", "ia64", "nds32"],
]);

/** The kernel's name for an architecture: `x86_64` for `amd64`. */
export const canonicalArch = (name: string): string => aliases[name.toLowerCase()] ?? name.toLowerCase();

/** Whether an architecture has a backend. */
export const hasBackend = (name: string): boolean => Object.hasOwn(archs, name);

/**
 * The architecture of that name or alias.
 *
 * @throws NoError for an architecture of Linux that has no backend, UsageError for a name that is none.
 */
export async function loadArch(name: string): Promise<Architecture> {
  const canonical = canonicalArch(name);
  const load = Object.hasOwn(archs, canonical) ? archs[canonical] : undefined;
  if (load) return load();
  if (KNOWN.has(canonical)) throw new NoError(`no backend for ${canonical}`);
  const hint = didYouMean(name, [...archNames, ...Object.keys(aliases)]);
  throw new UsageError(`unknown architecture ${JSON.stringify(name)}${hint} (ptekit archs lists them)`);
}

/** All of them, in the order of their names. */
export async function loadAllArchs(): Promise<readonly Architecture[]> {
  return Promise.all(Object.values(archs).map((load) => load()));
}
