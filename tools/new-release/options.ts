// What `npm run new-release --` accepts, read and refused in sentences.
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { messageOf } from "../common/errors.ts";

export const usage = `npm run new-release -- RELEASE --tree DIR --from DIR [options]

Holds a kernel tree against the newest one that was compared, at every file and symbol that the data cites, and says what
moved, whose data that is, and what a person has to read. Exit status: 0 where nothing moved, 1 where something did.

RELEASE           the release that DIR must be of: 7.4, or 7.4-rc3
--tree DIR        its tree, or the folder of Debian's linux-source package (/usr/src, or what dpkg -x made)
--from DIR        the newest one that was compared, likewise
--vectors WHICH   moved (not given: so too): ask the macros of each architecture of which something moved, as far as its
                  compiler is here; all: of every architecture; none
--out DIR         where vector files go (default: TMPDIR/ptekit-new-release/vectors)
--report FILE     write the report, as Markdown, there too
--work DIR        for unpacked sources and builds (default: TMPDIR/ptekit-new-release)
`;

/** A mistake in the command line. Its message is a sentence for the person who typed it. */
export class UsageError extends Error {}

export interface Options {
  readonly release: string;
  readonly tree: string;
  readonly from: string;
  readonly vectors: "moved" | "all" | "none";
  readonly out: string;
  readonly report: string | undefined;
  readonly work: string;
}

/** The options of one command line, checked; null where help is asked for. */
export function readOptions(args: readonly string[], tmpdir: string = os.tmpdir()): Options | null {
  const { values, positionals } = parsed(args);
  if (values.help) return null;
  const [release, ...more] = positionals;
  if (release === undefined || more.length > 0)
    throw new UsageError("one release is needed, as in npm run new-release -- 7.4 --tree DIR --from DIR");
  if (!/^\d+\.\d+(?:-rc\d+)?$/.test(release))
    throw new UsageError(`${JSON.stringify(release)} is no mainline release, as 7.4 and 7.4-rc3 are`);
  const { tree, from, vectors = "moved", report } = values;
  if (tree === undefined) throw new UsageError(`the tree of ${release} is needed: --tree DIR`);
  if (from === undefined) throw new UsageError("the newest tree that was compared is needed: --from DIR");
  if (vectors !== "moved" && vectors !== "all" && vectors !== "none")
    throw new UsageError(`--vectors is moved, all or none, not ${JSON.stringify(vectors)}`);
  const work = path.resolve(values.work ?? path.join(tmpdir, "ptekit-new-release"));
  return { release, tree, from, vectors, report, work, out: values.out ?? path.join(work, "vectors") };
}

const accepted = {
  tree: { type: "string" },
  from: { type: "string" },
  vectors: { type: "string" },
  out: { type: "string" },
  report: { type: "string" },
  work: { type: "string" },
  help: { type: "boolean" },
} as const;

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: accepted, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError(messageOf(error).split(". ")[0]);
  }
}
