// Completes package-lock.json with the optional packages of platforms other than this one.
//
//   npm run lock                       after any change of dependencies: npm install, then this
//   tsx tools/complete-lock.ts          completes package-lock.json in place
//   tsx tools/complete-lock.ts --check  changes nothing; exits 1 and says what would change
//
// Why: esbuild, rolldown, turbo, biome and typescript ship one binary package per platform, all of them optional
// dependencies. npm records those it can look up, and a registry mirror may carry only the binaries of its own
// platform. `npm ci` then stops elsewhere with "Missing: @esbuild/darwin-arm64@… from lock file". This script adds
// the absent entries from what the lock file itself says: name and version from `optionalDependencies`, platform
// from the package's name. They carry no integrity, because nothing here has seen their tarballs; npm fills it in
// when it next writes the lock file where they can be looked up.
//
// It also drops `resolved` from packages of a registry: the host they came from is no property of the project.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** An entry of a package-lock.json, version 3, as far as it is read. */
interface Entry {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

type Packages = Readonly<Record<string, Entry>>;

/** The words by which package names say an operating system, with Node's name for it (`process.platform`). */
const OS = new Map(
  Object.entries({
    aix: "aix",
    android: "android",
    androideabi: "android",
    darwin: "darwin",
    freebsd: "freebsd",
    fsevents: "darwin",
    linux: "linux",
    macos: "darwin",
    netbsd: "netbsd",
    openbsd: "openbsd",
    openharmony: "openharmony",
    sunos: "sunos",
    win32: "win32",
    windows: "win32",
  }),
);

/** The words by which package names say a processor, with Node's name for it (`process.arch`). */
const CPU = new Map(
  Object.entries({
    64: "x64",
    aarch64: "arm64",
    amd64: "x64",
    arm: "arm",
    arm64: "arm64",
    armv7: "arm",
    i386: "ia32",
    ia32: "ia32",
    loong64: "loong64",
    mips64el: "mips64el",
    mipsel: "mipsel",
    ppc64: "ppc64",
    ppc64le: "ppc64",
    riscv64: "riscv64",
    s390x: "s390x",
    wasm32: "wasm32",
    x64: "x64",
    x86_64: "x64",
  }),
);

/** What `os`, `cpu` and `libc` of a platform package are, as far as its name says; or undefined if it says nothing. */
export function platformOf(name: string): Pick<Entry, "os" | "cpu" | "libc"> | undefined {
  const words = name.toLowerCase().split(/[^a-z0-9_]+/);
  const os = words.map((word) => OS.get(word)).find(Boolean);
  const cpu = words.map((word) => CPU.get(word)).find(Boolean);
  if (!os && !cpu) return undefined;
  const musl = words.some((word) => word.startsWith("musl"));
  const gnu = os === "linux" && words.some((word) => word.startsWith("gnu"));
  return {
    ...(cpu && { cpu: [cpu] }),
    ...(musl ? { libc: ["musl"] } : gnu ? { libc: ["glibc"] } : {}),
    ...(os && { os: [os] }),
  };
}

/**
 * The lock file with the missing entries added and registry hosts dropped, and sentences saying what changed.
 * Optional packages whose name tells no platform are named in `unknown`: npm alone can add those.
 */
export function completeLock<Lock extends { readonly packages: Packages }>(
  lock: Lock,
): { lock: Lock; changes: string[]; unknown: string[] } {
  const packages: Record<string, Entry> = { ...lock.packages };
  const changes: string[] = [];
  const unknown: string[] = [];

  for (const [path, entry] of Object.entries(lock.packages)) {
    const { resolved, ...rest } = entry;
    if (!entry.link && resolved && /^https?:.*\/-\/[^/]+\.tgz$/.test(resolved)) {
      packages[path] = rest;
      changes.push(`${path} no longer names ${new URL(resolved).host}`);
    }
  }

  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (found(packages, path, name, range)) continue;
      // A pinned version, or the least version of a ^ or ~ range: that one is sure to have been published.
      const version = /^[~^]?(\d+\.\d+\.\d+\S*)$/.exec(range)?.[1];
      const platform = platformOf(name);
      if (!version || !platform) {
        unknown.push(`${name}@${range}, wanted by ${path}`);
        continue;
      }
      // At the top where the name is free, else beside the package that wants another version of it.
      const top = `node_modules/${name}`;
      const place = packages[top] ? `${path}/node_modules/${name}` : top;
      const { cpu, libc, os } = platform;
      packages[place] = {
        version,
        ...(cpu && { cpu }),
        ...(entry.dev && { dev: true }),
        ...(libc && { libc }),
        optional: true,
        ...(os && { os }),
      };
      changes.push(`${place} ${version} added for ${[os, cpu, libc].flat().filter(Boolean).join(" ")}`);
    }
  }

  const order = Object.keys(packages).sort((a, b) => a.localeCompare(b, "en"));
  return {
    lock: { ...lock, packages: Object.fromEntries(order.map((path) => [path, packages[path]])) },
    changes,
    unknown,
  };
}

/** Whether Node, looking upwards from `path`, finds `name`, at the pinned version if `range` is one. */
function found(packages: Packages, path: string, name: string, range: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(at.lastIndexOf("/node_modules/"), 0))) {
    const entry = packages[at === "" ? `node_modules/${name}` : `${at}/node_modules/${name}`];
    if (entry) return !/^\d/.test(range) || entry.version === range;
    if (at === "") return false;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const args = process.argv.slice(2);
  const check = args.includes("--check");
  const file = args.find((arg) => !arg.startsWith("-")) ?? "package-lock.json";
  const { lock, changes, unknown } = completeLock(JSON.parse(readFileSync(file, "utf8")));
  for (const change of changes) console.log(change);
  for (const name of unknown)
    console.error(`No platform known for ${name}: name it in tools/complete-lock.ts.`);
  if (!check && changes.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  if (unknown.length > 0 || (check && changes.length > 0)) process.exitCode = 1;
}
