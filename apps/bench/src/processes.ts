import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { rowsOf } from "./extras.ts";
import type { Contender } from "./pairs.ts";
import { interleave } from "./pairs.ts";
import type { Row } from "./workloads.ts";

// What the command costs as a process: its start against an empty CommonJS script, and how fast decode reads standard
// input against jq reading what it printed.

const bin = fileURLToPath(new URL("../../cli/dist/ptekit.cjs", import.meta.url));
const WORDS = 1_000_000;
const EMPTY = "an empty script";

const STARTS: Readonly<Record<string, string>> = {
  "--version": "--version",
  "--help": "--help",
  "decode of one word": "decode --arch x86_64 --kernel 6.12 0xfffffffffffffc00",
  "decode --json of one word": "decode --arch arm64 --kernel 6.12 --json 0x17c0",
  layout: "layout --arch arm --kernel 6.12",
  archs: "archs",
  "argue --all": "argue --all",
  "spare --all": "spare --all",
};

/** Whole processes of the command, each against an empty script; CPU time. */
export async function startRows(folder: string, rounds: number): Promise<Row[]> {
  const empty = path.join(folder, "empty.cjs");
  fs.writeFileSync(empty, "");
  const timings = await interleave(
    [
      command(EMPTY, `'${process.execPath}' '${empty}'`),
      ...Object.entries(STARTS).map(([name, line]) =>
        command(name, `'${process.execPath}' '${bin}' ${line}`),
      ),
    ],
    rounds,
  );
  const about = { workload: "start", arch: "any", data: "the command as a process", size: "one process" };
  const all = rowsOf(about, timings, 1, Object.keys(STARTS));
  return all.map((row) => ({
    ...row,
    ratioTo: Object.fromEntries(Object.entries(row.ratioTo).filter(([name]) => name === EMPTY)),
  }));
}

/** A million words from standard input, against `jq -c .` over what was printed; CPU time. */
export async function stdinRows(
  folder: string,
  rounds: number,
  skip: (sentence: string) => void,
): Promise<Row[]> {
  if (spawnSync("jq", ["--version"]).status !== 0) {
    skip("decode --json of many words: no jq here to compare with");
    return [];
  }
  const [words, answers] = ["words", "answers"].map((name) => path.join(folder, name)) as [string, string];
  fs.writeFileSync(words, someWords().join("\n"));
  const decode = `'${process.execPath}' '${bin}' decode --arch x86_64 --kernel 6.12 --json - <'${words}'`;
  execFileSync("bash", ["-c", `${decode} >'${answers}'`], { env });
  const timings = await interleave(
    [command("decode --json", `${decode} >/dev/null`), command("jq -c .", `jq -c . '${answers}' >/dev/null`)],
    rounds,
  );
  for (const file of [words, answers]) fs.rmSync(file);
  const about = { workload: "stdin", arch: "x86_64", data: "random words", size: "1,000,000 words" };
  return rowsOf(about, timings, WORDS, ["decode --json"]);
}

/** Without certificates that node would read at its start. */
const env = { ...process.env, NODE_EXTRA_CA_CERTS: "" };

/** User and system time of a command, in nanoseconds, as bash counts it. */
const command = (name: string, line: string): Contender => ({
  name,
  times: 1,
  run: async () => {
    const timed = `TIMEFORMAT='%3U %3S'; time { ${line} >/dev/null; }`;
    const { status, stderr } = spawnSync("bash", ["-c", timed], { env, encoding: "utf8" });
    if (status !== 0) throw new Error(`${line} ended with ${status}: ${stderr}`);
    const [user = 0, system = 0] = (stderr.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
    return (user + system) * 1e9;
  },
});

/** Words of 64 bits without PRESENT and PROT_NONE, always the same. */
function someWords(): string[] {
  let seed = 88172645463325252n;
  return Array.from({ length: WORDS }, () => {
    seed = BigInt.asUintN(64, seed ^ (seed << 13n));
    seed ^= seed >> 7n;
    seed = BigInt.asUintN(64, seed ^ (seed << 17n));
    return (seed & ~0x101n).toString(16);
  });
}
