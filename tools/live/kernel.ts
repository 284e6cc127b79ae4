// A Debian kernel: found, downloaded and unpacked with apt's own tools, in a directory of its own. The system's package
// lists, sources and packages stay as they are.
import fs from "node:fs";
import path from "node:path";
import { run } from "../common/run.ts";

/** A kernel that can be booted; paths all but the release (uname -r). */
export interface Kernel {
  readonly release: string;
  readonly image: string;
  readonly config: string;
  /** Null where all that is needed is in the image. */
  readonly modules: string | null;
}

interface Wanted {
  /** Debian's name of the architecture. */
  readonly deb: string;
  readonly flavour: string;
  /** A version such as 6.1, the newest of which is taken, or a whole release such as 6.1.0-50-amd64. */
  readonly kernel: string;
  /** Looked through in this order. */
  readonly suites: readonly string[];
  readonly mirror: string;
  readonly work: string;
}

/** The kernel that is wanted, downloaded and unpacked where it is not there. */
export function fetchKernel(wanted: Wanted): Kernel {
  const { deb, flavour, kernel, suites, work } = wanted;
  for (const suite of suites) {
    const { apt, names } = listsOf({ ...wanted, suite });
    const release = newestRelease(names, kernel, flavour);
    if (release !== undefined)
      return unpack(release, path.join(work, "kernels", `${deb}-${release}`), apt, names);
  }
  throw new Error(
    `${suites.join(" and ")} have no linux-image for ${kernel}, ${flavour} (see --suite, --flavour and --build)`,
  );
}

interface Package {
  readonly name: string;
  readonly suites: readonly string[];
  readonly mirror: string;
  readonly work: string;
  /** The directory that it is unpacked into, which is emptied first. */
  readonly into: string;
}

/** A package that is the same for every architecture, from the first suite that has it. */
export function fetchPackage({ name, suites, into, ...where }: Package): void {
  for (const suite of suites) {
    const { apt, names } = listsOf({ ...where, deb: "amd64", suite });
    if (!names.includes(name)) continue;
    download([name], into, apt);
    return;
  }
  throw new Error(`${suites.join(" and ")} have no ${name} (see --suite and --tree)`);
}

interface ProgramsWanted {
  readonly packages: readonly string[];
  readonly suite: string;
  readonly mirror: string;
  readonly work: string;
  readonly into: string;
}

/** Packages of this machine's architecture and all that they depend on, unpacked into a directory. */
export function fetchPrograms({ packages, suite, into, ...where }: ProgramsWanted): void {
  const deb = run("dpkg", ["--print-architecture"]).trim();
  const { apt } = listsOf({ ...where, deb, suite });
  const cache = `${into}.cache`;
  fs.mkdirSync(path.join(cache, "archives/partial"), { recursive: true });
  apt(
    ...(["apt-get", "-q", "-y", "--no-install-recommends", "--download-only"] as const),
    ...["-o", `Dir::Cache=${cache}`, "install", ...packages],
  );
  fs.rmSync(into, { recursive: true, force: true });
  fs.mkdirSync(into, { recursive: true });
  unpackAll(path.join(cache, "archives"), into);
  fs.rmSync(cache, { recursive: true });
}

/** apt, and the names of the packages that a suite has for an architecture, fetched anew. */
function listsOf({
  deb,
  suite,
  mirror,
  work,
}: Pick<Wanted, "deb" | "mirror" | "work"> & { readonly suite: string }) {
  const root = path.join(work, "apt", `${deb}-${suite}`);
  const apt = privateApt({ root, deb, suite, mirror });
  // Without this, lists that could not be fetched are a warning, and every kernel looks unknown.
  apt("apt-get", "-q", "-o", "APT::Update::Error-Mode=any", "update");
  return { apt, names: apt("apt-cache", "pkgnames", "linux-").split("\n") };
}

function download(packages: readonly string[], into: string, apt: ReturnType<typeof privateApt>): void {
  fs.rmSync(into, { recursive: true, force: true });
  fs.mkdirSync(into, { recursive: true });
  apt.in(into)("apt-get", "-q", "download", ...packages);
  unpackAll(into, into);
}

function unpackAll(archives: string, into: string): void {
  for (const file of fs.readdirSync(archives).filter((name) => name.endsWith(".deb"))) {
    run("dpkg-deb", ["-x", path.join(archives, file), into]);
    fs.rmSync(path.join(archives, file));
  }
}

function unpack(
  release: string,
  unpacked: string,
  apt: ReturnType<typeof privateApt>,
  names: readonly string[],
): Kernel {
  if (!fs.existsSync(unpacked)) {
    const partial = `${unpacked}.partial`;
    download(packagesOf(release, names), partial, apt);
    fs.renameSync(partial, unpacked);
  }
  return { release, ...partsOf(unpacked, release) };
}

/** The newest release that a list of package names has an image of: of a version, or that very release. */
export function newestRelease(names: readonly string[], kernel: string, flavour: string): string | undefined {
  const wanted = new RegExp(`^linux-image-(${escaped(kernel)}([.+-][^_]*)?)$`);
  return names
    .flatMap((name) => wanted.exec(name.replace(/-unsigned$/, ""))?.[1] ?? [])
    .filter((release) => release === kernel || plainFlavour(release, flavour))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .at(-1);
}

/** The packages that hold one release: image, modules and configuration in one up to 6.x, apart since. */
export function packagesOf(release: string, names: readonly string[]): string[] {
  const image = [`linux-image-${release}`, `linux-image-${release}-unsigned`].find((name) =>
    names.includes(name),
  );
  const apart = ["base", "binary", "modules"].map((part) => `linux-${part}-${release}`);
  return [...(image ? [image] : []), ...apart.filter((name) => names.includes(name))];
}

// "6.1.0-50-amd64" is of the flavour amd64; "6.1.0-50-cloud-amd64" and "…-rt-amd64" are of others.
function plainFlavour(release: string, flavour: string): boolean {
  return new RegExp(`^[0-9.]+(\\+[0-9a-z.~]+|-[0-9][0-9a-z.~]*)*-${escaped(flavour)}$`).test(release);
}

function escaped(text: string): string {
  return text.replace(/[.+*?^$()[\]{}|\\]/g, "\\$&");
}

type Command = (command: string, ...args: string[]) => string;

interface Apt {
  readonly root: string;
  readonly deb: string;
  readonly suite: string;
  readonly mirror: string;
}

/** apt's tools on lists, cache and sources of their own; what they printed. */
function privateApt({ root, deb, suite, mirror }: Apt): Command & { in: (folder: string) => Command } {
  for (const directory of ["state/lists/partial", "cache/archives/partial", "etc"])
    fs.mkdirSync(path.join(root, directory), { recursive: true });
  fs.writeFileSync(path.join(root, "state/status"), "");
  const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  fs.writeFileSync(
    path.join(root, "etc/sources.list"),
    `deb [signed-by=${keyring}] ${mirror} ${suite} main\n`,
  );
  const settings = {
    "Dir::State": path.join(root, "state"),
    "Dir::State::status": path.join(root, "state/status"),
    "Dir::Cache": path.join(root, "cache"),
    "Dir::Etc::sourcelist": path.join(root, "etc/sources.list"),
    "Dir::Etc::sourceparts": "-",
    "APT::Architecture": deb,
    "APT::Architectures": deb,
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
  };
  const config = path.join(root, "apt.conf");
  fs.writeFileSync(
    config,
    Object.entries(settings)
      .map(([name, value]) => `${name} "${value}";\n`)
      .join(""),
  );
  const inDirectory =
    (cwd: string): Command =>
    (command, ...args) =>
      run(command, args, { cwd, env: { ...process.env, APT_CONFIG: config, LC_ALL: "C" } });
  return Object.assign(inDirectory(root), { in: inDirectory });
}

/** Up to 6.x the image and its configuration stand in boot/, since 7.x beside the modules. */
function partsOf(unpacked: string, release: string): Omit<Kernel, "release"> {
  const first = (what: string, ...files: string[]): string => {
    const found = files.map((file) => path.join(unpacked, file)).find((file) => fs.existsSync(file));
    if (found === undefined) throw new Error(`the packages of ${release} hold no ${what}`);
    return found;
  };
  const modules = first("modules", `usr/lib/modules/${release}`, `lib/modules/${release}`);
  const beside = path.relative(unpacked, modules);
  return {
    modules,
    image: first(
      "kernel image",
      ...["vmlinuz", "vmlinux"].flatMap((name) => [`boot/${name}-${release}`, path.join(beside, name)]),
    ),
    config: first("configuration", `boot/config-${release}`, path.join(beside, "config")),
  };
}
