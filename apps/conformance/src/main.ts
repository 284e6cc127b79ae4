#!/usr/bin/env node
import { writeSync } from "node:fs";
import { loadAll } from "@ptekit/all";
import { loadModule } from "@ptekit/all/module";
import type { Architecture } from "@ptekit/core";
import { PtekitError, printable } from "@ptekit/core";
import { Command, CommanderError } from "commander";
import type { ExhaustiveResult, Words } from "./exhaustive.ts";
import { ALL_WORDS, BLOCK, exhaustiveText, narrowBackends } from "./exhaustive.ts";
import { openRecord } from "./exhaustive-record.ts";
import { exhaustAll } from "./exhaustive-run.ts";
import { type FileKind, packageFiles, readFolder } from "./files.ts";
import type { Result } from "./judge.ts";
import { judge } from "./judge.ts";
import { resultText } from "./print.ts";
import { startProgress } from "./progress.ts";
import { textOf } from "./text-of.ts";
import { jsonOf, totalsOf } from "./totals.ts";
import { isPlain, writeWhole } from "./write.ts";

interface Options {
  readonly vectors: readonly string[];
  readonly live: readonly string[];
  readonly life: readonly string[];
  readonly arch?: string;
  readonly json?: string;
  readonly exhaustive?: boolean;
  readonly words?: Words;
  readonly record?: string;
}

const program = new Command("ptekit-conformance")
  .description(
    "Holds architectures to the named properties, to kernel vectors, and to what running kernels had in their page tables and did with them.",
  )
  .argument("[modules...]", "modules whose default export is an Architecture; without any, ptekit's own")
  .option("--vectors <dir>", "a folder with more vector files (may be given again)", gather, [])
  .option("--live <dir>", "a folder with more live files (may be given again)", gather, [])
  .option("--life <dir>", "a folder with more life files (may be given again)", gather, [])
  .option("--arch <name>", "only this architecture")
  .option("--json <file>", "write the result as JSON too")
  .option("--exhaustive", "read all 2^32 words of every layout with 32-bit PTEs, too (minutes a layout)")
  .option(
    "--words <from-to>",
    "with --exhaustive: only the words from one up to another, multiples of 0x4000",
    wordsOf,
  )
  .option(
    "--record <file>",
    "with --exhaustive: keep there what each layout showed as it ends, and leave out those already there",
  )
  .addHelpText(
    "after",
    `
Exit: 0 all right; 1 a mismatch; 2 bad usage or a malformed file.

Examples:
  ptekit-conformance
  ptekit-conformance --arch arm64 --vectors ./more-vectors
  ptekit-conformance ./my-arch.js --vectors ./vectors --json result.json`,
  )
  .exitOverride();

function gather(value: string, values: string[]): string[] {
  return [...values, value];
}

function wordsOf(text: string): Words {
  const [, ...ends] = /^(\w+)-(\w+)$/.exec(text) ?? [];
  const [from = Number.NaN, to = Number.NaN] = ends.map(Number);
  const whole = [from, to].every((word) => word % BLOCK === 0);
  if (!whole || from < 0 || to <= from || to > ALL_WORDS.to)
    throw new PtekitError(
      "BAD_ARGUMENT",
      `--words is FROM-TO, multiples of 0x4000 up to 0x100000000, not ${text}`,
    );
  return { from, to };
}

async function main(): Promise<number> {
  program.parse();
  const options = program.opts<Options>();
  if (options.words && !options.exhaustive)
    throw new PtekitError("BAD_ARGUMENT", "--words goes with --exhaustive");
  if (options.record !== undefined && (!options.exhaustive || options.words))
    throw new PtekitError("BAD_ARGUMENT", "--record goes with --exhaustive, and all words");
  const record = options.record === undefined ? null : openRecord(options.record);
  const modules = await Promise.all(program.args.map((module) => loadModule(module)));
  const archs = await loadAll();
  const known = [...modules, ...archs.filter((arch) => !modules.some((other) => other.name === arch.name))];
  const judged = only(options.arch, modules.length > 0 ? modules : archs);
  const ours = (arch: { readonly name: string }): boolean => archs.some((own) => own.name === arch.name);
  const sources = (kind: FileKind) => [
    ...judged.filter(ours).flatMap((arch) => packageFiles(arch.name, kind)),
    ...options[kind].flatMap(readFolder),
  ];
  const progress = startProgress();
  const result = judge({
    judged,
    known,
    only: options.arch,
    vectors: sources("vectors"),
    live: sources("live"),
    life: sources("life"),
    progress: progress.show,
  });
  progress.stop();
  const { json, exhaustive = false } = options;
  // Before anything is printed: a file that cannot be written is refused now, not after hours. A pipe is written once.
  if (json !== undefined && (!exhaustive || isPlain(json))) writeJson(json, result, []);
  console.log(resultText(result));
  const narrow = exhaustive ? narrowBackends(judged) : [];
  const waiting = narrow.filter((backend) => !record?.has(backend));
  if (waiting.length < narrow.length)
    console.log(`${narrow.length - waiting.length} layouts are in ${options.record} already`);
  const exhausted = await exhaustAll(waiting, options.words ?? ALL_WORDS, progress.show, (one, backend) => {
    progress.stop();
    console.log(exhaustiveText(one));
    record?.add(one, backend);
  });
  progress.stop();
  if (json !== undefined && exhaustive) writeJson(json, result, exhausted);
  const failed = totalsOf(result).failed + exhausted.reduce((sum, one) => sum + one.failed, 0);
  return failed === 0 ? 0 : 1;
}

function only(name: string | undefined, all: readonly Architecture[]): readonly Architecture[] {
  if (name === undefined) return all;
  const found = all.filter((arch) => arch.name === name);
  if (found.length > 0) return found;
  const names = all.map((arch) => arch.name).join(", ");
  throw new PtekitError("BAD_ARGUMENT", `there is no architecture ${name}; there are ${names}`);
}

function writeJson(file: string, result: Result, exhaustive: readonly ExhaustiveResult[]): void {
  const json = { ...jsonOf(result), ...(exhaustive.length > 0 ? { exhaustive } : {}) };
  writeWhole(file, `${JSON.stringify(json, null, 2)}\n`);
}

let isOver = false;

/** The end, and its status. */
function end(status: number): void {
  isOver = true;
  process.exitCode = status;
}

/** The end without a result: one sentence, no stack. */
function refuse(sentence: string): void {
  const isSaid = isOver && process.exitCode === 2;
  end(2);
  if (isSaid) return;
  try {
    writeSync(2, `ptekit-conformance: ${printable(sentence.slice(0, 2000))}\n`);
  } catch {
    // Nobody is left to be told.
  }
}

function refuseAtOnce(error: unknown): never {
  refuse(`an error that nothing caught, of a module it seems: ${textOf(error)}`);
  process.exit(2);
}

process.on("uncaughtException", refuseAtOnce);
process.on("unhandledRejection", refuseAtOnce);
// A module may call process.exit(0), or wait at its top level for what never comes: neither says that all is right.
process.on("exit", () => {
  if (!isOver) refuse("ended before there was a result: a module ends the program, or waits for ever");
});
// `ptekit-conformance | head` closes the pipe early: nobody reads the rest.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") return;
  refuse(`the result cannot be written: ${error.message}`);
  process.exit(2);
});

try {
  end(await main());
} catch (error) {
  // Commander has printed its own message.
  if (error instanceof CommanderError) end(error.exitCode === 0 ? 0 : 2);
  else if (error instanceof PtekitError) refuse(String(error));
  else refuse(`a module breaks what judges it: ${textOf(error)}`);
}
