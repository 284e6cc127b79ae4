import fs from "node:fs";
import { PtekitError } from "@ptekit/core";

/** Bytes read at once: fewer and larger reads cost less than what a smaller block gains in cache. */
export const READ_BYTES = 1048576;

/** An open file; plain data, so that workers can have it. */
export interface OpenFile {
  readonly fd: number;
  /** In messages. */
  readonly name: string;
  /** How many bytes to read, from the start; null for what is read as it comes, to its end. */
  readonly size: number | null;
  /** What a plain file said of its size; null for a pipe, a terminal or a device. */
  readonly stated: number | null;
  /** Whether we opened it, and close it. */
  readonly ours: boolean;
}

/**
 * Opens a file; a number is a descriptor, which stays open.
 *
 * @throws PtekitError `BAD_FILE` where it cannot be opened or is a directory.
 */
export function openFile(file: string | number): OpenFile {
  const ours = typeof file !== "number";
  const name = ours ? file : file === 0 ? "standard input" : `descriptor ${file}`;
  const fd = ours ? guarded(name, () => fs.openSync(file, "r")) : file;
  const stat = guarded(name, () => fs.fstatSync(fd));
  const stated = stat.isFile() ? stat.size : null;
  // Files of /proc say 0, those of /sys a page; a descriptor may stand anywhere in its file: such are read to their end.
  const opened = {
    fd,
    name,
    size: ours && stated !== null && stated > READ_BYTES ? stated : null,
    stated,
    ours,
  };
  if (stat.isDirectory()) {
    closeFile(opened);
    throw new PtekitError("BAD_FILE", `${name} is a directory`);
  }
  return opened;
}

export function closeFile({ fd, ours }: OpenFile): void {
  if (ours) fs.closeSync(fd);
}

/** Fills `into` from byte `position` on; returns how many bytes there were. */
export function readAt(file: OpenFile, into: Uint8Array, position: number): number {
  let filled = 0;
  while (filled < into.length) {
    const at = filled;
    const got = guarded(file.name, () => fs.readSync(file.fd, into, at, into.length - at, position + at));
    if (got === 0) break;
    filled += got;
  }
  return filled;
}

/** Fills `into` with what comes next, also from a pipe; fewer bytes only at the end. */
export async function readNext(file: OpenFile, into: Uint8Array): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const got = await readSome(file, into, filled);
    if (got === 0) break;
    filled += got;
  }
  return filled;
}

function readSome(file: OpenFile, into: Uint8Array, from: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.read(file.fd, into, from, into.length - from, null, (error, got) => {
      // A descriptor that does not block, such as a terminal's, has nothing yet.
      if (error?.code === "EAGAIN") setTimeout(() => resolve(readSome(file, into, from)), 10);
      else if (error?.code === "EOF") resolve(0);
      else if (error) reject(unreadable(file.name, error));
      else resolve(got);
    });
  });
}

/** Refuses a file that is not what it was when it was opened. */
export function checkUnchanged(file: OpenFile): void {
  const size = guarded(file.name, () => fs.fstatSync(file.fd).size);
  if (file.stated !== null && size !== file.stated) throw changed(file, size);
}

/** The error for a file whose length changed while it was read. */
export const changed = (file: OpenFile, size: number): PtekitError =>
  new PtekitError(
    "BAD_FILE",
    `${file.name} changed while it was read: ${file.stated} bytes at first, ${size} at last`,
  );

function guarded<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof PtekitError ? error : unreadable(name, error);
  }
}

const unreadable = (name: string, error: unknown): PtekitError =>
  new PtekitError(
    "BAD_FILE",
    `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
  );
