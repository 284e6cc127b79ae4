// npm run vectors: from a kernel tree to the answers of its macros. See docs/vectors.md.
import fs from "node:fs";
import path from "node:path";
import { asker } from "./ask.mjs";
import { comparedRows, differences } from "./compare.mjs";
import { compile } from "./compile.mjs";
import { configure, recordedConfig, strangeLines } from "./configure.mjs";
import { readText, requireWritable, writeWhole } from "./files.mjs";
import { inputsOf, makeInputs } from "./inputs.mjs";
import { readOptions, UsageError, usage } from "./options.mjs";
import { rowsOf, vectorFile, vectorText } from "./rows.mjs";
import { run } from "./run.mjs";
import { anySource, debianSource } from "./source.mjs";
import { linesLike, targetOf, targets, toolchains } from "./targets.mjs";
import { installLine, missing, needs, runner, unknownSource } from "./toolchain.mjs";

let sources;

try {
  const options = readOptions(process.argv.slice(2));
  const modes = { help, make, like, reproduce };
  process.exitCode = modes[options.mode](options);
} catch (error) {
  console.error(`vectors: ${error.message}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

function help() {
  console.log(usage);
  return 0;
}

function make(options) {
  checkFiles(options);
  requireTools([options], options.debian);
  const { cpus } = targetOf(options.arch, options.variant);
  const file = answers(options, ({ head }) => makeInputs({ head, cpus, seed: options.seed }));
  write(file, options.out);
  return 0;
}

/** 0 where this tree's answers are those of the file. */
function like(options) {
  checkFiles(options);
  const known = readVectors(options.like);
  const debian = options.debian ?? (options.kernelSource ? undefined : minorOf(known.release));
  if (!listed(known))
    throw new Error(
      `tools/vectors/targets.mjs lists no ${known.arch} ${known.variant}, which ${options.like} is of`,
    );
  requireTools([known], debian);
  return reproduceOne({ ...options, debian }, options.like, known) ? 0 : 1;
}

/** Every committed file; what cannot be tried is named with the reason. */
function reproduce(options) {
  checkFiles(options);
  const files = committedFiles().map((file) => ({ file, known: readVectors(file) }));
  const tried = files.filter(({ file, known }) => {
    const reason = notTried(known, options.debian);
    if (reason) console.log(`${file}: not tried: ${reason}`);
    return !reason;
  });
  if (tried.length === 0) throw new Error("no committed vector file could be tried");
  requireTools(tried.map(({ known }) => known));
  const failed = tried.filter(
    ({ file, known }) => !reproduceOne({ ...options, debian: minorOf(known.release) }, file, known),
  );
  console.log(
    `${tried.length - failed.length} of ${tried.length} files reproduced, ${files.length - tried.length} not tried`,
  );
  return failed.length > 0 ? 1 : 0;
}

function notTried(known, debian) {
  const { arch, variant, release } = known;
  const minor = minorOf(release);
  if (!listed(known)) return `tools/vectors/targets.mjs lists no ${arch} ${variant}`;
  if (debian && debian !== minor) return `--debian ${debian} was asked for`;
  const lacking = missing([
    { file: `/usr/src/linux-source-${minor}.tar.xz`, package: `linux-source-${minor}` },
  ]);
  return (
    lacking.length > 0 && (unknownSource(lacking, aptSources()) ?? installLine(lacking).replace(/\n */, " "))
  );
}

function reproduceOne(options, file, known) {
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

/** A vector file for one variant of one tree; `ask` chooses the inputs once the head is known. */
function answers({ arch, variant, debian, kernelSource, config, work, symbols, lines = "" }, chooseInputs) {
  const target = targetOf(arch, variant);
  const { prefix, link } = toolchains[target.toolchain];
  const { tree, source } = debian ? debianSource(debian, work) : anySource(kernelSource);
  const build = path.join(work, "build", `${arch}-${variant}`);
  const userFragment = config === undefined ? "" : readText(config);
  const configured = configure({ source: tree, build, target, prefix, userFragment, lines });
  const ask = asker(compile({ build, offsets: target.offsets, prefix, link }), runner(target.toolchain));
  const [head] = ask(["h"]);
  return vectorFile({
    arch,
    variant,
    release: configured.release,
    config: recordedConfig(configured.config, symbols ?? target.symbols),
    cpu: target.cpu,
    compiler: run(`${prefix}gcc`, ["--version"]).split("\n")[0],
    source,
    head,
    rows: rowsOf(chooseInputs({ head }), ask),
  });
}

function listed({ arch, variant }) {
  return Object.hasOwn(targets, arch) && Object.hasOwn(targets[arch].variants, variant);
}

function requireTools(files, debian) {
  const names = new Set(files.map(({ arch, variant }) => targetOf(arch, variant).toolchain));
  const lacking = missing([...names].flatMap((name) => needs(name, { debian })));
  if (lacking.length > 0) throw new Error(unknownSource(lacking, aptSources()) ?? installLine(lacking));
}

/** What is wrong with the files that the user named, said before half a minute of work. */
function checkFiles({ config, kernelSource, out }) {
  const strange = config === undefined ? [] : strangeLines(readText(config));
  if (strange.length > 0) throw new Error(`${config}: no Kconfig line: ${strange.join(", ")}`);
  if (kernelSource) anySource(kernelSource);
  if (out) requireWritable(out);
}

/** The linux-source packages that apt knows, asked once; none where there is no apt, or it has no lists. */
function aptSources() {
  sources ??= askApt();
  return sources;
}

function askApt() {
  try {
    return run("apt-cache", ["pkgnames", "linux-source-"]).split("\n");
  } catch {
    return [];
  }
}

function write(file, directory) {
  const { arch, variant, release } = file;
  const written = path.join(directory, `${arch}-${variant}-${minorOf(release)}.json`);
  writeWhole(written, vectorText(file));
  console.log(`wrote ${written}`);
}

function readVectors(file) {
  const known = parsed(readText(file));
  if (known?.format !== "ptekit-vectors/1") throw new Error(`${file} is no ptekit-vectors/1 file`);
  return known;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function committedFiles() {
  return fs
    .readdirSync("packages/arch")
    .flatMap((name) => [`packages/arch/${name}/vectors`])
    .filter((directory) => fs.existsSync(directory))
    .flatMap((directory) => fs.readdirSync(directory).map((name) => `${directory}/${name}`))
    .filter((file) => file.endsWith(".json"));
}

function minorOf(release) {
  return release.split(".").slice(0, 2).join(".");
}
