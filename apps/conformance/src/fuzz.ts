#!/usr/bin/env node
import { parseArgs } from "node:util";
import { loadAll, names } from "@ptekit/all";
import { subjectsOf } from "@ptekit/conformance-kit";
import { fuzz } from "./fuzz-words.ts";
import { startProgress } from "./progress.ts";

// `npm run fuzz -- --words N`: random words through both engines of @ptekit/bulk and core's scalar codec.

const USAGE = `Usage: npm run fuzz -- [--words N] [--seed N] [--arch NAME]

N random words (default 10^6) for every architecture, spread over its layouts: both engines must agree on all of
them, and with core's scalar codec on one in a thousand. Exit: 0 they agree; 1 they do not; 2 bad usage.`;

function optionsOf(): { words: number; seed: number; arch: string | undefined } | null {
  try {
    const { values } = parseArgs({
      options: { words: { type: "string" }, seed: { type: "string" }, arch: { type: "string" } },
    });
    const [words, seed] = [Number(values.words ?? 1e6), Number(values.seed ?? 1)];
    const known = values.arch === undefined || names.some((name) => name === values.arch);
    return Number.isSafeInteger(words) && words > 0 && Number.isSafeInteger(seed) && known
      ? { words, seed, arch: values.arch }
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
  const progress = startProgress();
  let failed = 0;
  for (const arch of (await loadAll()).filter(
    ({ name }) => options.arch === undefined || name === options.arch,
  )) {
    const subjects = subjectsOf(arch);
    const each = Math.ceil(options.words / subjects.length);
    const found: string[] = [];
    for (const { label, backend } of subjects) {
      progress.show(label);
      found.push(...(await fuzz(backend, each, options.seed)).map((sentence) => `${label}: ${sentence}`));
    }
    progress.stop();
    failed += found.length;
    console.log(
      `${arch.name}: ${each * subjects.length} words, ${subjects.length} layouts: ${found.length === 0 ? "agreed" : "FAILED"}`,
    );
    for (const sentence of found) console.log(`  ${sentence}`);
  }
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
