import { closeSync, openSync, readSync } from "node:fs";
import { PtekitError } from "@ptekit/core";
import { errnoOf, reasonOf, UsageError } from "./errors.ts";
import { pause } from "./output.ts";

/**
 * A log, a block at a time: a file, or standard input for `-`. What gzip packed is unpacked, what zstd did where Node can
 * (from 22.15 on), and UTF-16 is read as such.
 */
export async function* logBytes(path: string): AsyncGenerator<Uint8Array> {
  const name = path === "-" ? "standard input" : path;
  try {
    const fd = path === "-" ? 0 : openSync(path, "r");
    try {
      yield* unpacked(rawBlocks(fd));
    } finally {
      if (fd !== 0) closeSync(fd);
    }
  } catch (error) {
    if (error instanceof PtekitError || error instanceof UsageError) throw error;
    throw new UsageError(`cannot read ${name}: ${reasonOf(error)}`);
  }
}

function* rawBlocks(fd: number): Generator<Uint8Array> {
  for (;;) {
    const buffer = Buffer.allocUnsafe(1 << 16);
    const size = readSome(fd, buffer);
    if (size === 0) return;
    yield buffer.subarray(0, size);
  }
}

const GZIP = [0x1f, 0x8b];
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];
/** What is refused by name: Node cannot unpack it. */
const PACKED: readonly (readonly [by: string, first: readonly number[]])[] = [
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["zstd", ZSTD],
];
const UTF_16: readonly (readonly [name: string, first: readonly number[]])[] = [
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

async function* unpacked(blocks: Generator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const first = blocks.next();
  if (first.done) return;
  const whole = function* (): Generator<Uint8Array> {
    yield first.value;
    yield* blocks;
  };
  const begins = (bytes: readonly number[]): boolean => bytes.every((byte, i) => first.value[i] === byte);
  const zlib = (): Promise<{
    createGunzip(): NodeJS.ReadWriteStream;
    createZstdDecompress?(): NodeJS.ReadWriteStream;
  }> => import("node:zlib");
  if (begins(GZIP)) {
    yield* through(whole(), (await zlib()).createGunzip());
    return;
  }
  if (begins(ZSTD)) {
    const stream = (await zlib()).createZstdDecompress?.();
    if (stream !== undefined) {
      yield* through(whole(), stream);
      return;
    }
  }
  const packed = PACKED.find(([, bytes]) => begins(bytes));
  if (packed) throw new UsageError(`the log is packed by ${packed[0]}: unpack it first (${packed[0]} -dc)`);
  const utf16 = UTF_16.find(([, bytes]) => begins(bytes));
  if (utf16) {
    const decoder = new TextDecoder(utf16[0]);
    for (const block of whole()) yield Buffer.from(decoder.decode(block, { stream: true }));
    return;
  }
  yield* whole();
}

async function* through(
  blocks: Generator<Uint8Array>,
  stream: NodeJS.ReadWriteStream,
): AsyncGenerator<Uint8Array> {
  const { Readable } = await import("node:stream");
  for await (const part of Readable.from(blocks).pipe(stream)) yield part as unknown as Uint8Array;
}

/** The lines of standard input, a block of them at a time, as they come. */
export function* stdinLines(): Generator<readonly string[]> {
  let rest = "";
  try {
    for (const block of blocks(0)) {
      const lines = (rest + block).split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > LONGEST_LINE) {
        throw new UsageError(
          `standard input has a line of more than ${LONGEST_LINE} characters: that is no list of words`,
        );
      }
      yield lines;
    }
  } catch (error) {
    if (errnoOf(error) === "") throw error;
    throw new UsageError(`cannot read standard input: ${reasonOf(error)}`);
  }
  if (rest !== "") yield [rest];
}

const LONGEST_LINE = 1_000_000;

function* blocks(fd: number): Generator<string> {
  const buffer = Buffer.allocUnsafe(1 << 16);
  const decoder = new TextDecoder();
  for (;;) {
    const size = readSome(fd, buffer);
    if (size === 0) break;
    yield decoder.decode(buffer.subarray(0, size), { stream: true });
  }
  yield decoder.decode();
}

function readSome(fd: number, buffer: Buffer): number {
  for (;;) {
    try {
      return readSync(fd, buffer, 0, buffer.length, null);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      pause();
    }
  }
}
