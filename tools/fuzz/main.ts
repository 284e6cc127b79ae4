// npm run fuzz:dump: dumps of real kernels, tampered with, for so long; each must end in an answer or in a sentence.
import { type ChildProcess, fork } from "node:child_process";
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { caseOf, type HostileCase, type HostileOutcome } from "../../packages/introspect/test/hostile.ts";

const USAGE = `npm run fuzz:dump -- [--seconds N] [--seed N] [--keep FILE]
Changes the dumps that the tests of @ptekit/dump and @ptekit/introspect have: headers, lengths, bitmaps and pages of the file;
in memory kallsyms, BTF, tasks, maple nodes, lists, page tables, by what a scan reads of them. For so long (default an hour), from
a seed on, in a process of its own with 1 GiB of heap. Each must end within a minute and a GiB, in an answer or in an error with a code.
What does not is printed, and added to --keep (a corpus; default: not kept). Exit: 0 none; 1 some; 2 bad usage.`;
const MOST_SECONDS = 60;
const MOST_BYTES = 2 ** 31;

/** What the process that runs cases says of one. */
export interface Told {
  readonly outcome: HostileOutcome;
  readonly cpuMs: number;
  readonly peakBytes: number;
}

function start(): ChildProcess {
  return fork(fileURLToPath(new URL("child.ts", import.meta.url)), {
    execArgv: [...process.execArgv, "--max-old-space-size=1024"],
  });
}

/** What came of a case; `child` is gone where it took too long, or ended itself. */
function told(child: ChildProcess, one: HostileCase): Promise<Told> {
  return new Promise((resolve) => {
    const done = (result: Told): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(result);
    };
    const fault = (what: string): Told => ({
      outcome: { said: "nothing", faults: [what] },
      cpuMs: 0,
      peakBytes: 0,
    });
    const timer = setTimeout(
      () => {
        child.kill("SIGKILL");
        done(fault(`it took more than ${MOST_SECONDS} s`));
      },
      8 * MOST_SECONDS * 1000,
    );
    child.once("message", (result) => done(result as Told));
    child.once("exit", (status, signal) => done(fault(`the process ended: ${signal ?? status}`)));
    child.send(one);
  });
}

async function main(): Promise<number> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: { seconds: text, seed: text, keep: text, help: { type: "boolean" } },
  });
  const [seconds, first] = [Number(values.seconds ?? 3600), Number(values.seed ?? 1)];
  if (values.help || !(seconds > 0) || !Number.isSafeInteger(first)) {
    console.error(USAGE);
    return 2;
  }
  const end = Date.now() + seconds * 1000;
  const counts = new Map<string, number>();
  const found: HostileCase[] = [];
  let child = start();
  let runs = 0;
  let slowest = 0;
  let largest = 0;
  for (let seed = first; Date.now() < end; seed++) {
    const one = await caseOf(seed);
    const { outcome, cpuMs, peakBytes } = await told(child, one);
    if (!child.connected || child.killed) child = start();
    runs++;
    slowest = Math.max(slowest, cpuMs);
    largest = Math.max(largest, peakBytes);
    const faults = [
      ...outcome.faults,
      ...(cpuMs > MOST_SECONDS * 1000 ? [`it took ${Math.round(cpuMs)} ms of CPU time`] : []),
    ];
    const key = `${one.of}, ${one.way}: ${outcome.said}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (faults.length > 0) {
      found.push(one);
      console.log(
        `seed ${seed}: ${faults.join("; ").slice(0, 2000)}\n  ${JSON.stringify(one).slice(0, 600)}`,
      );
    }
    if (peakBytes > MOST_BYTES) {
      console.log(
        `seed ${seed}: the process takes ${Math.round(peakBytes / 2 ** 20)} MiB; another is started`,
      );
      child.kill();
      child = start();
    }
    if (runs % 100 === 0) console.log(`${runs} runs, ${found.length} with faults`);
  }
  child.kill();
  console.log(
    `${runs} runs from seed ${first} on, ${found.length} with faults; slowest ${Math.round(slowest)} ms of CPU time, peak ${Math.round(largest / 2 ** 20)} MiB`,
  );
  for (const [key, count] of [...counts].sort()) console.log(`  ${key}: ${count}`);
  if (values.keep !== undefined && found.length > 0) {
    const before = fs.existsSync(values.keep) ? JSON.parse(fs.readFileSync(values.keep, "utf8")) : [];
    fs.writeFileSync(values.keep, `${JSON.stringify([...before, ...found], null, 1)}\n`);
  }
  return found.length === 0 ? 0 : 1;
}

process.exitCode = await main();
