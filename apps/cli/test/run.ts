import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

/** The built command. */
export const BIN: string = fileURLToPath(new URL("../dist/ptekit.cjs", import.meta.url));

export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line of the built program, in a process that runs many. What is said of a process itself needs one of its own. */
export function ptekit(
  args: readonly string[],
  input = "",
  env: NodeJS.ProcessEnv = process.env,
  cwd: string = process.cwd(),
): Ran {
  server ??= start();
  const request = JSON.stringify({ args, input, env, cwd });
  write(
    server.requests,
    `${request.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`,
  );
  return JSON.parse(line(server.answers));
}

interface Server {
  readonly requests: number;
  readonly answers: number;
}

let server: Server | undefined;

function start(): Server {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-served-"));
  const [requests, answers] = [path.join(folder, "requests"), path.join(folder, "answers")];
  execFileSync("mkfifo", [requests, answers]);
  const served = path.join(folder, "served.cjs");
  const source = fs.readFileSync(new URL("./served.ts", import.meta.url), "utf8");
  fs.writeFileSync(served, transformSync(source, { loader: "ts", format: "cjs", platform: "node" }).code);
  // It ends where this process does: nobody can write to its pipe any more then.
  spawn(process.execPath, [served, BIN, requests, answers], {
    stdio: ["ignore", "ignore", "inherit"],
  }).unref();
  const opened = { requests: fs.openSync(requests, "w"), answers: fs.openSync(answers, "r") };
  fs.rmSync(folder, { recursive: true });
  return opened;
}

function write(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += fs.writeSync(fd, bytes, done);
}

function line(fd: number): string {
  const parts: Buffer[] = [];
  for (;;) {
    const block = Buffer.alloc(1 << 16);
    const size = fs.readSync(fd, block, 0, block.length, null);
    if (size === 0) throw new Error("the process that runs the command lines has ended");
    parts.push(block.subarray(0, size));
    if (block[size - 1] === 10) return Buffer.concat(parts).toString("utf8");
  }
}

/** The objects that a --json run printed, one a line. */
export function objects(ran: Ran): Record<string, unknown>[] {
  return ran.out
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Record<string, unknown> => JSON.parse(line));
}
