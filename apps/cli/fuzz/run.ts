import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Readable, Writable } from "node:stream";
import { BIN } from "../test/run.ts";
import type { Case } from "./case.ts";

/** No run takes so long, on a machine that is busy with others. */
const LIMIT_MS = 120_000;

const RAW =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069]/;
const STACK = /^\s+at .+:\d+:\d+\)?$|node:internal|<--- Last few GCs/m;

interface Ran {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  readonly timedOut: boolean;
}

/** What is wrong with a run, in sentences; none where it kept what SECURITY.md promises. */
export async function faultsOf(one: Case, bin: string = BIN): Promise<string[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-fuzz-"));
  try {
    for (const [name, text] of Object.entries(one.files))
      fs.writeFileSync(path.join(folder, name), Buffer.from(text, "base64"));
    const ran = await run(one, folder, bin);
    return [...faultsOfRun(one, ran), ...faultsOfFolder(one, folder)];
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function run(one: Case, folder: string, bin: string): Promise<Ran> {
  const command = one.limit === undefined ? "" : `ulimit ${one.limit}; `;
  const full = one.stdout === "full" ? fs.openSync("/dev/full", "w") : "pipe";
  const args = ["-c", `${command}exec "$0" "$@"`, process.execPath, bin, ...one.args];
  const child = spawn("bash", args, { cwd: folder, stdio: ["pipe", full, "pipe", "pipe"] });
  if (typeof full === "number") fs.closeSync(full);
  const give = (stream: Writable | null, text: string | undefined): void => {
    // It may not be read to its end.
    stream?.on("error", () => {});
    stream?.end(text === undefined ? undefined : Buffer.from(text, "base64"));
  };
  give(child.stdin, one.stdin);
  give(child.stdio[3] as Writable, one.pipe);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on("data", (part: Buffer) => {
    out.push(part);
    if (one.stdout === "leaves") (child.stdout as Readable).destroy();
  });
  child.stderr?.on("data", (part: Buffer) => err.push(part));
  let timedOut = false;
  const timers = [
    setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, LIMIT_MS),
    ...(one.signal ? [setTimeout(() => child.kill(one.signal?.[0]), one.signal[1])] : []),
  ];
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => {
      for (const timer of timers) clearTimeout(timer);
      const text = (parts: Buffer[]): string => Buffer.concat(parts).toString("utf8");
      resolve({ status, signal, out: text(out), err: text(err), timedOut });
    });
  });
}

function faultsOfRun(one: Case, { status, signal, out, err, timedOut }: Ran): string[] {
  if (timedOut) return [`does not end within ${LIMIT_MS / 1000} s`];
  if (signal !== null) {
    const sent = one.signal?.[0] === signal || (one.limit?.startsWith("-f") && signal === "SIGXFSZ");
    return sent ? [] : [`ends by ${signal}`];
  }
  const faults: string[] = [];
  if (![0, 1, 2].includes(status ?? -1)) faults.push(`exit status ${status}`);
  if (STACK.test(err) || STACK.test(out)) faults.push("a stack trace");
  for (const [name, text] of [
    ["standard output", out],
    ["standard error", err],
  ] as const) {
    const raw = RAW.exec(text);
    if (raw)
      faults.push(
        `${name} has the character U+${raw[0].charCodeAt(0).toString(16).padStart(4, "0")} as it is`,
      );
  }
  if (status === 2 && err === "" && out === "") faults.push("exit status 2 without a word");
  const lines = out.split("\n").filter((line) => line !== "");
  if (one.stdout === "reader" && one.args.includes("--json") && status !== 2 && !isHelp(one)) {
    if (!lines.every(isJson)) faults.push("a line of --json that is no JSON");
  }
  return faults;
}

const isHelp = ({ args }: Case): boolean =>
  args.some((arg) => ["-h", "--help", "help", "-V", "--version"].includes(arg));

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** Only what --svg names may be new; nothing is changed, and no draft is left. */
function faultsOfFolder(one: Case, folder: string): string[] {
  const names = fs.readdirSync(folder);
  const isNew = names.filter((name) => !Object.hasOwn(one.files, name) && name !== "out.svg");
  const changed = Object.entries(one.files).filter(
    ([name, text]) =>
      !names.includes(name) || fs.readFileSync(path.join(folder, name)).toString("base64") !== text,
  );
  // A signal may come between a draft and its name.
  return [
    ...(one.signal ? [] : isNew.map((name) => `leaves ${JSON.stringify(name)} behind`)),
    ...changed.map(([name]) => `changes ${name}`),
  ];
}
