// What `npm run live --` accepts, read and refused in sentences; and what it needs installed.
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { messageOf } from "../common/errors.ts";
import type { Need } from "../vectors/toolchain.ts";
import { forMake, ownPrefix } from "../vectors/toolchain.ts";
import { prefixOf } from "./build.ts";
import type { Build } from "./form.ts";
import type { Machine } from "./machines.ts";
import { machineNamed, machines, namesOf, releasesOf, suitesOf } from "./machines.ts";

/** What a machine's kernels are, how long one runs, and what is to be installed for it, as --help lists it. */
function lineOf([name, machine]: [string, Machine]): string {
  const { debian, build, emulator, cpu, seconds, untried, newer = [] } = machine;
  const kernels = [
    ...(debian ? [`Debian ${debian.join(" ")}, ${releasesOf(machine).join(", ")}`] : []),
    ...(build ? ["--build"] : []),
  ];
  const fetched = newer.length === 0 ? "" : ` (${newer.join(" and ")} of sid, not installed)`;
  const ran = emulator === undefined ? "no emulator" : `${emulator[0]} -cpu ${cpu}`;
  const everywhere = new Set(always.map((need) => need.package));
  const packages = new Set(needs(machine, null).map((need) => need.package));
  return `  ${namesOf(name).join(", ")}: ${kernels.join(" or ")}; ${ran}${fetched}; ${untried ? "not tried yet" : `${seconds} s`}
      apt-get install ${[...packages].filter((from) => !everywhere.has(from)).join(" ")}`;
}

export const usage = (): string => `npm run live -- --arch A --kernel V [options]
Boots a Debian kernel in QEMU, puts pages into every state, and writes their page-table entries beside its pagemap.

--arch A       a machine, by our name or Debian's: its kernels, what runs it and for how long, and what it needs; all need
               ${[...new Set(always.map((need) => need.package))].join(" ")}
${Object.entries(machines).map(lineOf).join("\n")}
--kernel V     a version such as 6.1, the newest of which is taken, or a whole release such as 6.1.0-50-amd64
               (5.10 of bullseye, 6.1 of bookworm, 6.12 of trixie, newer ones of sid, or of experimental)
--build        a kernel of our configuration, of Debian's linux-source-V; some minutes
--tree DIR     with --build: of this kernel tree, in place of --kernel
--suite S      the Debian suite that carries it (default: by version)
--flavour F    another flavour of that architecture's kernel: armmp-lpae, arm64-16k, cloud-amd64
--cpu C        another CPU of QEMU's: max has la57 on x86_64
--out DIR      where the file goes (default: the working directory)
--work DIR     for downloads and unpacked kernels (default: ${path.join("TMPDIR", "ptekit-live")})
--mirror URL   a Debian mirror (default: http://deb.debian.org/debian)
--memory N     the guest's memory in mebibytes (default: by machine, mostly 512)
--dump         a dump of a guest with several processes, in every form that the tools at hand write, and whether each says
               what the guest said of itself; $MAKEDUMPFILE names another makedumpfile
--crash        a guest that panics, and the vmcore that its crash kernel writes: ${Object.keys(machines)
  .filter((name) => machines[name]?.crash)
  .join(", ")}
--migrating    migration entries, which a breakpoint in the kernel catches while it moves pages
--move         a guest with two memory nodes moves huge pages between them: whether its kernel lives on
--processes N  with --dump: so many more processes (default: 0)
--life         a life file: sequences of events on single pages, and the page-table entry after each (docs/life.md)
--seed N       with --life: of the random sequences (default: 1)
--steps N      with --life: so many random steps beside the way to every transition (default: 500)
--random       with --life: nothing but random sequences
--sequences F  with --life: the sequences that a file lists, one a line: VMA FEATURE,…|- EVENT… # why
--log F        with --life: a file for what the guest prints, as it runs
--timeout N    seconds to wait for the guest (default: 300)
--append W     more words for the kernel's command line
`;

const accepted = {
  arch: { type: "string" },
  kernel: { type: "string" },
  suite: { type: "string" },
  flavour: { type: "string" },
  cpu: { type: "string" },
  out: { type: "string" },
  work: { type: "string" },
  mirror: { type: "string" },
  memory: { type: "string" },
  timeout: { type: "string" },
  append: { type: "string" },
  dump: { type: "boolean" },
  crash: { type: "boolean" },
  migrating: { type: "boolean" },
  move: { type: "boolean" },
  build: { type: "boolean" },
  tree: { type: "string" },
  processes: { type: "string" },
  life: { type: "boolean" },
  seed: { type: "string" },
  steps: { type: "string" },
  log: { type: "string" },
  random: { type: "boolean" },
  sequences: { type: "string" },
  help: { type: "boolean" },
} as const;

/** A mistake in the command line. Its message is a sentence for the person who typed it. */
export class UsageError extends Error {}

export interface Options {
  /** The machine's name. */
  readonly name: string;
  readonly machine: Machine;
  readonly kernel: string;
  /** Debian suites, in the order they are looked through. */
  readonly suites: readonly string[];
  /** Debian's name of the architecture, and the flavour of its kernel; empty where the kernel is built. */
  readonly deb: string;
  readonly flavour: string;
  /** How the kernel is built; null: it is Debian's. */
  readonly build: Build | null;
  /** The tree that it is built of; empty: Debian's source. */
  readonly tree: string;
  readonly cpu: string;
  readonly out: string;
  readonly work: string;
  readonly mirror: string;
  readonly megabytes: number;
  readonly timeoutSeconds: number;
  readonly append: string;
  /** A dump of the whole guest, not a live file. */
  readonly dump: boolean;
  /** A crashed guest's own vmcore. */
  readonly crash: boolean;
  /** Migration entries, not a live file. */
  readonly migrating: boolean;
  /** Huge pages moved between nodes, not a live file. */
  readonly move: boolean;
  readonly processes: number;
  /** Sequences of events, step by step, not a live file. */
  readonly life: boolean;
  readonly seed: number;
  readonly steps: number;
  /** A file for what the guest prints; empty: none. */
  readonly log: string;
  /** Nothing but random sequences. */
  readonly random: boolean;
  /** A file that lists the sequences; empty: made from the model and the seed. */
  readonly sequences: string;
}

/** The options of one command line, checked; null for --help. */
export function readOptions(args: readonly string[], tmpdir: string = os.tmpdir()): Options | null {
  const given = parsed(args);
  if (given.help) return null;
  const { arch, tree = "" } = given;
  const kernel = given.kernel ?? (tree === "" ? undefined : "0.0");
  if (arch === undefined) throw new UsageError("--arch is needed; --help says more");
  if (kernel === undefined) throw new UsageError("--kernel is needed; --help says more");
  const found = machineNamed(arch);
  if (found === null)
    throw new UsageError(
      `no machine is listed for --arch ${arch}; there is ${Object.keys(machines).flatMap(namesOf).join(", ")}`,
    );
  const { name, machine } = found;
  const { debian, build } = machine;
  if (tree !== "" && !given.build) throw new UsageError("--tree: a tree is for --build");
  if (given.build && build === undefined)
    throw new UsageError(`--build: no configuration is listed for ${name}, whose kernels Debian has`);
  if (!given.build && debian === undefined)
    throw new UsageError(`--arch ${arch}: Debian has no kernel for it; one is built with --build`);
  if (!/^\d+\.\d+[\w.+~-]*$/.test(kernel))
    throw new UsageError(
      `--kernel ${kernel}: a version such as 6.1, or a release such as 6.1.0-50-amd64, is needed`,
    );
  if ((given.migrating || given.move) && machine.emulator === undefined)
    throw new UsageError(
      `--arch ${arch}: a kernel that runs in no emulator is neither stopped nor given two nodes`,
    );
  if (given.migrating && machine.saved)
    throw new UsageError(`--migrating: the memory of ${name} is in a file only once it is done`);
  const suites = given.suite === undefined ? suitesOf(given.build ? {} : machine, kernel) : [given.suite];
  if (suites.length === 0)
    throw new UsageError(
      `--kernel ${kernel}: Debian's kernels for ${name} are those of ${releasesOf(machine).join(", ")}${build ? "; others are built with --build" : ""}`,
    );
  return {
    name,
    machine,
    kernel,
    suites,
    deb: given.build ? "" : (debian?.[0] ?? ""),
    flavour: given.build ? "" : (given.flavour ?? debian?.[1] ?? ""),
    build: (given.build ? build : null) ?? null,
    tree,
    cpu: given.cpu ?? machine.cpu,
    out: given.out ?? ".",
    work: path.resolve(given.work ?? path.join(tmpdir, "ptekit-live")),
    mirror: given.mirror ?? "http://deb.debian.org/debian",
    megabytes: wholeNumber("memory", given.memory ?? String(machine.megabytes ?? 512), 256, 16_384),
    dump: given.dump === true,
    crash: given.crash === true,
    migrating: given.migrating === true,
    move: given.move === true,
    processes: wholeNumber("processes", given.processes ?? "0", 0, 10_000),
    life: given.life === true,
    seed: wholeNumber("seed", given.seed ?? "1", 0, 2 ** 32),
    steps: wholeNumber("steps", given.steps ?? "500", 0, 100_000),
    log: given.log ?? "",
    random: given.random === true,
    sequences: given.sequences ?? "",
    timeoutSeconds: wholeNumber("timeout", given.timeout ?? (given.life ? "1800" : "300"), 1, 86400),
    append: given.append ?? "",
  };
}

/** The commands and files needed, each with the Debian package that brings it; for a kernel that is built, those of make. */
export function needs(machine: Machine, build: Build | null): Need[] {
  const { emulator, compiler, newer = [] } = machine;
  const [command, compilerPackage, libc] = compiler;
  const own = command === `${ownPrefix(process.arch)}gcc`;
  const prefix = prefixOf(machine);
  const libcFile = own ? "/usr/include/stdio.h" : `/usr/${command.replace(/-gcc$/, "")}/include/stdio.h`;
  return [
    ...(emulator && !newer.includes("emulator") ? [{ command: emulator[0], package: emulator[1] }] : []),
    ...(newer.includes("compiler")
      ? [{ command: "unshare", package: "util-linux" }]
      : [
          { command, package: own ? "gcc" : compilerPackage },
          ...(libc === "" ? [] : [{ file: libcFile, package: own ? "libc6-dev" : libc }]),
        ]),
    ...(build
      ? [...forMake, { command: `${prefix}gcc`, package: build.compiler?.[1] ?? compilerPackage }]
      : []),
    ...always,
  ];
}

/** What every machine needs. */
const always: readonly Need[] = [
  { command: "apt-get", package: "apt" },
  { command: "dpkg-deb", package: "dpkg" },
  { command: "xz", package: "xz-utils" },
  { file: "/usr/share/keyrings/debian-archive-keyring.gpg", package: "debian-archive-keyring" },
];

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: accepted, strict: true }).values;
  } catch (error) {
    throw new UsageError(messageOf(error).split(". ")[0]);
  }
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new UsageError(`--${name} ${text}: a whole number from ${least} to ${most} is needed`);
  return value;
}
