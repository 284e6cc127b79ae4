// npm run new-release: what a kernel release moved of what the data says. See CONTRIBUTING.md.

import type { Architecture } from "@ptekit/core";
import { NEWEST_RELEASE } from "@ptekit/core";
import { loadArchitectures } from "../common/architectures.ts";
import { messageOf } from "../common/errors.ts";
import { requireWritable, writeWhole } from "../common/files.ts";
import type { Asked } from "./ask-macros.ts";
import { askMacros } from "./ask-macros.ts";
import { citedFiles } from "./cited.ts";
import type { Comparison } from "./compare.ts";
import { compare } from "./compare.ts";
import type { Options } from "./options.ts";
import { readOptions, UsageError, usage } from "./options.ts";
import { reportText, touched } from "./report.ts";
import type { Tree } from "./tree.ts";
import { openTree } from "./tree.ts";
import { unknownArchitectures } from "./unknown.ts";

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) console.log(usage);
  else process.exitCode = await main(options);
} catch (error) {
  console.error(`new-release: ${messageOf(error)}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

/** The exit status. */
async function main(options: Options): Promise<number> {
  const started = Date.now();
  if (options.report !== undefined) requireWritable(`${options.report}/..`);
  const [from, to] = [openTree(options.from, options.work), openTree(options.tree, options.work)];
  if (to.release !== options.release)
    throw new UsageError(`${options.tree} is the tree of ${to.release}, not of ${options.release}`);
  if (from.release === to.release)
    throw new UsageError(`--from and --tree are both of ${to.release}: nothing can have moved`);
  const archs = [...(await loadArchitectures()).values()].filter(({ removed }) => removed === undefined);
  const comparison = compare(citedFiles(archs), from, to);
  const seconds = Math.round((Date.now() - started) / 1000);
  const asked = [...asking(archs, comparison, to, options)];
  const text = reportText({
    ...comparison,
    release: to.release,
    from: from.release,
    newest: NEWEST_RELEASE,
    archs: archs.map(({ name }) => name),
    unknown: unknownArchitectures(archs, to),
    asked,
    seconds,
  });
  if (options.report !== undefined) writeWhole(options.report, text);
  console.log(text);
  const isWrong = asked.some(({ rows, problems }) => rows !== null && problems.length > 0);
  return comparison.moved.length > 0 || isWrong ? 1 : 0;
}

/** The macros of every architecture that is to be asked, one variant after the other. */
function* asking(
  archs: readonly Architecture[],
  comparison: Comparison,
  { path }: Tree,
  { vectors, out, work }: Options,
): Generator<Asked> {
  if (vectors === "none" || path === null) return;
  requireWritable(out);
  const names = touched(comparison);
  for (const arch of archs.filter(({ name }) => vectors === "all" || names.includes(name)))
    for (const one of askMacros(arch, path, { out, work })) {
      console.error(`${one.arch} ${one.variant}: ${one.rows ?? "no"} rows in ${one.seconds} s`);
      yield one;
    }
}
