// What must be installed before anything starts, and the one line that installs what is not.
import fs from "node:fs";
import path from "node:path";
import { toolchainNamed } from "./targets.ts";

/** What must be there, and the Debian package that brings it. */
export type Need =
  | { readonly command: string; readonly package: string }
  | { readonly file: string; readonly package: string };

const building = {
  make: "make",
  flex: "flex",
  bison: "bison",
  bc: "bc",
  gcc: "gcc",
  ld: "binutils",
  tar: "tar",
  xz: "xz-utils",
};

/** What make needs to configure and build a kernel. */
export const forMake: readonly Need[] = Object.entries(building).map(([command, name]) => ({
  command,
  package: name,
}));

interface Circumstances {
  readonly host?: string;
  /** The version of a linux-source package that is needed too. */
  readonly debian?: string | undefined;
}

/** The commands that one toolchain needs, each with the Debian package that brings it. */
export function needs(toolchain: string, { host = process.arch, debian }: Circumstances = {}): Need[] {
  const { prefix, packages, emulator, hosts } = toolchainNamed(toolchain);
  const list: Need[] = [...forMake];
  // The host's own compiler answers to its full name too, on Debian, and comes with gcc.
  const own = ownPrefix(host) === prefix;
  list.push({ command: `${prefix}gcc`, package: own ? "gcc" : packages.compiler });
  if (own) list.push({ file: "/usr/include/stdio.h", package: "libc6-dev" });
  else list.push({ file: `/usr/${prefix.slice(0, -1)}/include/stdio.h`, package: packages.libc });
  if (!hosts.includes(host)) list.push({ command: emulator, package: "qemu-user" });
  if (debian)
    list.push({ file: `/usr/src/linux-source-${debian}.tar.xz`, package: `linux-source-${debian}` });
  return list;
}

/** Those of the needed commands and files that are not here. */
export function missing(
  list: readonly Need[],
  { searchPath = process.env.PATH ?? "", exists = fs.existsSync as (file: string) => boolean } = {},
): Need[] {
  const inPath = (command: string): boolean =>
    searchPath.split(path.delimiter).some((dir) => exists(path.join(dir, command)));
  return list.filter((need) => !("command" in need ? inPath(need.command) : exists(need.file)));
}

/** The sentence about what is missing, ending in the one line that installs it. */
export function installLine(lacking: readonly Need[]): string {
  const names = lacking.map((need) => ("command" in need ? need.command : need.file)).join(", ");
  const packages = [...new Set(lacking.map((need) => need.package))].join(" ");
  return `${names} ${lacking.length === 1 ? "is" : "are"} missing. On Debian:\n  apt-get install ${packages}`;
}

/** The sentence about a kernel source that no package brings, where apt's list of linux-source packages tells. */
export function unknownSource(lacking: readonly Need[], packages: readonly string[]): string | undefined {
  const known = packages.filter((name) => /^linux-source-\d+\.\d+$/.test(name)).sort();
  const unknown = lacking.find(
    (need) => /^linux-source-/.test(need.package) && !known.includes(need.package),
  );
  if (!unknown || known.length === 0) return undefined;
  return `apt knows no package ${unknown.package}, but ${known.join(", ")}`;
}

/** What a toolchain's program is started with on this host: nothing, or the user-mode emulator. */
export function runner(toolchain: string, host: string = process.arch): string[] {
  const { hosts, emulator } = toolchainNamed(toolchain);
  return hosts.includes(host) ? [] : [emulator];
}

/** What the commands of a host's own compiler begin with. */
export function ownPrefix(host: string): string | undefined {
  const prefixes: Readonly<Record<string, string>> = {
    x64: "x86_64-linux-gnu-",
    arm64: "aarch64-linux-gnu-",
    ia32: "i686-linux-gnu-",
  };
  return prefixes[host];
}
