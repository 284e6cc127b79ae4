// npm run test:fleet: the queries of docs/fleet.md, with the real engine, on fifty scans of real dumps.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { openDumpFile } from "@ptekit/dump/node";
import { openKernel } from "@ptekit/introspect";
import { scanLines } from "../../apps/cli/src/scan/lines.ts";
import { FAULTS, tablesOfProcess, withFault } from "../../packages/introspect/test/faults.ts";
import { messageOf } from "../common/errors.ts";

const SCANS = 50;
const root = fileURLToPath(new URL("../../", import.meta.url));
const dumps = ["amd64-6.1", "arm64-5.10", "riscv64-7.2"];

interface Line {
  readonly pid?: number;
  readonly comm: string;
  readonly kernel: string;
  readonly swap: Readonly<Record<string, number>>;
  readonly markers: Readonly<Record<string, number>>;
  readonly suspicious: readonly { readonly kind: string }[];
}

type Row = Readonly<Record<string, unknown>>;

/** Fifty scans: each dump as it is, then each again and again with another fault in its tables. */
async function makeScans(folder: string): Promise<Map<string, Line[]>> {
  const scans = new Map<string, Line[]>();
  const kinds = Object.keys(FAULTS);
  let state = 1;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * Math.max(1, limit));
  };
  for (let i = 0; scans.size < SCANS; i++) {
    const name = dumps[i % dumps.length] as string;
    const dump = await openDumpFile(path.join(root, "packages/introspect/test/dumps", `${name}.kdump`));
    const kernel = await openKernel(dump);
    const tables = [...kernel.processes()].map((process) => tablesOfProcess(kernel, dump.memory, process));
    const make = FAULTS[kinds[i % kinds.length] as string] as (typeof FAULTS)[string];
    const fault = i < dumps.length ? { kind: "none", patches: [] } : make(kernel, tables, below, dump.memory);
    if (fault !== null) {
      const file = path.join(folder, `host-${String(scans.size).padStart(2, "0")}.jsonl`);
      const lines = await scanLines({ ...dump, memory: withFault(dump.memory, fault) }, kernel);
      fs.writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
      scans.set(file, lines as unknown as Line[]);
    }
    dump.close();
  }
  return scans;
}

/** What each query must give, worked out from the scans without an engine. */
function expected(scans: ReadonlyMap<string, readonly Line[]>): Record<string, string[]> {
  const files = [...scans].map(
    ([file, lines]) => [file, lines.filter(({ pid }) => pid !== undefined)] as const,
  );
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((a, b) => a + b, 0);
  const markers = files.flatMap(([file, lines]) => {
    const count = lines.reduce((total, line) => total + (line.markers["uffd-wp"] ?? 0), 0);
    return count > 0 ? [`${path.basename(file)} ${lines[0]?.kernel} ${count}`] : [];
  });
  const kinds = new Map<string, { entries: number; dumps: Set<string> }>();
  const swap = new Map<string, { processes: number; slots: number }>();
  for (const [file, lines] of files)
    for (const { kernel, comm, suspicious, swap: slots } of lines) {
      const one = swap.get(comm) ?? { processes: 0, slots: 0 };
      swap.set(comm, { processes: one.processes + 1, slots: one.slots + sum(slots) });
      for (const { kind } of suspicious) {
        const found = kinds.get(`${kernel} ${kind}`) ?? { entries: 0, dumps: new Set() };
        found.dumps.add(file);
        kinds.set(`${kernel} ${kind}`, { ...found, entries: found.entries + 1 });
      }
    }
  return {
    markers: markers.sort(),
    kinds: [...kinds].map(([key, found]) => `${key} ${found.entries} ${found.dumps.size}`).sort(),
    swap: [...swap].map(([comm, { processes, slots }]) => `${comm} ${processes} ${slots}`).sort(),
  };
}

/** DuckDB's package for Node, from npm, in a folder of its own: it is no dependency of anything published. */
async function duckdb(folder: string): Promise<(sql: string) => Promise<Row[]>> {
  fs.writeFileSync(path.join(folder, "package.json"), '{"private":true}');
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--silent", "@duckdb/node-api"], {
    cwd: folder,
    stdio: "inherit",
  });
  const { DuckDBInstance } = createRequire(path.join(folder, "x.js"))("@duckdb/node-api");
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  return async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
}

async function main(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-fleet-"));
  try {
    const place = path.join(folder, "scans");
    fs.mkdirSync(place);
    const scans = await makeScans(place);
    const query = await duckdb(folder);
    const page = fs.readFileSync(path.join(root, "docs/fleet.md"), "utf8");
    const wanted = expected(scans);
    for (const [, name, sql = ""] of page.matchAll(/```sql ?(\w*)\n([\s\S]*?)```/g)) {
      const here = sql.replaceAll("scans/*", `${place}/*`);
      if (name === "") {
        for (const statement of here.split(/;\s*\n/).filter((text) => text.trim())) await query(statement);
        continue;
      }
      const rows = await query(here);
      const got = rows
        .map((row) =>
          Object.values(row)
            .map((value) => path.basename(String(value)))
            .join(" "),
        )
        .sort();
      const want = wanted[name as string];
      if (JSON.stringify(got) !== JSON.stringify(want))
        throw new Error(`${name}: DuckDB gives\n${got.join("\n")}\nand the scans have\n${want?.join("\n")}`);
      console.log(`${name}: ${rows.length} rows, as the scans have them`);
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  console.error(`test:fleet: ${messageOf(error)}`);
  process.exitCode = 1;
}
