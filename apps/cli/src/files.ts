import fs from "node:fs";
import path from "node:path";
import { reasonOf, UsageError } from "./errors.ts";

/**
 * Writes a file whole or not at all: beside its place first, then renamed into it, with the mode of what was there. Through
 * a link it is the linked file that is written. A device, a pipe, and a file that has other names or another owner keep
 * what they are: they are written as they stand.
 */
export function writeWhole(name: string, text: string): void {
  try {
    const place = placeOf(name);
    const before = fs.statSync(place, { throwIfNoEntry: false });
    if (before === undefined) replace(place, text, 0o666 & ~process.umask());
    else if (keepsItsInode(before)) fs.writeFileSync(place, text);
    else {
      // A folder lets one replace a file that one may not write.
      fs.accessSync(place, fs.constants.W_OK);
      replace(place, text, before.mode & 0o7777);
    }
  } catch (error) {
    throw new UsageError(`cannot write ${name}: ${reasonOf(error)}`);
  }
}

/** Where links lead, to a file that is not there yet too. */
function placeOf(name: string): string {
  let place = name;
  // As many as the kernel follows.
  for (let i = 0; i < 40; i++) {
    const link = fs.lstatSync(place, { throwIfNoEntry: false });
    if (!link?.isSymbolicLink()) return place;
    place = path.resolve(path.dirname(place), fs.readlinkSync(place));
  }
  throw Object.assign(new Error(), { code: "ELOOP" });
}

function keepsItsInode(file: fs.Stats): boolean {
  return (
    !file.isFile() || file.nlink > 1 || file.uid !== process.getuid?.() || file.gid !== process.getgid?.()
  );
}

function replace(place: string, text: string, mode: number): void {
  const draft = `${place}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`;
  try {
    // Refused where somebody put a file or a link of that name there.
    fs.writeFileSync(draft, text, { flag: "wx" });
    fs.chmodSync(draft, mode);
    fs.renameSync(draft, place);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw error;
  }
}
