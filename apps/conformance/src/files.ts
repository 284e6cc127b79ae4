import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { PtekitError } from "@ptekit/core";

/** What a file holds: what macros computed, what page tables held, what became of single pages. */
export type FileKind = "vectors" | "live" | "life";

/** A file's name, as messages show it, and its text. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/**
 * The .json files of a folder, by name.
 *
 * @throws PtekitError `BAD_FILE` where the folder or a file in it cannot be read, or has no .json file.
 */
export function readFolder(folder: string): Source[] {
  const names = listFolder(folder).filter((name) => name.endsWith(".json"));
  if (names.length === 0) throw new PtekitError("BAD_FILE", `${folder} holds no .json file`);
  return names.map((name) => readSource(join(folder, name)));
}

function listFolder(folder: string): string[] {
  try {
    if (!statSync(folder).isDirectory()) throw new Error("not a folder");
    return readdirSync(folder).sort();
  } catch (error) {
    throw unreadable(folder, error);
  }
}

function readSource(path: string): Source {
  try {
    return { file: relative(process.cwd(), path) || path, text: readFileSync(path, "utf8") };
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): PtekitError {
  return new PtekitError(
    "BAD_FILE",
    `${path} cannot be read: ${error instanceof Error ? error.message : error}`,
  );
}

/** The files that stand in an architecture's folder of the repository; packages are published without them. */
export function packageFiles(arch: string, kind: FileKind): Source[] {
  const folder = fileURLToPath(new URL(`../../../packages/arch/${arch}/${kind}`, import.meta.url));
  return existsSync(folder) ? readFolder(folder) : [];
}
