// npm run bench:parts: what each part of reading a dump takes: CPU time, memory beyond the part before, what was read.
import fs from "node:fs";
import os from "node:os";
import { parseArgs } from "node:util";
import { openDumpFile } from "@ptekit/dump/node";
import { findKernel } from "../../../packages/introspect/src/find.ts";
import { openKernel, type Process, scannerOf } from "../../../packages/introspect/src/index.ts";
import { findSymbols, findTypes } from "../../../packages/introspect/src/symbols.ts";

const USAGE = `npm run bench:parts -- [--rounds N] [--json FILE] DUMP…
Medians of N rounds (default 5) in one process, the dump opened anew in each; what a part does not use of the one before it does again.`;

interface Part {
  readonly part: string;
  cpuMs: number[];
  /** The peak of the process's memory after it, in the first round. */
  peakMb: number;
}

/** Runs every part once, and adds what it took. */
async function round(file: string, parts: Map<string, Part>): Promise<void> {
  const timed = async <T>(part: string, work: () => T | Promise<T>): Promise<T> => {
    const before = process.cpuUsage();
    const result = await work();
    const { user, system } = process.cpuUsage(before);
    const peakMb = process.resourceUsage().maxRSS / 1024;
    const known = parts.get(part) ?? { part, cpuMs: [], peakMb };
    known.cpuMs.push((user + system) / 1000);
    parts.set(part, known);
    return result;
  };
  const dump = await timed("open the dump", () => openDumpFile(file));
  await timed("read 2000 pages", () => {
    const page = new Uint8Array(4096);
    let left = 2000;
    for (const { start, end } of dump.memory.ranges)
      for (let at = start; at < end && left > 0; at += 65_536n)
        if (dump.memory.read(at, page) === "read") left--;
  });
  const found = await timed("VMCOREINFO and the kernel's tables", () => findKernel(dump, {}));
  const symbols = await timed("kallsyms", () => findSymbols(found, []));
  await timed("BTF", () => findTypes(found, symbols, undefined, []));
  const kernel = await openKernel(dump);
  await timed("tasks", () => kernel.tasks());
  const processes = await timed("areas (VMAs)", (): Process[] => [...kernel.processes()]);
  await timed("swap devices", () => kernel.swapDevices());
  const scanner = await timed("compile the decoder, calibrate", () => scannerOf(kernel, dump.memory));
  await timed("page tables", () => {
    for (const one of processes) scanner.scan(one);
  });
  dump.close();
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: "string", default: "5" }, json: { type: "string" } },
  });
  const rounds = Number(values.rounds);
  if (positionals.length === 0 || !Number.isInteger(rounds) || rounds < 1) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const rows: { bytes: number; parts: readonly object[] }[] = [];
  for (const file of positionals) {
    const parts = new Map<string, Part>();
    for (let i = 0; i < rounds; i++) await round(file, parts);
    console.log(`${file}\n\n| part | CPU ms, median | peak MiB after it |\n| --- | --- | --- |`);
    const measured = [...parts.values()].map(({ part, cpuMs, peakMb }) => {
      const median = [...cpuMs].sort((a, b) => a - b)[Math.floor(cpuMs.length / 2)] ?? 0;
      console.log(`| ${part} | ${median.toFixed(1)} | ${peakMb.toFixed(0)} |`);
      return {
        part,
        cpuMs: Number(median.toFixed(1)),
        firstCpuMs: Number((cpuMs[0] ?? 0).toFixed(1)),
        peakMb: Math.round(peakMb),
      };
    });
    rows.push({ bytes: fs.statSync(file).size, parts: measured });
  }
  const machine = `${os.cpus()[0]?.model ?? "unknown CPU"}, ${os.cpus().length} cores, Node ${process.versions.node}`;
  if (values.json !== undefined)
    fs.writeFileSync(values.json, `${JSON.stringify({ machine, rounds, rows }, null, 2)}\n`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
