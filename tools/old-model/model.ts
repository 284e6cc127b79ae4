// packages/uffd-wp of an old commit, to run beside today's.
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { LifeSequence } from "@ptekit/conformance-kit";
import type { ArchBackend } from "@ptekit/core";
import { run } from "../common/run.ts";

/** The last commit whose model was written by reading alone. */
export const FIRST = "166d84d";

/** The commit with the first life files, and the first replay(). */
export const REPLAY = "7f75a08";

/** The repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

const SOURCES = "packages/uffd-wp/src";

const git = (...args: string[]): string => run("git", args, { cwd: root });

/** Whether the history that is here goes back so far. */
export function hasCommit(commit: string): boolean {
  try {
    git("cat-file", "-e", `${commit}^{commit}`);
    return true;
  } catch {
    return false;
  }
}

/** What the model of that commit makes of a sequence, step by step: verdicts as replay() gives them. */
export async function modelAt(
  commit: string,
): Promise<(backend: ArchBackend, sequence: LifeSequence) => string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "old-model-"));
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  for (const file of git("ls-tree", "-r", "--name-only", commit, SOURCES).trim().split("\n")) {
    const to = path.join(folder, file);
    mkdirSync(path.dirname(to), { recursive: true });
    writeFileSync(to, git("show", `${commit}:${file}`));
  }
  // The old model did not follow when memory was mapped: what pagemap says of that is not held against it.
  const held = git("show", `${REPLAY}:${SOURCES}/replay.ts`)
    .split("\n")
    .filter((line) => !line.includes("newMapping"));
  const replayFile = path.join(folder, SOURCES, "replay.ts");
  writeFileSync(replayFile, held.join("\n"));
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
  const { replay } = await import(pathToFileURL(replayFile).href);
  return (backend, sequence) => {
    try {
      return replay(backend, sequence).map(({ verdict }: { verdict: string }) => verdict);
    } catch {
      // begin() refuses a kind of memory or a feature that it does not know.
      return ["not modelled"];
    }
  };
}
