import { closeSync, openSync, readSync } from "node:fs";
import { PtekitError } from "@ptekit/core";
import { errnoOf, reasonOf, UsageError } from "./errors.ts";
import { pause } from "./output.ts";

/**
 * A log, a block at a time: a file, or standard input for `-`. What zstd packed is unpacked where Node can (from 22.15 on).
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
    throw error instanceof PtekitError ? error : new UsageError(`cannot read ${name}: ${reasonOf(error)}`);
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

const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];

async function* unpacked(blocks: Generator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const first = blocks.next();
  if (first.done) return;
  const whole = function* (): Generator<Uint8Array> {
    yield first.value;
    yield* blocks;
  };
  if (ZSTD.every((byte, i) => first.value[i] === byte)) {
    const zlib = (await import("node:zlib")) as object as {
      createZstdDecompress?: () => NodeJS.ReadWriteStream;
    };
    if (zlib.createZstdDecompress !== undefined) {
      const { Readable } = await import("node:stream");
      const stream = Readable.from(whole()).pipe(zlib.createZstdDecompress());
      for await (const part of stream) yield part as unknown as Uint8Array;
      return;
    }
  }
  yield* whole();
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
