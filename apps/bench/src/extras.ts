import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { compileSweep } from "@ptekit/bulk";
import type { ArchBackend } from "@ptekit/core";
import { makeData } from "./data.ts";
import type { Contender, Timing } from "./pairs.ts";
import { cpuNs, interleave, median, ratio, spread } from "./pairs.ts";
import type { Server } from "./servers.ts";
import type { Row } from "./workloads.ts";

// What is not columns: the sweep of all 32-bit words, a file against cat, and the first compile() of a process.

const script = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

/** Decode and encode again, over a part of the 2^32 words in every round; the parts add up to all of them. */
export async function sweepRows(
  backend: ArchBackend,
  servers: readonly Server[],
  rounds: number,
): Promise<Row[]> {
  const sweep = await compileSweep(backend);
  const count = Math.floor(2 ** 32 / (rounds + 1) / 16) * 16;
  const checks = new Map<number, number>();
  const compare = (name: string, first: number, check: number): void => {
    if ((checks.get(first) ?? check) !== check)
      throw new Error(`the checksum of ${name} differs from ${first} on`);
    checks.set(first, check);
  };
  const inTurn = (): (() => number) => {
    let round = -1;
    return () => {
      round++;
      return round * count;
    };
  };
  const next = inTurn();
  const ours: Contender = {
    name: "simd",
    times: 1,
    async run() {
      const first = next();
      const start = cpuNs();
      const { nones, entries, same, check } = sweep(first, count);
      const ns = cpuNs() - start;
      compare("simd", first, (nones * 3 + entries * 5 + same * 7 + check) % 2 ** 32);
      return ns;
    },
  };
  const theirs = servers
    .filter((server) => server.name !== "numpy")
    .map((server): Contender => {
      const from = inTurn();
      return {
        name: server.name,
        times: 1,
        async run() {
          const first = from();
          const { ns, result } = await server.ask(`sweep ${first} ${count}`);
          compare(server.name, first, result);
          return ns;
        },
      };
    });
  const timings = await interleave([ours, ...theirs], rounds);
  return rowsOf(
    { workload: "sweep", arch: backend.arch, data: "every 32-bit word", size: "2^32 words" },
    timings,
    count,
  );
}

/** A census of a file of 1 GiB by one thread, as a whole process, against cat to /dev/null. */
export async function fileRows(backend: ArchBackend, folder: string, rounds: number): Promise<Row[]> {
  const file = path.join(folder, "gibibyte");
  const part = makeData(backend, "pages", 2 ** 21);
  const fd = fs.openSync(file, "w");
  for (let written = 0; written < 2 ** 30; written += part.length) fs.writeSync(fd, part);
  fs.closeSync(fd);
  const process = (name: string, command: string): Contender => ({
    name,
    times: 1,
    run: async () => childCpuNs(command),
  });
  const node = (...args: string[]): string =>
    [globalThis.process.execPath, ...args].map((arg) => `'${arg}'`).join(" ");
  const timings = await interleave(
    [
      process("decodeFile, whole process", `${node(script("file-census"), file)} > /dev/null`),
      process("node that does nothing", node("-e", "0")),
      process("cat", `cat '${file}' > /dev/null`),
    ],
    rounds,
  );
  fs.rmSync(file);
  const [whole, idle, cat] = timings as [Timing, Timing, Timing];
  const inside = {
    name: "decodeFile, less node's own start",
    rounds: whole.rounds.map((ns, round) => ns - (idle.rounds[round] ?? 0)),
  };
  const about = {
    workload: "file",
    arch: backend.arch,
    data: "page-table pages, 5 to 30 % swap",
    size: "1 GiB",
  };
  return rowsOf(about, [whole, inside, cat], 2 ** 27, [
    "decodeFile, whole process",
    "decodeFile, less node's own start",
  ]);
}

/** A census of a file of 4 GiB in the page cache by two threads and by one: time passed, not CPU time. */
export async function workerRows(backend: ArchBackend, folder: string, rounds: number): Promise<Row[]> {
  const file = path.join(folder, "four-gibibytes");
  const part = makeData(backend, "pages", 2 ** 21);
  const fd = fs.openSync(file, "w");
  for (let written = 0; written < 2 ** 32; written += part.length) fs.writeSync(fd, part);
  fs.closeSync(fd);
  const census = (name: string, workers: string): Contender => ({
    name,
    times: 1,
    run: async () => {
      const from = performance.now();
      execFileSync(process.execPath, [script("file-census"), file, workers], { env });
      return (performance.now() - from) * 1e6;
    },
  });
  const timings = await interleave([census("two workers", "2"), census("one worker", "1")], rounds);
  fs.rmSync(file);
  const about = {
    workload: "workers",
    arch: backend.arch,
    data: "page-table pages, 5 to 30 % swap",
    size: "4 GiB, time passed",
  };
  return rowsOf(about, timings, 2 ** 29, ["two workers"]);
}

/** Without certificates that node would read at its start. */
const env = { ...process.env, NODE_EXTRA_CA_CERTS: "" };

/** CPU time of a command and all it starts, from the shell's own account of its children. */
function childCpuNs(command: string): number {
  const text = execFileSync("bash", ["-c", `${command}; times`], { encoding: "utf8", env });
  const times = [...(text.trim().split("\n").at(-1) ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  return times.reduce((sum, [, minutes, seconds]) => sum + (Number(minutes) * 60 + Number(seconds)) * 1e9, 0);
}

/** The first compile(backend) of a process; nanoseconds for the call, not per PTE. */
export async function compileRows(backend: ArchBackend, rounds: number): Promise<Row[]> {
  const results = Array.from({ length: rounds }, (): { ms: number; cpuMs: number } =>
    JSON.parse(execFileSync(process.execPath, [script("first-use")], { encoding: "utf8", env })),
  );
  const timings: Timing[] = [
    { name: "simd, CPU time of the call", rounds: results.map(({ cpuMs }) => cpuMs * 1e6) },
    { name: "simd, time passed", rounds: results.map(({ ms }) => ms * 1e6) },
  ];
  return rowsOf(
    { workload: "compile", arch: backend.arch, data: "first use in a process", size: "one call" },
    timings,
    1,
    [],
  );
}

/** A row for each timing, with the ratios of our own to the others. */
export function rowsOf(
  about: Pick<Row, "workload" | "arch" | "data" | "size">,
  timings: readonly Timing[],
  ptes: number,
  ours: readonly string[] = ["simd"],
): Row[] {
  return timings.map((timing) => ({
    ...about,
    impl: timing.name,
    nsPerPte: median(timing.rounds) / ptes,
    ratioTo: ours.includes(timing.name)
      ? Object.fromEntries(
          timings
            .filter(({ name }) => !ours.includes(name))
            .map((other) => [other.name, ratio(timing, other)]),
        )
      : {},
    spread: spread(timing),
  }));
}
