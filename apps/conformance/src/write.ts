import { lstatSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { PtekitError } from "@ptekit/core";

/**
 * Writes a file whole or not at all; what is there already and no plain file (a pipe, a terminal, a link) is written as it
 * stands.
 *
 * @throws PtekitError `BAD_FILE`.
 */
export function writeWhole(file: string, text: string): void {
  // Of a name that nobody foresees, and refused where it is there: another's file, or a link, is not written to.
  const draft = isPlain(file) ? `${file}.${process.pid}-${Math.random().toString(36).slice(2)}.part` : null;
  try {
    if (draft === null) writeFileSync(file, text);
    else {
      writeFileSync(draft, text, { flag: "wx" });
      renameSync(draft, file);
    }
  } catch (error) {
    if (draft !== null) rmSync(draft, { force: true });
    throw new PtekitError(
      "BAD_FILE",
      `${file} cannot be written: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** A file, or nothing yet: neither a pipe nor a terminal nor a link to one. */
export function isPlain(path: string): boolean {
  try {
    return lstatSync(path).isFile();
  } catch {
    return true;
  }
}
