// npm run vectors: from a kernel tree to the answers of its macros. See docs/vectors.md.
import fs from "node:fs";
import path from "node:path";
import { asker } from "./ask.mjs";
import { comparedRows, differences } from "./compare.mjs";
import { compile } from "./compile.mjs";
import { configure, recordedConfig } from "./configure.mjs";
import { inputsOf, makeInputs } from "./inputs.mjs";
import { readOptions, UsageError, usage } from "./options.mjs";
import { rowsOf, vectorFile, vectorText } from "./rows.mjs";
import { run } from "./run.mjs";
import { anySource, debianSource } from "./source.mjs";
import { targets, toolchains } from "./targets.mjs";
import { installLine, missing, needs, runner } from "./toolchain.mjs";

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
  requireTools([options.arch], options.debian);
  const target = targets[options.arch];
  const file = answers(options, ({ head }) =>
    makeInputs({ head, cpus: target.variants[options.variant].cpus, seed: options.seed }),
  );
  write(file, options.out);
  return 0;
}

/** 0 where this tree's answers are those of the file. */
function like(options) {
  const known = readVectors(options.like);
  const debian = options.debian ?? (options.kernelSource ? undefined : minorOf(known.release));
  requireTools([known.arch], debian);
  return reproduceOne({ ...options, debian }, options.like, known) ? 0 : 1;
}

/** Every committed file; what cannot be tried is named with the reason. */
function reproduce(options) {
  const files = committedFiles().map((file) => ({ file, known: readVectors(file) }));
  const tried = files.filter(({ file, known }) => {
    const reason = notTried(known, options.debian);
    if (reason) console.log(`${file}: not tried: ${reason}`);
    return !reason;
  });
  if (tried.length === 0) throw new Error("no committed vector file could be tried");
  requireTools([...new Set(tried.map(({ known }) => known.arch))]);
  const failed = tried.filter(
    ({ file, known }) => !reproduceOne({ ...options, debian: minorOf(known.release) }, file, known),
  );
  console.log(
    `${tried.length - failed.length} of ${tried.length} files reproduced, ${files.length - tried.length} not tried`,
  );
  return failed.length > 0 ? 1 : 0;
}

function notTried({ arch, variant, release }, debian) {
  const minor = minorOf(release);
  if (!targets[arch]?.variants[variant]) return `tools/vectors/targets.mjs lists no ${arch} ${variant}`;
  if (debian && debian !== minor) return `--debian ${debian} was asked for`;
  const lacking = missing([
    { file: `/usr/src/linux-source-${minor}.tar.xz`, package: `linux-source-${minor}` },
  ]);
  return lacking.length > 0 && installLine(lacking).replace(/\n */, " ");
}

function reproduceOne(options, file, known) {
  const started = Date.now();
  const { arch, variant } = known;
  if (!targets[arch]?.variants[variant])
    throw new Error(`tools/vectors/targets.mjs lists no ${arch} ${variant}`);
  const symbols = Object.keys(known.config);
  const fresh = answers({ ...options, arch, variant, symbols }, () => inputsOf(known));
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
function answers({ arch, variant, debian, kernelSource, config, work, symbols }, chooseInputs) {
  const target = targets[arch];
  const { prefix } = toolchains[arch];
  const { tree, source } = debian ? debianSource(debian, work) : anySource(kernelSource);
  const build = path.join(work, "build", `${arch}-${variant}`);
  const userFragment = config === undefined ? "" : fs.readFileSync(config, "utf8");
  const configured = configure({ source: tree, build, target, variant, prefix, userFragment });
  const ask = asker(compile({ build, offsets: target.offsets, prefix }), runner(arch));
  const [head] = ask(["h"]);
  return vectorFile({
    arch,
    variant,
    release: configured.release,
    config: recordedConfig(configured.config, symbols),
    compiler: run(`${prefix}gcc`, ["--version"]).split("\n")[0],
    source,
    head,
    rows: rowsOf(chooseInputs({ head }), ask),
  });
}

function requireTools(archs, debian) {
  const lacking = missing(archs.flatMap((arch) => needs(arch, { debian })));
  if (lacking.length > 0) throw new Error(installLine(lacking));
}

function write(file, directory) {
  const { arch, variant, release } = file;
  fs.mkdirSync(directory, { recursive: true });
  const written = path.join(directory, `${arch}-${variant}-${minorOf(release)}.json`);
  fs.writeFileSync(written, vectorText(file));
  console.log(`wrote ${written}`);
}

function readVectors(file) {
  const known = JSON.parse(fs.readFileSync(file, "utf8"));
  if (known.format !== "ptekit-vectors/1") throw new Error(`${file} is no ptekit-vectors/1 file`);
  return known;
}

function committedFiles() {
  return fs
    .readdirSync("packages")
    .flatMap((name) => [`packages/${name}/vectors`])
    .filter((directory) => fs.existsSync(directory))
    .flatMap((directory) => fs.readdirSync(directory).map((name) => `${directory}/${name}`))
    .filter((file) => file.endsWith(".json"));
}

function minorOf(release) {
  return release.split(".").slice(0, 2).join(".");
}
