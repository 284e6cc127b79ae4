import { closeSync, openSync, readSync } from "node:fs";
import { PtekitError } from "@ptekit/core";
import { errnoOf, reasonOf, UsageError } from "./errors.ts";
import type { Wanted } from "./other-file.ts";
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
      yield* unpacked(name, rawBlocks(fd));
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
const UTF_16: readonly (readonly [name: string, first: readonly number[]])[] = [
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/** The name of the UTF-16 that bytes begin as. */
const utf16Of = (head: Uint8Array): string | undefined =>
  UTF_16.find(([, bytes]) => bytes.every((byte, i) => head[i] === byte))?.[0];

async function* unpacked(name: string, blocks: Generator<Uint8Array>): AsyncGenerator<Uint8Array> {
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
    yield* checked(name, through(whole(), (await zlib()).createGunzip()));
    return;
  }
  if (begins(ZSTD)) {
    const stream = (await zlib()).createZstdDecompress?.();
    if (stream !== undefined) {
      yield* checked(name, through(whole(), stream));
      return;
    }
  }
  const utf16 = utf16Of(first.value);
  if (utf16 !== undefined) {
    const decoder = new TextDecoder(utf16);
    for (const block of whole()) yield Buffer.from(decoder.decode(block, { stream: true }));
    return;
  }
  await refuseBinary(name, first.value, "a log");
  yield* whole();
}

/** What was unpacked, where it is a log. */
async function* checked(name: string, blocks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const block of blocks) {
    if (isFirst) await refuseBinary(name, block, "a log");
    isFirst = false;
    yield block;
  }
}

/** Refuses what begins as another kind of file; what knows them is loaded where there are bytes that no text has. */
async function refuseBinary(name: string, head: Uint8Array, wanted: Wanted): Promise<void> {
  if (!isBinary(head)) return;
  const { refuseOther } = await import("./other-file.ts");
  refuseOther(name, head, wanted);
}

/** Whether bytes have a NUL, or one of the first no text begins with. */
const isBinary = (head: Uint8Array): boolean =>
  head.includes(0) || (head[0] ?? 32) < 9 || (head[0] ?? 0) > 0x7e || /^(?:BZh|PK)/.test(latin1(head));

const latin1 = (head: Uint8Array): string => String.fromCharCode(...head.subarray(0, 4));

async function* through(
  blocks: Generator<Uint8Array>,
  stream: NodeJS.ReadWriteStream,
): AsyncGenerator<Uint8Array> {
  const { Readable } = await import("node:stream");
  for await (const part of Readable.from(blocks).pipe(stream)) yield part as unknown as Uint8Array;
}

/** The lines of standard input, a block of them at a time, as they come. */
export async function* stdinLines(): AsyncGenerator<readonly string[]> {
  let rest = "";
  try {
    for await (const block of blocks(0)) {
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

async function* blocks(fd: number): AsyncGenerator<string> {
  const buffer = Buffer.allocUnsafe(1 << 16);
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  for (;;) {
    const size = readSome(fd, buffer);
    if (size === 0) break;
    const bytes = buffer.subarray(0, size);
    if (decoder === undefined) {
      const utf16 = utf16Of(bytes);
      if (utf16 === undefined) await refuseBinary("standard input", bytes, "words");
      decoder = new TextDecoder(utf16);
    }
    yield decoder.decode(bytes, { stream: true });
  }
  if (decoder !== undefined) yield decoder.decode();
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
