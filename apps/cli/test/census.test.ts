import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { objects, ptekit } from "./run.ts";

vi.setConfig({ testTimeout: 60_000 });

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-census-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const target = ["--arch", "arm64", "--kernel", "6.12", "--config", "CONFIG_DEVICE_PRIVATE=n"];

// Words of arm64-4k-6.12's vectors: swap (type 3, offset 0x1234), a uffd-wp marker, none; and a present PTE.
const words = [0x12340c0n, 0x17c0n, 0n, 0x68000088a0f43n];
const bytes = new Uint8Array(BigUint64Array.from(words).buffer);
const file = path.join(folder, "ptes");
fs.writeFileSync(file, bytes);
const swapped = path.join(folder, "big-endian");
fs.writeFileSync(swapped, new Uint8Array(bytes).reverse());

describe("ptekit census", () => {
  it("counts kinds, types and markers of a file", () => {
    const [counts] = objects(ptekit(["census", file, ...target, "--json"]));
    expect(counts).toMatchObject({
      total: 4,
      kinds: { none: 1, present: 1, swap: 1, marker: 1, migration: 0 },
      types: { 3: 1, 31: 1 },
      markers: { "uffd-wp": 1, poisoned: 0 },
    });
    const { out, err } = ptekit(["census", file, ...target]);
    expect(out).toMatch(/^arm64 6.10: 4 PTEs, 32 bytes$/m);
    expect(out).toMatch(/marker +uffd-wp +1 +25\.00 %/);
    expect(err).toBe("");
  });

  it("reads the other byte order when it is told", () => {
    const counts = (name: string, ...more: string[]): unknown => {
      const [{ kinds, types } = {}] = objects(ptekit(["census", name, ...target, "--json", ...more]));
      return { kinds, types };
    };
    expect(counts(swapped, "--byte-order", "big")).toEqual(counts(file));
    expect(counts(swapped)).not.toEqual(counts(file));
  });

  it("says of how many PTEs of a file an assumption decides, and of standard input nothing", () => {
    const name = path.join(folder, "l1tf");
    // Type 1 under L1TF, type 0 before: and an empty PTE, which reads the same.
    fs.writeFileSync(name, new Uint8Array(BigUint64Array.of(0x0fff_ffff_ffff_fc00n, 0n, 0n, 0n).buffer));
    const args = ["--arch", "x86_64", "--kernel", "4.15.0-213-generic"];
    const [counts] = objects(ptekit(["census", name, ...args, "--json"]));
    expect(counts?.otherwise).toContainEqual({
      sentence: expect.stringMatching(/^4\.15\.0-213-generic: Ubuntu 18\.04's sources have L1TF/),
      differ: 1,
      of: 4,
    });
    expect(ptekit(["census", name, ...args]).out).toMatch(
      /L1TF; .*; otherwise 25\.00 % of 4 PTEs looked at read differently/,
    );
    expect(objects(ptekit(["census", "-", ...args, "--json"], "16 bytes of text"))[0]?.otherwise).toBeNull();
  });

  it("--top lists so many types", () => {
    const [{ types } = {}] = objects(ptekit(["census", file, ...target, "--json", "--top", "1"]));
    expect(types).toEqual({ 3: 1 });
  });

  it("refuses a file that is cut off, missing or a directory, in one sentence", () => {
    const cut = path.join(folder, "cut");
    fs.writeFileSync(cut, bytes.subarray(0, 29));
    const refused = (...args: string[]): string => {
      const { status, out, err } = ptekit(["census", ...args, ...target]);
      expect([status, out]).toEqual([2, ""]);
      expect(err.trim().split("\n")).toHaveLength(1);
      return err;
    };
    expect(refused(cut)).toMatch(/^ptekit: BAD_FILE: .* ends inside PTE 3: 5 of 8 bytes/);
    expect(refused(path.join(folder, "missing"))).toMatch(/^ptekit: BAD_FILE: .*ENOENT/);
    expect(refused(folder)).toMatch(/is a directory/);
    expect(refused(file, "--byte-order", "middle")).toMatch(/--byte-order is little or big, not "middle"/);
    expect(refused(file, "--top", "0")).toMatch(/--top is a number from 1 on/);
    expect(refused(file, file)).toMatch(/too many arguments/);
  });
});

describe("ptekit find", () => {
  it("finds entries, markers and offsets, with their places", () => {
    const found = (...args: string[]): unknown[] =>
      objects(ptekit(["find", file, ...target, "--json", ...args])).map(({ number, byte }) => [number, byte]);
    expect(found("--type", "3")).toEqual([[0, 0]]);
    expect(found("--marker", "uffd-wp")).toEqual([[1, 8]]);
    expect(found("--kind", "none,present")).toEqual([
      [2, 16],
      [3, 24],
    ]);
    expect(found("--offset", "0x1000-0x2000")).toEqual([[0, 0]]);
    expect(found("--flag", "!exclusive")).toEqual([
      [0, 0],
      [1, 8],
    ]);
    expect(found("--flag", "!exclusive", "--limit", "1")).toEqual([[0, 0]]);
    expect(ptekit(["find", file, ...target, "--marker", "uffd-wp"]).out).toBe(
      "1 at byte 0x8: 0x00000000000017c0 marker, type 31, offset 0x1, uffd-wp\n",
    );
  });

  it("says no with exit status 1, and names what it does not understand", () => {
    expect(ptekit(["find", file, ...target, "--type", "7"]).status).toBe(1);
    const refused = (...args: string[]): string => {
      const { status, err } = ptekit(["find", file, ...target, ...args]);
      expect(status).toBeGreaterThan(0);
      expect(err.trim().split("\n")).toHaveLength(1);
      return err;
    };
    expect(refused("--kind", "swapped")).toMatch(/a kind is one of none, present/);
    expect(refused("--marker", "guard")).toMatch(/NO_SUCH_MARKER/);
    expect(refused("--type", "64")).toMatch(/from 0 to 63/);
    expect(refused("--flag", "dirty")).toMatch(/--flag is one of exclusive, softDirty, uffdWp/);
    expect(refused("--offset", "1-2-3")).toMatch(/--offset is A or A-B/);
  });
});
