#!/usr/bin/env node
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { arm } from "@ptekit/arm";
import { arm64 } from "@ptekit/arm64";
import type { ArchBackend } from "@ptekit/core";
import { x86_64 } from "@ptekit/x86_64";
import { compileRows, fileRows, sweepRows, workerRows } from "./extras.ts";
import { startRows, stdinRows } from "./processes.ts";
import { startServers } from "./servers.ts";
import { wordRows } from "./word.ts";
import type { Row, Task } from "./workloads.ts";
import { measure, SIZES } from "./workloads.ts";

const USAGE = `Usage: npm run bench -- [--json FILE] [--rounds N] [--only WORDS] [--quick]

Measures @ptekit/bulk against C, memory and JavaScript, and decode() against decoders written by hand: in turns, CPU time, medians of N rounds (9 at least).
--only measures what contains WORDS: "x86_64 columns", "word", "sweep", "file", "workers", "start", "stdin", "compile".
--quick takes x86_64's short workloads in three rounds, in under a minute: to see whether something became slower, not to be told.
--json writes the rows, and adds the release's marks to the history that FILE has.`;

/** Starts a line of progress; the report comes last. */
const say = (text: string): void => console.error(text);

async function main(): Promise<number> {
  const options = optionsOf();
  if (options === null) {
    console.error(USAGE);
    return 2;
  }
  const { rounds, only, json, quick } = options;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-bench-"));
  const rows: Row[] = [];
  const wanted = (name: string): boolean => name.includes(only) && (!quick || isShort(name));
  const report = (measured: readonly Row[]): void => {
    rows.push(...measured);
    for (const row of measured) console.log(lineOf(row));
  };
  try {
    const backends = [x86_64, arm64, arm].map((arch) => arch.for({ release: "6.12" }));
    for (const backend of backends) {
      if (wanted(`${backend.arch} word`)) report(await wordRows(backend, rounds));
    }
    for (const backend of backends) {
      const tasks = tasksOf(backend).filter((task) =>
        wanted(`${backend.arch} ${task.work} ${task.data} ${task.size}`),
      );
      const sweeps = backend.layout.pteBits === 32 && wanted(`${backend.arch} sweep`);
      if (tasks.length === 0 && !sweeps) continue;
      const servers = startServers(backend, folder, (sentence) => say(`skipped: ${sentence}`));
      for (const task of tasks) report(await measure(task, servers, folder, rounds));
      if (sweeps) report(await sweepRows(backend, servers, rounds));
      for (const server of servers) server.stop();
    }
    const first = x86_64.for({ release: "6.12" });
    if (wanted("x86_64 file")) report(await fileRows(first, folder, rounds));
    if (wanted("x86_64 workers")) report(await workerRows(first, folder, rounds));
    if (wanted("x86_64 start")) report(await startRows(folder, rounds));
    if (wanted("x86_64 stdin"))
      report(await stdinRows(folder, rounds, (sentence) => say(`skipped: ${sentence}`)));
    if (wanted("x86_64 compile")) report(await compileRows(first, rounds));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
  if (json) {
    const history = historyWith(json, rows);
    fs.writeFileSync(json, `${JSON.stringify({ machine: machine(), rounds, rows, history }, null, 2)}\n`);
  }
  return 0;
}

/** What takes little time and shows most. */
const isShort = (name: string): boolean =>
  name.startsWith("x86_64") && !/larger than cache|file|workers|stdin|random/.test(name);

/** The ratios of our own implementations in one release, so that a slower one is seen. */
interface Past {
  readonly version: string;
  readonly machine: string;
  /** By `arch workload, data, size: implementation / comparator`. */
  readonly ratios: Readonly<Record<string, number>>;
}

/** The history in the file, with this release's row. */
function historyWith(file: string, rows: readonly Row[]): Past[] {
  const past: readonly Past[] = fs.existsSync(file)
    ? (JSON.parse(fs.readFileSync(file, "utf8")).history ?? [])
    : [];
  const manifest = new URL(import.meta.resolve("@ptekit/bulk/package.json"));
  const { version } = JSON.parse(fs.readFileSync(manifest, "utf8")) as { version: string };
  const ratios = Object.fromEntries(
    rows.flatMap(({ arch, workload, data, size, impl, ratioTo }) =>
      Object.entries(ratioTo).map(([other, value]) => [
        `${arch} ${workload}, ${data}, ${size}: ${impl} / ${other}`,
        Number(value.toPrecision(3)),
      ]),
    ),
  );
  return [...past.filter((row) => row.version !== version), { version, machine: machine(), ratios }];
}

interface Options {
  readonly rounds: number;
  readonly only: string;
  readonly json: string | undefined;
  readonly quick: boolean;
}

function optionsOf(): Options | null {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: "string" },
        rounds: { type: "string" },
        only: { type: "string" },
        quick: { type: "boolean" },
      },
    });
    const { json, only = "", quick = false } = values;
    if (quick && json !== undefined) return null;
    const rounds = Number(values.rounds ?? (quick ? 3 : 9));
    return Number.isInteger(rounds) && rounds >= (quick ? 3 : 9) ? { rounds, only, json, quick } : null;
  } catch {
    return null;
  }
}

const machine = (): string =>
  `${os.cpus()[0]?.model ?? "unknown CPU"}, ${os.cpus().length} cores, Node ${process.versions.node}, ${os.arch()}`;

function lineOf({ workload, arch, data, size, impl, nsPerPte, ratioTo }: Row): string {
  const ratios = Object.entries(ratioTo).map(([name, value]) => `${value.toFixed(2)} ${name}`);
  const time = size === "one call" ? `${(nsPerPte / 1e6).toFixed(1)} ms` : `${nsPerPte.toFixed(3)} ns`;
  return `${arch} ${workload}, ${data}, ${size}: ${impl} ${time}${ratios.length > 0 ? `; ratios: ${ratios.join(", ")}` : ""}`;
}

function tasksOf(backend: ArchBackend): Task[] {
  const [small, block, large] = Object.keys(SIZES) as [string, string, string];
  return [
    { work: "columns", backend, data: "pages", size: large, all: false },
    { work: "columns", backend, data: "pages", size: block, all: false },
    { work: "columns", backend, data: "pages", size: small, all: true },
    { work: "columns", backend, data: "random", size: large, all: false },
    { work: "columns", backend, data: "random", size: small, all: false },
    { work: "columns", backend, data: "swap", size: large, all: false },
    { work: "columns", backend, data: "swap", size: small, all: false },
    { work: "census", backend, data: "pages", size: large, all: false },
    { work: "census", backend, data: "pages", size: block, all: false },
    { work: "census", backend, data: "swap", size: large, all: false },
    { work: "encode", backend, data: "swap", size: large, all: false },
    { work: "encode", backend, data: "swap", size: small, all: false },
  ];
}

process.exitCode = await main();
