// npm run faults: puts faults into the page tables of dumps, one at a time, and counts how many a scan finds.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openDumpFile } from "@ptekit/dump/node";
import { openKernel, scannerOf } from "@ptekit/introspect";
import { FAULTS, tablesOfProcess, withFault, withMemory } from "../../packages/introspect/test/faults.ts";
import { messageOf } from "../common/errors.ts";

const usage = `npm run faults -- [--each N] [--seed N] [--out FILE] [DUMP…]
Puts N faults of each kind (default: 20) into the page tables of each dump, one at a time, scans, and prints a table of what
was found and missed, and of what the dumps say without a fault. Without a dump: the three in the tests, which are cut to
what a scan read before there were struct pages in it. --out writes the table to a file.`;

/** Found, and made. */
type Score = [found: number, made: number];

function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % Math.max(1, below);
  };
}

async function judge(
  file: string,
  each: number,
  seed: number,
  kinds: Map<string, Score>,
  bits: Map<string, Score>,
): Promise<string> {
  const dump = await openDumpFile(file);
  try {
    const kernel = await openKernel(dump);
    const processes = [...kernel.processes()];
    const scan = async (memory: typeof dump.memory): Promise<number> => {
      const scanner = await scannerOf(withMemory(kernel, memory), memory);
      return processes.reduce((sum, process) => sum + scanner.scan(process).suspicions, 0);
    };
    const alarms = await scan(dump.memory);
    const tables = processes.map((process) => tablesOfProcess(kernel, dump.memory, process));
    const below = random(seed);
    let made = 0;
    for (const [kind, make] of Object.entries(FAULTS)) {
      const score = kinds.get(kind) ?? [0, 0];
      kinds.set(kind, score);
      for (let i = 0, of = 0; of < each && i < 4 * each; i++) {
        const fault = make(kernel, tables, below, dump.memory);
        if (fault === null) continue;
        of++;
        made++;
        const found = (await scan(withFault(dump.memory, fault))) > alarms ? 1 : 0;
        for (const counts of [
          score,
          ...(fault.what === undefined ? [] : [rowOf(bits, `${kind}; ${fault.what}`)]),
        ]) {
          counts[0] += found;
          counts[1]++;
        }
      }
    }
    return `| ${kernel.release} | ${processes.length} | ${alarms} | ${made} |`;
  } finally {
    dump.close();
  }
}

function rowOf(scores: Map<string, Score>, key: string): Score {
  const score = scores.get(key) ?? [0, 0];
  scores.set(key, score);
  return score;
}

const rows = (scores: ReadonlyMap<string, Score>): string[] =>
  [...scores].map(([kind, [found, made]]) => `| ${kind} | ${made} | ${found} | ${made - found} |`);

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      each: { type: "string", default: "20" },
      seed: { type: "string", default: "1" },
      out: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const [each, seed] = [Number(values.each), Number(values.seed)];
  if (!Number.isInteger(each) || each < 1 || !Number.isInteger(seed))
    throw new Error("--each and --seed are whole numbers");
  const own = fileURLToPath(new URL("../../packages/introspect/test/dumps/", import.meta.url));
  const dumps =
    positionals.length > 0
      ? positionals
      : fs.readdirSync(own).flatMap((name) => (name.endsWith(".kdump") ? [path.join(own, name)] : []));
  const kinds = new Map<string, Score>();
  const bits = new Map<string, Score>();
  const heads: string[] = [];
  for (const [i, dump] of dumps.entries()) {
    heads.push(await judge(dump, each, seed + i, kinds, bits));
    console.error(heads.at(-1));
  }
  const sorted = new Map([...bits].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true })));
  const text = [
    "| dump of | processes | suspicious without a fault | faults put in |",
    "| --- | --- | --- | --- |",
    ...heads,
    "",
    "| fault | made | found | missed |",
    "| --- | --- | --- | --- |",
    ...rows(kinds),
    "",
    "| flipped bit, by what it was | made | found | missed |",
    "| --- | --- | --- | --- |",
    ...rows(
      new Map(
        [...sorted]
          .filter(([key]) => key.startsWith("flipped bit of an entry"))
          .map(([key, score]) => [key.replace("flipped bit of an entry; ", ""), score]),
      ),
    ),
    "",
  ].join("\n");
  if (values.out !== undefined) fs.writeFileSync(values.out, text);
  console.log(text);
}

main().catch((error: unknown) => {
  console.error(`faults: ${messageOf(error)}`);
  process.exitCode = 1;
});
