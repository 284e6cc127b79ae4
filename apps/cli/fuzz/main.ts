#!/usr/bin/env node
import fs from "node:fs";
import { parseArgs } from "node:util";
import build from "../test/build.ts";
import type { Case } from "./case.ts";
import { caseOf } from "./grammar.ts";
import { faultsOf } from "./run.ts";

// `npm run fuzz:cli`: command lines, files, pipes, limits and signals made from a grammar, against the built command.

const USAGE = `Usage: npm run fuzz:cli -- [--seconds N] [--seed N] [--keep FILE] [--command FILE]

Runs the built command with command lines, files, pipes, limits and signals that a grammar makes, for so long (default an
hour), from a seed on; another build of it with --command. Each must end, with exit status 0, 1 or 2 and a sentence, no stack trace, no control character, and
no file changed that it was not told to write. What does not is printed, and added to --keep (a corpus; default: not kept).
Exit: 0 none; 1 some; 2 bad usage.`;

function optionsOf(): {
  seconds: number;
  seed: number;
  keep: string | undefined;
  command: string | undefined;
} | null {
  try {
    const text = { type: "string" } as const;
    const { values } = parseArgs({ options: { seconds: text, seed: text, keep: text, command: text } });
    const [seconds, seed] = [Number(values.seconds ?? 3600), Number(values.seed ?? 1)];
    return seconds > 0 && Number.isSafeInteger(seed)
      ? { seconds, seed, keep: values.keep, command: values.command }
      : null;
  } catch {
    return null;
  }
}

async function main(): Promise<number> {
  const options = optionsOf();
  if (options === null) {
    console.error(USAGE);
    return 2;
  }
  if (options.command === undefined) build();
  const end = Date.now() + options.seconds * 1000;
  const found: Case[] = [];
  let runs = 0;
  for (let seed = options.seed; Date.now() < end; seed++) {
    const one = await caseOf(seed);
    const faults = await faultsOf(one, options.command);
    runs++;
    if (faults.length > 0) {
      found.push(one);
      console.log(`seed ${seed}: ${faults.join("; ")}\n  ${JSON.stringify(one.args).slice(0, 300)}`);
    }
    if (runs % 500 === 0) console.log(`${runs} runs, ${found.length} with faults`);
  }
  console.log(`${runs} runs from seed ${options.seed} on, ${found.length} with faults`);
  if (options.keep !== undefined && found.length > 0) {
    const kept: Case[] = fs.existsSync(options.keep) ? JSON.parse(fs.readFileSync(options.keep, "utf8")) : [];
    fs.writeFileSync(options.keep, `${JSON.stringify([...kept, ...found], null, 1)}\n`);
  }
  return found.length === 0 ? 0 : 1;
}

process.exitCode = await main();
