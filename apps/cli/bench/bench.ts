// What the command costs as a process: its start against an empty CommonJS script, and how fast decode reads standard
// input against jq reading what it printed. Paired: each round runs every command once, so that a busy machine slows all
// of them alike; what counts is the median of the rounds' ratios, of CPU time. NODE_EXTRA_CA_CERTS would be read by every
// Node process and is left out.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const rounds = Number(process.argv[2] ?? 9);
const bin = fileURLToPath(new URL("../dist/ptekit.cjs", import.meta.url));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-bench-"));
const empty = path.join(folder, "empty.cjs");
const words = path.join(folder, "words");
const answers = path.join(folder, "answers");
const COUNT = 1_000_000;

const starts: Readonly<Record<string, string>> = {
  "--version": "--version",
  "--help": "--help",
  "decode one word": "decode --arch x86_64 --kernel 6.12 0xfffffffffffffc00",
  "decode one word, --json": "decode --arch arm64 --kernel 6.12 --json 0x17c0",
  layout: "layout --arch arm --kernel 6.12",
  archs: "archs",
  "argue --all": "argue --all",
  "spare --all": "spare --all",
};

try {
  fs.writeFileSync(empty, "");
  startUp();
  throughput();
} finally {
  fs.rmSync(folder, { recursive: true });
}

function startUp(): void {
  const base = `${process.execPath} ${empty}`;
  for (const [name, line] of Object.entries(starts)) {
    const ratio = paired(`${process.execPath} ${bin} ${line}`, base);
    console.log(`ptekit ${name}: ${ratio.toFixed(2)} of an empty script`);
  }
}

function throughput(): void {
  fs.writeFileSync(words, someWords().join("\n"));
  const decode = `${process.execPath} ${bin} decode --arch x86_64 --kernel 6.12 --json - <${words}`;
  cpuOf(`${decode} >${answers}`);
  if (spawnSync("jq", ["--version"]).status !== 0) {
    console.log(`decode --json: ${(cpuOf(decode) * 1e3).toFixed(0)} ns a word (no jq here to compare with)`);
    return;
  }
  const ratio = paired(decode, `jq -c . ${answers}`);
  console.log(`decode --json of ${COUNT} words: ${ratio.toFixed(2)} of jq -c . over its output`);
}

/** The median of the rounds' ratios, after a round that warms up. */
function paired(command: string, against: string): number {
  const ratios: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const ratio = cpuOf(command) / cpuOf(against);
    if (round >= 0) ratios.push(ratio);
  }
  return ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? Number.NaN;
}

/** User and system time of a command, in milliseconds, as bash counts it. */
function cpuOf(command: string): number {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const { status, stderr } = spawnSync("bash", ["-c", `TIMEFORMAT='%3U %3S'; time { ${command}; }`], {
    env,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  const [user = 0, system = 0] = (stderr.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
  return (user + system) * 1e3;
}

/** Words of 64 bits without PRESENT and PROT_NONE, always the same. */
function someWords(): string[] {
  let seed = 88172645463325252n;
  return Array.from({ length: COUNT }, () => {
    seed = BigInt.asUintN(64, seed ^ (seed << 13n));
    seed ^= seed >> 7n;
    seed = BigInt.asUintN(64, seed ^ (seed << 17n));
    return (seed & ~0x101n).toString(16);
  });
}
