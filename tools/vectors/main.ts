// npm run vectors: from a kernel tree to the answers of its macros. See docs/vectors.md.
import fs from "node:fs";
import path from "node:path";
import { messageOf } from "../common/errors.ts";
import { readText, requireWritable, writeWhole } from "../common/files.ts";
import { strangeLines } from "../common/kconfig.ts";
import { run } from "../common/run.ts";
import { archFolder, architectures } from "../common/workspaces.ts";
import { asker } from "./ask.ts";
import { comparedRows, differences } from "./compare.ts";
import { compile } from "./compile.ts";
import { configure, recordedConfig } from "./configure.ts";
import type { Head, VectorFile } from "./format.ts";
import type { Inputs } from "./inputs.ts";
import { inputsOf, makeInputs, splitmix64 } from "./inputs.ts";
import type { LikeOptions, MakeOptions, Options, ReproduceOptions } from "./options.ts";
import { readOptions, UsageError, usage } from "./options.ts";
import { presentLists } from "./present.ts";
import { rowsOf, vectorFile, vectorText } from "./rows.ts";
import { anySource, debianSource } from "./source.ts";
import { linesLike, targetOf, targets, toolchainNamed } from "./targets.ts";
import { installLine, missing, needs, runner, unknownSource } from "./toolchain.ts";

// Present words and PMDs are asked alike whatever the seed: a later file repeats them without saying which it was.
const PRESENT_SEED = 1n;

let sources: string[] | undefined;

try {
  process.exitCode = main(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error(`vectors: ${messageOf(error)}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

/** The exit status. */
function main(options: Options): number {
  if (options.mode === "make") return make(options);
  if (options.mode === "like") return like(options);
  if (options.mode === "reproduce") return reproduce(options);
  console.log(usage);
  return 0;
}

function make(options: MakeOptions): number {
  checkFiles(options);
  requireTools([options], options.debian);
  const { cpus } = targetOf(options.arch, options.variant);
  const file = answers(options, (head) => makeInputs({ head, cpus, seed: options.seed }));
  write(file, options.out);
  return 0;
}

/** 0 where this tree's answers are those of the file. */
function like(options: LikeOptions): number {
  checkFiles(options);
  const known = readVectors(options.like);
  const debian = options.debian ?? (options.kernelSource ? undefined : minorOf(known.release));
  if (!listed(known))
    throw new Error(`no toolchain.ts lists ${known.arch} ${known.variant}, which ${options.like} is of`);
  requireTools([known], debian);
  return reproduceOne({ ...options, debian }, options.like, known) ? 0 : 1;
}

/** Every committed file; what cannot be tried is named with the reason. */
function reproduce(options: ReproduceOptions): number {
  checkFiles(options);
  const files = committedFiles().map((file) => ({ file, known: readVectors(file) }));
  const tried = files.filter(({ file, known }) => {
    const reason = notTried(known, options.debian);
    if (reason) console.log(`${file}: not tried: ${reason}`);
    return !reason;
  });
  if (tried.length === 0) throw new Error("no committed vector file could be tried");
  requireTools(
    tried.map(({ known }) => known),
    undefined,
  );
  const failed = tried.filter(
    ({ file, known }) => !reproduceOne({ ...options, debian: minorOf(known.release) }, file, known),
  );
  console.log(
    `${tried.length - failed.length} of ${tried.length} files reproduced, ${files.length - tried.length} not tried`,
  );
  return failed.length > 0 ? 1 : 0;
}

function notTried(known: VectorFile, debian: string | undefined): string | undefined {
  const { arch, variant, release } = known;
  const minor = minorOf(release);
  if (!listed(known)) return `no toolchain.ts lists ${arch} ${variant}`;
  if (debian && debian !== minor) return `--debian ${debian} was asked for`;
  const lacking = missing([
    { file: `/usr/src/linux-source-${minor}.tar.xz`, package: `linux-source-${minor}` },
  ]);
  if (lacking.length === 0) return undefined;
  return unknownSource(lacking, aptSources()) ?? installLine(lacking).replace(/\n */, " ");
}

function reproduceOne(options: LikeOptions | ReproduceOptions, file: string, known: VectorFile): boolean {
  const started = Date.now();
  const { arch, variant } = known;
  const symbols = Object.keys(known.config);
  const fresh = answers({ ...options, arch, variant, symbols, lines: linesLike(known.config) }, () =>
    inputsOf(known),
  );
  const found = differences(fresh, known);
  if (fresh.release !== known.release)
    console.log(`${file}: is of ${known.release}, the tree of ${fresh.release}`);
  for (const sentence of found.slice(0, 20)) console.log(`${file}: ${sentence}`);
  if (found.length > 20) console.log(`${file}: and ${found.length - 20} more differences`);
  const seconds = Math.round((Date.now() - started) / 1000);
  if (found.length === 0)
    console.log(`${file}: reproduced, ${comparedRows(known)} rows and the head, in ${seconds} s`);
  if (options.out) write(fresh, options.out);
  return found.length === 0;
}

type Asked = Pick<MakeOptions, "arch" | "variant" | "debian" | "kernelSource" | "config" | "work"> & {
  /** The symbols that the file's config names. */
  readonly symbols?: readonly string[];
  readonly lines?: string;
};

/** A vector file for one variant of one tree; `chooseInputs` is asked once the head is known. */
function answers(asked: Asked, chooseInputs: (head: Head) => Inputs): VectorFile {
  const { arch, variant, debian, kernelSource = "", config, work, symbols, lines = "" } = asked;
  const target = targetOf(arch, variant);
  const { prefix, link } = toolchainNamed(target.toolchain);
  const { tree, source } = debian ? debianSource(debian, work) : anySource(kernelSource);
  const build = path.join(work, "build", `${arch}-${variant}`);
  const userFragment = config === undefined ? "" : readText(config);
  const configured = configure({ source: tree, build, target, prefix, userFragment, lines });
  const ask = asker(
    compile({ build, offsets: target.offsets, prefix, ...(link && { link }) }),
    runner(target.toolchain),
  );
  const head = ask(["h"])[0] as unknown as Head;
  return vectorFile({
    arch,
    variant,
    release: configured.release,
    config: recordedConfig(configured.config, symbols ?? target.symbols),
    cpu: target.cpu,
    compiler: run(`${prefix}gcc`, ["--version"]).split("\n")[0] ?? "",
    source,
    head,
    rows: {
      ...rowsOf(chooseInputs(head), ask),
      ...presentLists({ head, random: splitmix64(PRESENT_SEED), ask }),
    },
  });
}

type Named = Pick<VectorFile, "arch" | "variant">;

function listed({ arch, variant }: Named): boolean {
  return Object.hasOwn(targets, arch) && Object.hasOwn(targets[arch]?.variants ?? {}, variant);
}

function requireTools(files: readonly Named[], debian: string | undefined): void {
  const names = new Set(files.map(({ arch, variant }) => targetOf(arch, variant).toolchain));
  const lacking = missing([...names].flatMap((name) => needs(name, { debian })));
  if (lacking.length > 0) throw new Error(unknownSource(lacking, aptSources()) ?? installLine(lacking));
}

/** What is wrong with the files that the user named, said before half a minute of work. */
function checkFiles({ config, kernelSource, out }: MakeOptions | LikeOptions | ReproduceOptions): void {
  const strange = config === undefined ? [] : strangeLines(readText(config));
  if (strange.length > 0) throw new Error(`${config}: no Kconfig line: ${strange.join(", ")}`);
  if (kernelSource) anySource(kernelSource);
  if (out) requireWritable(out);
}

/** The linux-source packages that apt knows, asked once; none where there is no apt, or it has no lists. */
function aptSources(): string[] {
  sources ??= askApt();
  return sources;
}

function askApt(): string[] {
  try {
    return run("apt-cache", ["pkgnames", "linux-source-"]).split("\n");
  } catch {
    return [];
  }
}

function write(file: VectorFile, directory: string): void {
  const { arch, variant, release } = file;
  const written = path.join(directory, `${arch}-${variant}-${minorOf(release)}.json`);
  writeWhole(written, vectorText(file));
  console.log(`wrote ${written}`);
}

function readVectors(file: string): VectorFile {
  const known = parsed(readText(file));
  if (known?.format !== "ptekit-vectors/1") throw new Error(`${file} is no ptekit-vectors/1 file`);
  return known;
}

function parsed(text: string): VectorFile | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function committedFiles(): string[] {
  return architectures()
    .map((name) => `${archFolder(name)}/vectors`)
    .filter((directory) => fs.existsSync(directory))
    .flatMap((directory) => fs.readdirSync(directory).map((name) => `${directory}/${name}`))
    .filter((file) => file.endsWith(".json"));
}

function minorOf(release: string): string {
  return release.split(".").slice(0, 2).join(".");
}
