import { closeSync, openSync, readSync } from "node:fs";
import { reasonOf, UsageError } from "./errors.ts";
import { pause } from "./output.ts";

/** Sixty times the largest .config there is. */
const LARGEST = 1 << 24;

// `diff` asks for two sides: a pipe, as of <(…), can be read once.
const texts = new Map<string, string>();

/**
 * The text of a .config, unpacked where it is /proc/config.gz or its like.
 *
 * @throws UsageError where it cannot be read, is empty, or is larger than any.
 */
export function configText(file: string): string {
  const known = texts.get(file);
  if (known !== undefined) return known;
  const bytes = unpacked(file, readAll(file));
  if (bytes.length === 0) throw new UsageError(`${file} is empty: a .config has a line for every symbol`);
  const text = bytes.toString("utf8");
  texts.set(file, text);
  return text;
}

const tooLarge = (file: string): UsageError =>
  new UsageError(`${file} has more than ${LARGEST >> 20} MiB: that is no .config`);

function readAll(file: string): Buffer {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    const fd = openSync(file, "r");
    try {
      for (;;) {
        const part = Buffer.allocUnsafe(1 << 16);
        const got = readSome(fd, part);
        if (got === 0) return Buffer.concat(parts);
        parts.push(part.subarray(0, got));
        size += got;
        if (size > LARGEST) throw tooLarge(file);
      }
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`cannot read ${file}: ${reasonOf(error)}`);
  }
}

function readSome(fd: number, into: Buffer): number {
  for (;;) {
    try {
      return readSync(fd, into, 0, into.length, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      pause();
    }
  }
}

/** What else a .config may be wrapped in, by its first bytes. */
const WRAPPED: readonly (readonly [what: string, first: readonly number[]])[] = [
  ["packed by xz", [0xfd, 0x37, 0x7a]],
  ["packed by zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["packed by bzip2", [0x42, 0x5a, 0x68]],
  ["UTF-16", [0xff, 0xfe]],
  ["UTF-16", [0xfe, 0xff]],
  ["a program or a kernel image", [0x7f, 0x45, 0x4c, 0x46]],
];

function unpacked(file: string, bytes: Buffer): Buffer {
  const begins = (first: readonly number[]): boolean => first.every((byte, i) => bytes[i] === byte);
  const what = WRAPPED.find(([, first]) => begins(first))?.[0];
  if (what !== undefined)
    throw new UsageError(`${file} is ${what}: --config-file takes text, or what gzip packed`);
  if (!begins([0x1f, 0x8b])) return bytes;
  const { gunzipSync } = process.getBuiltinModule("node:zlib");
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(file);
    throw new UsageError(`${file} is packed by gzip, and broken: ${code ?? String(error)}`);
  }
}
