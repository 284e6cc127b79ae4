import fs from "node:fs";
import { reasonOf, UsageError } from "./errors.ts";
import { pause } from "./output.ts";

/** The text of a file, or of standard input for `-`. */
export function readText(path: string): string {
  try {
    return path === "-" ? [...blocks(0)].join("") : fs.readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${path === "-" ? "standard input" : path}: ${reasonOf(error)}`);
  }
}

/** The lines of standard input, a block of them at a time, as they come. */
export function* stdinLines(): Generator<readonly string[]> {
  let rest = "";
  for (const block of blocks(0)) {
    const lines = (rest + block).split("\n");
    rest = lines.pop() ?? "";
    yield lines;
  }
  if (rest !== "") yield [rest];
}

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
      return fs.readSync(fd, buffer, 0, buffer.length, null);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      pause();
    }
  }
}
