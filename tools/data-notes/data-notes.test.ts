import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Layouts } from "./notes.ts";
import { changesIn, headline, notesText } from "./notes.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-data-notes-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const FILE = "packages/all/layouts.json";
const now: Layouts = JSON.parse(fs.readFileSync(FILE, "utf8"));
const copy = () => JSON.parse(JSON.stringify(now));

describe("what changed in the data", () => {
  it("nothing, where nothing did", () => {
    expect(notesText(now, copy())).toBe("The data: nothing changed.\n");
  });

  it("layouts that came, and cells that changed, are counted and named", () => {
    const old = copy();
    old.newest = "7.2";
    old.architectures.arm64.layouts.shift();
    const field = old.architectures.arm64.layouts[0].fields.find(
      ({ kind }: { kind: string }) => kind === "uffdWp",
    );
    field.high = 5;
    field.low = 5;
    delete old.architectures.riscv;
    expect(headline(changesIn(old, now), old, now)).toBe(
      "Linux 7.3, 1 architecture, 1 layout, 2 cells changed",
    );
    expect(notesText(old, now).split("\n").slice(1, 4)).toEqual([
      "- arm64, layout arm64 7.3: new",
      expect.stringMatching(/^- arm64, layout arm64 6\.10: fields\.\d\.high 5 → 3; fields\.\d\.low 5 → 3$/),
      "- riscv: a new architecture",
    ]);
    expect(headline(changesIn(now, old), now, old)).toContain("1 fewer layout");
  });

  it("rows without a name are told by their release and conditions, and are not mixed up", () => {
    const old = copy();
    const [row] = old.architectures.arm64.pageShift;
    old.architectures.arm64.pageShift = old.architectures.arm64.pageShift.slice(1);
    expect(changesIn(old, now)).toEqual([
      { arch: "arm64", list: "pageShift", row: expect.any(String), what: "new", cells: [] },
    ]);
    expect(row).toBeDefined();
  });
});

describe("npm run data-notes", () => {
  const notes = (...args: string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "tools/data-notes/main.ts", ...args], {
      encoding: "utf8",
    });

  it("compares with a file", () => {
    const old = copy();
    old.architectures.arm.layouts.pop();
    const file = path.join(folder, "layouts.json");
    fs.writeFileSync(file, JSON.stringify(old));
    const { status, stdout } = notes("--from", file);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/^The data: 1 layout\.\n- arm, layout arm .*: new\n/),
    ]);
  });

  it("refuses in a sentence what is no such file, and no commit", () => {
    fs.writeFileSync(path.join(folder, "text"), "text");
    for (const from of [path.join(folder, "text"), "package.json", "no-such-ref", "--frob"]) {
      const { status, stdout, stderr } = notes("--from", from);
      expect([from, status, stdout, stderr.startsWith("data-notes: ")]).toEqual([from, 2, "", true]);
    }
  }, 60_000);
});
