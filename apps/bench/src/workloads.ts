import fs from "node:fs";
import path from "node:path";
import type { ArchBackend } from "@ptekit/core";
import type { DataKind } from "./data.ts";
import { DATA, makeData } from "./data.ts";
import type { Local, Work } from "./local.ts";
import { bigintOf, bulkOf, scalarOf } from "./local.ts";
import type { Contender, Timing } from "./pairs.ts";
import { cpuNs, interleave, median, ratio, spread } from "./pairs.ts";
import type { Server } from "./servers.ts";
import { JUDGED } from "./servers.ts";

/** One line of the report. */
export interface Row {
  readonly workload: string;
  readonly arch: string;
  readonly data: string;
  readonly size: string;
  readonly impl: string;
  readonly nsPerPte: number;
  /** Medians of the ratios to the comparators, round by round; of our own implementations only. */
  readonly ratioTo: Readonly<Record<string, number>>;
  readonly spread: number;
}

export const SIZES: Readonly<Record<string, number>> = {
  "8K PTEs (in L2)": 2 ** 13,
  "32K PTEs (a block)": 2 ** 15,
  "16M PTEs (larger than cache)": 2 ** 24,
};

/** What to measure, and with whom. */
export interface Task {
  readonly work: Work;
  readonly backend: ArchBackend;
  readonly data: DataKind;
  readonly size: string;
  /** JavaScript, numpy and the scalar codec beside C. */
  readonly all: boolean;
}

/** CPU time that one contender gets in a round. */
const ROUND_NS = 6e7;

/** One workload, all contenders interleaved; checksums are compared before and after. */
export async function measure(
  task: Task,
  servers: readonly Server[],
  folder: string,
  rounds: number,
): Promise<Row[]> {
  const { work, backend, size, all } = task;
  const n = SIZES[size] ?? 0;
  const data = makeData(backend, task.data, n);
  const file = path.join(folder, "data");
  fs.writeFileSync(file, data);
  const ours = [
    await bulkOf(backend, "simd", data),
    ...(all ? [await bulkOf(backend, "javascript", data)] : []),
  ];
  const slow = all && work === "columns" ? slowLoops(backend, data) : [];
  const able = servers.filter((server) => server.name !== "numpy" || (all && work === "columns"));
  for (const server of able) await server.ask(`load ${file} ${n}`);
  fs.rmSync(file);
  // Encoding starts from the columns of these PTEs.
  if (work === "encode") {
    for (const local of ours) local.run("columns", n, 1);
    for (const server of able) await server.ask(`columns ${n} 1`);
  }
  const contenders = [
    ...[...ours, ...slow].map((local) => localContender(local, work, n)),
    ...able.flatMap((server) => serverContenders(server, work, n)),
  ];
  const timings = await interleave(await sized(contenders), rounds);
  await compareChecksums(work, n, [...ours, ...slow], able);
  return rowsOf(
    task,
    n,
    timings,
    ours.map(({ name }) => name),
  );
}

function slowLoops(backend: ArchBackend, data: Uint8Array): Local[] {
  const some = data.subarray(0, Math.min(data.length, 2 ** 19));
  const scalar = scalarOf(backend, some);
  return backend.arch === "x86_64" ? [scalar, bigintOf(backend, some)] : [scalar];
}

function localContender(local: Local, work: Work, n: number): Contender {
  // The slow loops do part of the PTEs; times are per PTE.
  const some = /BigInt|scalar/.test(local.name) ? Math.min(n, 2 ** 13) : n;
  return {
    name: local.name,
    times: 1,
    async run(times) {
      const start = cpuNs();
      local.run(work, some, times);
      return ((cpuNs() - start) * n) / some;
    },
  };
}

function serverContenders(server: Server, work: Work, n: number): Contender[] {
  const does = (verb: string, name = server.name): Contender => ({
    name,
    times: 1,
    run: async (times) => (await server.ask(`${verb} ${n} ${times}`)).ns,
  });
  if (server.name === "numpy") return [does("columns")];
  if (work === "encode") return [does("encode")];
  const branchy =
    server.name === "gcc -O2" && work === "columns" ? [does("columns-branchy", "gcc -O2, branchy")] : [];
  const plain = server.name === JUDGED ? [does("copy", "memcpy"), does("sum", "read-sum")] : [];
  return [does(work), ...branchy, ...plain];
}

/** As many repetitions as fill a round. */
async function sized(contenders: readonly Contender[]): Promise<Contender[]> {
  const result: Contender[] = [];
  for (const contender of contenders) {
    await contender.run(1);
    const once = Math.max(await contender.run(1), 1000);
    result.push({ ...contender, times: Math.max(1, Math.min(1e5, Math.round(ROUND_NS / once))) });
  }
  return result;
}

async function compareChecksums(
  work: Work,
  n: number,
  locals: readonly Local[],
  servers: readonly Server[],
): Promise<void> {
  if (work === "census") return;
  const sums = new Map<string, number>();
  const [first] = locals;
  const few = Math.min(n, 2 ** 13);
  if (!first) return;
  for (const rows of new Set([n, few])) {
    const ask = async (verb: string, check: (local: Local) => number): Promise<void> => {
      const wanted = check(first);
      for (const local of locals) {
        if (rows === n && /BigInt|scalar/.test(local.name) && few !== n) continue;
        sums.set(`${local.name}, ${rows} rows`, check(local) - wanted);
      }
      for (const server of servers) {
        if (server.name === "numpy" && rows !== few) continue;
        if (verb === "check") await server.ask(`columns ${n} 1`);
        sums.set(`${server.name}, ${rows} rows`, (await server.ask(`${verb} ${rows} 1`)).result - wanted);
      }
    };
    if (work === "columns") await ask("check", (local) => local.check(rows));
    else await ask("check-words", (local) => local.checkWords(rows));
  }
  const wrong = [...sums].filter(([, difference]) => difference !== 0);
  if (wrong.length > 0)
    throw new Error(`checksums differ from SIMD's: ${wrong.map(([name]) => name).join("; ")}`);
}

/** The one of the comparators in C that took the least time, round by round: the strongest of the run. */
const FASTEST = "the fastest C of the run";

function rowsOf(task: Task, n: number, timings: readonly Timing[], ours: readonly string[]): Row[] {
  const inC = timings.filter(({ name }) => /^(?:gcc|clang)/.test(name));
  const fastest = [...inC].sort((a, b) => median(a.rounds) - median(b.rounds))[0];
  return timings.map((timing) => ({
    workload: task.work,
    arch: task.backend.arch,
    data: DATA[task.data],
    size: task.size,
    impl: timing.name,
    nsPerPte: median(timing.rounds) / n,
    ratioTo: ours.includes(timing.name)
      ? Object.fromEntries([
          ...timings.filter((other) => other !== timing).map((other) => [other.name, ratio(timing, other)]),
          ...(fastest === undefined ? [] : [[FASTEST, ratio(timing, fastest)]]),
        ])
      : {},
    spread: spread(timing),
  }));
}
