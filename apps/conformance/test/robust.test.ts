import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it, vi } from "vitest";
import { BIN, CORE } from "../bundle.ts";

vi.setConfig({ testTimeout: 120_000 });

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-conformance-robust-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

interface Ran {
  readonly status: number | null;
  readonly err: string;
}

function conformance(args: readonly string[], stdout: "pipe" | number = "pipe"): Ran {
  const { status, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", stdout, "pipe"],
  });
  return { status, err: stderr };
}

/** A module that this architecture's backend is changed by. */
const changed = (change: string): string => `
import { createBackend } from ${JSON.stringify(pathToFileURL(CORE).href)};
import arm from ${JSON.stringify(new URL("../../../packages/arch/nds32/dist/index.js", import.meta.url).href)};
export default { ...arm, ${change} };`;

/** Every way in which a module may end the program, or break what reads it. */
const MODULES: Readonly<Record<string, string>> = {
  "a getter that throws": `export default { get name() { throw new Error("getter"); } };`,
  "a proxy that throws": `export default new Proxy({}, { get() { throw new Error("proxy"); } });`,
  "a layout that is null": `export default { name: "x", layouts: [null], symbols: [], pageShift: [], physBits: [], byteOrder: [], for() { return null; } };`,
  "a layout that lacks nearly all": `export default { name: "x", layouts: [{ id: "x 1", since: "6.1" }], symbols: [], pageShift: [], physBits: [], byteOrder: [], for() { return null; } };`,
  "what is thrown has no text": "throw Object.create(null);",
  "a rejection that nobody waits for": `Promise.reject(new Error("late")); export default {};`,
  "a late error": `setTimeout(() => { throw new Error("late"); }); await new Promise((go) => setTimeout(go, 1000));`,
  "a wait for what never comes": "await new Promise(() => {});",
  "process.exit(0)": "process.exit(0);",
  "control characters in what it throws": `throw new Error("boom \\u001b]0;PWN\\u0007\\u009b31m");`,
  "for() throws": changed(`for() { throw new Error("for"); }`),
  "for() gives a backend whose layout throws": changed(
    `for() { return { get layout() { throw new Error("layout"); } }; }`,
  ),
};

describe("11: a module that does what none should", () => {
  for (const [what, text] of Object.entries(MODULES)) {
    it(`${what}: exit 2, a sentence, no stack`, () => {
      const file = path.join(folder, `${what.replaceAll(/\W/g, "-")}.mjs`);
      fs.writeFileSync(file, text);
      const { status, err } = conformance([file]);
      expect(err.trimEnd()).toMatch(/^ptekit-conformance: .+$/);
      expect(err).not.toMatch(/^\s+at /m);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      expect(err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      expect(status).toBe(2);
    });
  }

  it("a full disk: exit 2, and why", () => {
    const { status, err } = conformance(["--arch", "nds32"], fs.openSync("/dev/full", "w"));
    expect([status, err]).toEqual([
      2,
      expect.stringMatching(/^ptekit-conformance: the result cannot be written: .*ENOSPC/),
    ]);
  });
});

describe("17: --json", () => {
  it("writes through no draft that stood there, and leaves a file of the draft's old name alone", () => {
    fs.writeFileSync(path.join(folder, "victim"), "precious");
    fs.symlinkSync("victim", path.join(folder, "r.json.part"));
    expect(conformance(["--arch", "nds32", "--json", "r.json"]).status).toBe(0);
    expect(fs.readFileSync(path.join(folder, "victim"), "utf8")).toBe("precious");
    expect(fs.lstatSync(path.join(folder, "r.json")).isFile()).toBe(true);
    expect(fs.lstatSync(path.join(folder, "r.json.part")).isSymbolicLink()).toBe(true);
  });
});
