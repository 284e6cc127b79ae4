import fs from "node:fs";
import { reasonOf, UsageError } from "./errors.ts";

/** Writes a file whole or not at all: beside its place first, then renamed into it. */
export function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    fs.writeFileSync(draft, text, { flag: "wx" });
    fs.renameSync(draft, path);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`);
  }
}
