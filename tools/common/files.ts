// Files that people name, and files that are written: whole, or not at all.
import fs from "node:fs";
import path from "node:path";
import { messageOf } from "./errors.ts";

/** The text of a file. Throws a sentence that names it. */
export function readText(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`${file} cannot be read: ${reason(error)}`);
  }
}

/** Throws a sentence where no file can be written into a directory that is there, or can be made. */
export function requireWritable(directory: string): void {
  let existing = path.resolve(directory);
  while (!fs.existsSync(existing)) existing = path.dirname(existing);
  if (!fs.statSync(existing).isDirectory())
    throw new Error(`nothing can be written to ${directory}: ${existing} is a file`);
  try {
    fs.accessSync(existing, fs.constants.W_OK);
  } catch (error) {
    throw new Error(`nothing can be written to ${directory}: ${reason(error)}`);
  }
}

/** Writes a file under its name only once all of it is there. */
export function writeWhole(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const partial = `${file}.partial`;
  fs.writeFileSync(partial, text);
  fs.renameSync(partial, file);
}

// "ENOENT: no such file or directory, open 'x'", less its code and its call.
function reason(error: unknown): string | undefined {
  return messageOf(error)
    .replace(/^\w+: /, "")
    .split(",")[0];
}
