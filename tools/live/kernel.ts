// A Debian kernel: found, downloaded and unpacked with apt's own tools, in a directory of its own. The system's package
// lists, sources and packages stay as they are.
import fs from "node:fs";
import path from "node:path";
import { run } from "../common/run.ts";

/** An unpacked kernel; paths all but the release (uname -r). */
export interface Kernel {
  readonly release: string;
  readonly image: string;
  readonly config: string;
  readonly modules: string;
}

interface Wanted {
  /** Debian's name of the architecture. */
  readonly deb: string;
  readonly flavour: string;
  /** A version such as 6.1, the newest of which is taken, or a whole release such as 6.1.0-50-amd64. */
  readonly kernel: string;
  readonly suite: string;
  readonly mirror: string;
  readonly work: string;
}

/** The kernel that is wanted, downloaded and unpacked where it is not there. */
export function fetchKernel(wanted: Wanted): Kernel {
  const { deb, flavour, kernel, suite, mirror, work } = wanted;
  const root = path.join(work, "apt", `${deb}-${suite}`);
  const apt = privateApt({ root, deb, suite, mirror });
  // Without this, lists that could not be fetched are a warning, and every kernel looks unknown.
  apt("apt-get", "-q", "-o", "APT::Update::Error-Mode=any", "update");
  const names = apt("apt-cache", "pkgnames", "linux-").split("\n");
  const release = newestRelease(names, kernel, flavour);
  if (release === undefined)
    throw new Error(`${suite} has no linux-image for ${kernel}, ${flavour} (see --suite and --flavour)`);
  const unpacked = path.join(work, "kernels", `${deb}-${release}`);
  if (!fs.existsSync(unpacked)) {
    const partial = `${unpacked}.partial`;
    fs.rmSync(partial, { recursive: true, force: true });
    fs.mkdirSync(partial, { recursive: true });
    apt.in(partial)("apt-get", "-q", "download", ...packagesOf(release, names));
    const files = fs.readdirSync(partial).filter((file) => file.endsWith(".deb"));
    for (const file of files) {
      run("dpkg-deb", ["-x", path.join(partial, file), partial]);
      fs.rmSync(path.join(partial, file));
    }
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
