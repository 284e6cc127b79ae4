// Start-up against an empty CommonJS script, and how fast decode reads standard input. Paired: each round runs every
// command once, so that a busy machine slows all of them alike; what counts is the median of the rounds' ratios.
// NODE_EXTRA_CA_CERTS would be read by every Node process and is left out.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const rounds = Number(process.argv[2] ?? 60);
const bin = fileURLToPath(new URL("../dist/ptekit.cjs", import.meta.url));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-bench-"));
const empty = path.join(folder, "empty.cjs");
fs.writeFileSync(empty, "");
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

const lines = {
  "--version": ["--version"],
  "--help": ["--help"],
  "decode one word": ["decode", "--arch", "arm64", "--kernel", "6.12", "--json", "0x17c0"],
  "decode one word for people": ["decode", "--arch", "x86_64", "--kernel", "6.12", "0xfffffffffffffc00"],
  layout: ["layout", "--arch", "arm", "--kernel", "6.12"],
};

try {
  startUp();
  throughput();
} finally {
  fs.rmSync(folder, { recursive: true });
}

function startUp() {
  const ratios = new Map(Object.keys(lines).map((name) => [name, []]));
  const base = [];
  for (let round = -3; round < rounds; round++) {
    const none = timed([empty]);
    for (const [name, args] of Object.entries(lines)) {
      const ratio = timed([bin, ...args]) / none;
      if (round >= 0) ratios.get(name).push(ratio);
    }
    if (round >= 0) base.push(none);
  }
  console.log(`empty script: ${median(base).toFixed(1)} ms (median of ${rounds})`);
  for (const [name, found] of ratios) console.log(`ptekit ${name}: ${median(found).toFixed(2)}x`);
}

function timed(args) {
  const start = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, args, { env, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function throughput() {
  const count = 100_000;
  const words = path.join(folder, "words");
  let seed = 88172645463325252n;
  const text = Array.from({ length: count }, () => {
    seed = BigInt.asUintN(64, seed ^ (seed << 13n));
    seed ^= seed >> 7n;
    seed = BigInt.asUintN(64, seed ^ (seed << 17n));
    return (seed & ~0x101n).toString(16);
  });
  fs.writeFileSync(words, text.join("\n"));
  for (const json of [["--json"], []]) {
    const input = fs.openSync(words, "r");
    const start = process.hrtime.bigint();
    spawnSync(process.execPath, [bin, "decode", "--arch", "x86_64", "--kernel", "6.12", ...json, "-"], {
      env,
      stdio: [input, "ignore", "inherit"],
    });
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    fs.closeSync(input);
    console.log(
      `decode ${json[0] ?? "for people"}: ${count} words in ${seconds.toFixed(2)} s, ${Math.round(count / seconds)} a second`,
    );
  }
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
