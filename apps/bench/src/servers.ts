import type { ChildProcessByStdio } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { ArchBackend } from "@ptekit/core";
import { cSource } from "./c-source.ts";
import { numpySource } from "./numpy-source.ts";

/** Another process that measures itself. */
export interface Server {
  readonly name: string;
  /** A line to it; its answer is nanoseconds of CPU time and a result. */
  ask(line: string): Promise<{ readonly ns: number; readonly result: number }>;
  stop(): void;
}

/** The comparators in C, by name: how gcc is called. The judged one is the same on every machine of its kind. */
const GCC: Readonly<Record<string, readonly string[]>> = {
  "gcc -O2": ["-O2"],
  "gcc -O3 -march=x86-64-v2": ["-O3", "-march=x86-64-v2"],
  "gcc -O3 -march=x86-64-v3": ["-O3", "-march=x86-64-v3"],
  "gcc -O3 -march=native": ["-O3", "-march=native"],
};

/** Where it is installed, clang as well: which of the two is the stronger is seen, not known. */
const CLANG: Readonly<Record<string, readonly string[]>> = {
  "clang -O3 -march=x86-64-v3": ["-O3", "-march=x86-64-v3"],
};

const BUILDS = [
  ...Object.entries(GCC).map(([name, flags]) => ({ name, flags, compiler: "gcc" })),
  ...Object.entries(CLANG).map(([name, flags]) => ({ name, flags, compiler: "clang" })),
];

export const JUDGED = "gcc -O3 -march=x86-64-v3";

/** The servers that can be had here; `skip` is told why another cannot. */
export function startServers(
  backend: ArchBackend,
  folder: string,
  skip: (sentence: string) => void,
): Server[] {
  const source = path.join(folder, `${backend.arch}.c`);
  fs.writeFileSync(source, cSource(backend));
  const built = BUILDS.flatMap(({ name, flags, compiler }) => {
    const program = path.join(folder, [backend.arch, compiler, ...flags].join(""));
    const made = spawnSync(compiler, ["-std=c11", "-w", ...flags, "-o", program, source], {
      encoding: "utf8",
    });
    if (made.status === 0) return [serve(name, program, [])];
    const why = made.error ? `no ${compiler} here (${made.error.message})` : made.stderr.split("\n", 1)[0];
    skip(`${name}: ${why}`);
    return [];
  });
  const numpy = spawnSync("python3", ["-c", "import numpy"], { encoding: "utf8" });
  if (numpy.status !== 0) {
    skip(`numpy: ${numpy.error ? `no python3 here (${numpy.error.message})` : "python3 has no numpy"}`);
    return built;
  }
  return [...built, serve("numpy", "python3", ["-c", numpySource(backend)])];
}

function serve(name: string, program: string, args: readonly string[]): Server {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(program, args, {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    name,
    async ask(line) {
      child.stdin.write(`${line}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${name} ended at: ${line}`);
      const [ns = Number.NaN, result = Number.NaN] = String(value).split(" ").map(Number);
      return { ns, result };
    },
    stop: () => child.stdin.end(),
  };
}
