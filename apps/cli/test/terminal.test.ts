import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { commands } from "../src/commands/index.ts";
import { ptekit } from "./run.ts";

vi.setConfig({ testTimeout: 120_000 });

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-terminal-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** What a stranger may write: a title, a reset, another screen, colours, C1, bells, and text that turns round. */
const EVIL =
  "\u001b]0;PWNED\u0007\u001bc\u001b[?1049h\u001b[31m\u009b2J\u009d0;x\u0007\b\u202egnp.exe\u2066\u200b\u007f";

const RAW =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069]/;

const log = `${EVIL}Linux version 6.1.0-${EVIL}7x
BUG: Bad page map in process ${EVIL.slice(0, 15)}  pte:01000000 pmd:10fe4f067
file:${EVIL} fault:filemap_fault mmap:x readpage:y
CPU: 3 PID: 712 Comm: x Not tainted 6.1.0-${EVIL}50-amd64 #1
Hardware name: ${EVIL}, BIOS 1
`;
const target = ["--arch", "x86_64", "--kernel", "6.1"];
const file = (name: string, text: string): string => {
  const made = path.join(folder, name);
  fs.writeFileSync(made, text);
  return made;
};
const config = file("config", `CONFIG_X86_64=y\n${EVIL}\n`);

/** A process whose mapping has such a name. */
function proc(): string {
  const of = path.join(folder, "proc", "7");
  fs.mkdirSync(of, { recursive: true });
  fs.writeFileSync(path.join(of, "maps"), `00001000-00003000 rw-p 00000000 00:00 0    /tmp/${EVIL}.so\n`);
  fs.writeFileSync(path.join(of, "smaps"), "");
  fs.writeFileSync(path.join(of, "pagemap"), Buffer.alloc(64));
  return path.join(folder, "proc");
}

/** Every way in which a stranger's text gets into a command. */
const RUNS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  decode: [
    ["decode", ...target, EVIL],
    ["decode", "--arch", EVIL, "--kernel", "6.1", "0x1"],
    ["decode", "--config-file", config, ...target, "0x100"],
  ],
  encode: [["encode", ...target, "--type", EVIL, "--offset", "1"]],
  entry: [
    ["entry", "--kernel", EVIL, "1"],
    ["entry", "--kernel", "6.1", EVIL],
  ],
  explain: [
    ["explain"],
    ["explain", "--json"],
    ["explain", "--arch", EVIL],
    ["explain", path.join(folder, EVIL)],
  ],
  history: [
    ["history", "--arch", EVIL],
    ["history", "--arch", "x86_64", "--from", EVIL],
    ["history", "--arch", "x86_64", "--from", "6.1", "--to", `6.2${EVIL}`],
  ],
  layout: [["layout", "--arch", EVIL, "--kernel", "6.1"]],
  diff: [["diff", `x86_64@${EVIL}`, "x86_64@6.1"]],
  types: [["types", ...target, "--config", EVIL]],
  spare: [["spare", ...target, "--cpu", EVIL]],
  argue: [["argue", "--release", EVIL]],
  life: [["life", ...target, EVIL]],
  archs: [["archs", EVIL]],
  census: [["census", ...target, path.join(folder, EVIL)]],
  find: [["find", ...target, path.join(folder, EVIL)]],
  scan: [
    ["scan", path.join(folder, EVIL)],
    ["scan", config],
    ["scan", "--pid", EVIL, config],
  ],
  vtop: [
    ["vtop", path.join(folder, EVIL), "1", "0"],
    ["vtop", config, EVIL, "0"],
  ],
  walk: [
    ["walk", ...target, "--root", EVIL, "0", config],
    ["walk", ...target, "--root", "0x1000", EVIL, config],
    ["walk", ...target, "--root", "0x1000", "0", path.join(folder, EVIL)],
  ],
  pagemap: [
    ["pagemap", "7", "--proc", proc()],
    ["pagemap", "7", "--proc", proc(), "--json"],
    ["pagemap", EVIL],
  ],
};

describe("no command lets a stranger's control characters through", () => {
  it("every command is looked at", () => {
    const all = Object.keys(commands).filter((name) => !Object.hasOwn(RUNS, name));
    expect(all).toEqual([]);
  });

  for (const [name, runs] of Object.entries(RUNS)) {
    it(name, () => {
      for (const args of runs) {
        const { out, err, status } = ptekit(args, log);
        expect(`${out}${err}`, JSON.stringify(args)).not.toMatch(RAW);
        expect(`${out}${err}`).not.toBe("");
        expect(status).not.toBeNull();
      }
    });
  }

  it("an unknown command and an unknown option", () => {
    for (const args of [[EVIL], ["help", EVIL], ["decode", `--${EVIL}`]]) {
      const { out, err } = ptekit(args);
      expect(`${out}${err}`).not.toMatch(RAW);
    }
  });

  it("what is shown of them is an escape, in JSON one that JSON knows", () => {
    expect(ptekit(["pagemap", "7", "--proc", proc()]).out).toMatch(/\\x1b\]0;PWNED\\x07/);
    const { out } = ptekit(["pagemap", "7", "--proc", proc(), "--json"]);
    expect(JSON.parse(out.split("\n")[0] ?? "").name).toContain("\u001b]0;PWNED");
  });
});
