// Runs command lines one after the other in one process, each with the program's modules loaded anew: a process of its own
// for each would mostly start Node. Requests come through one named pipe and answers go through another, as JSON lines.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [, , bin = "", requests = "", answers = ""] = process.argv;
const require = createRequire(bin);
const folder = path.dirname(bin);
const from = fs.openSync(requests, "r");
const to = fs.openSync(answers, "w");

const { read, readSync, writeSync } = fs;
let said: { [fd: number]: Buffer[] } = {};
let input = Buffer.alloc(0);

// The program's standard streams are descriptors to it: what it reads and writes there is ours.
type Any = (...values: never[]) => unknown;
const patched = fs as unknown as Record<"read" | "readSync" | "writeSync", Any>;

patched.writeSync = (fd: number, data: string | Uint8Array, offset = 0, ...rest: number[]): number => {
  if (fd !== 1 && fd !== 2) return writeSync(fd, data as Uint8Array, offset, ...rest);
  const bytes = Buffer.from(data as Uint8Array).subarray(offset);
  said[fd]?.push(bytes);
  return bytes.length;
};

patched.readSync = (fd: number, buffer: Buffer, ...rest: number[]): number => {
  if (fd !== 0) return readSync(fd, buffer, ...(rest as [number, number, number]));
  const [offset = 0, length = buffer.byteLength - offset] = rest;
  const size = input.copy(buffer, offset, 0, length);
  input = input.subarray(size);
  return size;
};

type Done = (error: null, size: number, buffer: Buffer) => void;
patched.read = (fd: number, buffer: Buffer, offset: number, length: number, at: null, done: Done): void => {
  if (fd !== 0) read(fd, buffer, offset, length, at, done as never);
  else {
    const size = fs.readSync(fd, buffer, offset, length, at);
    setImmediate(() => done(null, size, buffer));
  }
};

let isRunning = false;
// Nothing is left to do: the command has ended.
process.on("beforeExit", (status) => {
  const text = (fd: number): string => Buffer.concat(said[fd] ?? []).toString("utf8");
  if (isRunning) writeSync(to, `${JSON.stringify({ status, out: text(1), err: text(2) })}\n`);
  const request = nextLine();
  if (request === null) return;
  isRunning = true;
  const { args, input: given, env, cwd } = JSON.parse(request);
  for (const key of Object.keys(process.env)) delete process.env[key];
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.argv = [process.execPath, bin, ...args];
  process.exitCode = undefined;
  input = Buffer.from(given);
  said = { 1: [], 2: [] };
  for (const file of Object.keys(require.cache)) if (file.startsWith(folder)) delete require.cache[file];
  require(bin);
  // Even a command that ends at once leaves the loop something to do, so that this is asked again.
  setImmediate(() => {});
});

let rest = "";
const block = Buffer.alloc(1 << 16);

/** The next request; null where nobody asks any more. */
function nextLine(): string | null {
  for (;;) {
    const end = rest.indexOf("\n");
    if (end !== -1) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      return line;
    }
    const size = readSync(from, block, 0, block.length, null);
    if (size === 0) return null;
    rest += block.toString("latin1", 0, size);
  }
}
