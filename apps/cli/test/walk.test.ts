import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { objects, ptekit } from "./run.ts";

vi.setConfig({ testTimeout: 60_000 });

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-walk-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Memory of an x86_64 machine: the root at 0x1000, PTEs of the first 2 MiB at 0x4000, of which two are in use. */
function memoryFile(name: string): string {
  const bytes = new DataView(new ArrayBuffer(0x6000));
  const put = (at: number, word: bigint): void => bytes.setBigUint64(at, word, true);
  put(0x1000, 0x2067n);
  put(0x2000, 0x3067n);
  put(0x3000, 0x4067n);
  put(0x3008, 0x8000_0000_0020_00e7n);
  put(0x4000 + 8 * 5, 0x8000_0000_0000_5067n);
  // swap type 0, offset 2: the words of anon_swap0 in a live file of 6.1.
  put(0x4000 + 8 * 6, 0x07ff_ffff_ffff_fa00n);
  put(0x1008, 0x1067n);
  const file = path.join(folder, name);
  fs.writeFileSync(file, new Uint8Array(bytes.buffer));
  return file;
}

const file = memoryFile("memory");
const TARGET = ["--arch", "amd64", "--kernel", "6.12", "--root", "1000"];
const walk = (address: string, ...more: string[]) => ptekit(["walk", ...TARGET, address, file, ...more]);
const json = (address: string, ...more: string[]) =>
  objects(walk(address, "--json", ...more))[0] as Record<string, unknown>;

describe("walk", () => {
  it("prints every level on the way, and what the entry says", () => {
    const { out, status } = walk("0x5abc");
    expect(status).toBe(0);
    expect(out.split("\n").slice(0, 7)).toEqual([
      "0x0000000000005abc from the root at 0x1000",
      "  pgd=p4d     0x1000[0]  0x0000000000002067  table",
      "  pud         0x2000[0]  0x0000000000003067  table",
      "  pmd         0x3000[0]  0x0000000000004067  table",
      "  pte         0x4000[5]  0x8000000000005067  present, pfn 0x5: no swap entry; young, dirty",
      "the page is present",
      "physical address 0x5abc",
    ]);
    expect(out).toContain("assumed: cpu without la57 (not given)");
    expect(out).toContain("assumed: the file is raw memory from physical address 0 on (no --ram-base given)");
  });

  it("prints one object with --json: ends, words, and what is decoded", () => {
    expect(json("0x6000")).toMatchObject({
      address: "0x0000000000006000",
      end: "not-present",
      physical: null,
      span: "0x1000",
      path: [
        {
          level: "pgd",
          folded: ["p4d"],
          table: "0x1000",
          index: 0,
          at: "0x1000",
          entry: "0x2067",
          kind: "table",
        },
        { level: "pud" },
        { level: "pmd" },
        { level: "pte", decoded: { kind: "swap", type: 0, offset: "0x2" } },
      ],
    });
    expect(json("0x201234")).toMatchObject({ end: "present", physical: "0x201234", span: "0x200000" });
    expect(json("0x7000")).toMatchObject({ end: "none" });
  });

  it("exits with 1 where the way ends early, and says where and why", () => {
    const cycle = walk("0x8000000000");
    expect(cycle.status).toBe(1);
    expect(cycle.out).toContain("the pgd entry leads back to the table at 0x1000");
    expect(walk("0x800000000000").out).toContain("the tables do not translate such an address");
    const outside = ptekit(["walk", ...TARGET, "0", file, "--ram-base", "0x100000"]);
    expect(outside.status).toBe(1);
    expect(outside.out).toContain("the pgd entry would be at 0x1000, and that memory is not there (outside)");
  });

  it("takes the root out of a register's value", () => {
    const ran = ptekit([
      "walk",
      "--arch",
      "amd64",
      "--kernel",
      "6.12",
      "--register",
      "8000000000001006",
      "0x5abc",
      file,
    ]);
    expect(ran.out).toContain("from the root at 0x1000");
    const none = ptekit(["walk", "--arch", "sparc64", "--kernel", "6.12", "--register", "0", "0", file]);
    expect([none.status, none.err]).toEqual([
      1,
      expect.stringContaining("no register is known to hold a root"),
    ]);
  });

  it("takes the levels by which the root leads to the kernel's image, where no CPU is named", () => {
    const bytes = new DataView(new ArrayBuffer(0x9000));
    const put = (at: number, word: bigint): void => bytes.setBigUint64(at, word, true);
    [0x1000, 0x2000, 0x3000, 0x4000].forEach((table) => {
      put(table, BigInt(table) + 0x1067n);
    });
    put(0x5000, 0x7067n);
    put(0x1000 + 8 * 511, 0x6067n);
    put(0x6000 + 8 * 511, 0x7067n);
    put(0x7000 + 8 * 510, 0x8067n);
    put(0x8000 + 8 * 3, 0x1e3n);
    const deep = path.join(folder, "deep");
    fs.writeFileSync(deep, new Uint8Array(bytes.buffer));
    const { out } = ptekit(["walk", ...TARGET, "0", deep]);
    expect(out).toContain("\n  p4d         0x2000[0]");
    expect(out).toContain("physical address 0x7000");
    expect(out).not.toContain("la57");
  });

  it("reads memory that begins elsewhere, and from standard input", () => {
    const root = ["--arch", "amd64", "--kernel", "6.12", "--root", "41000"];
    expect(ptekit(["walk", ...root, "0x5abc", file, "--ram-base", "0x40000"]).out).toContain("(outside)");
    const piped = ptekit(["walk", "--arch", "m68k", "--kernel", "6.12", "--root", "0", "0", "-"], "ptekit! ");
    expect(piped.status).toBe(1);
    expect(piped.out).toContain("no entry of that level that is known here");
  });

  it("refuses a root that is none, a file that is not there, and numbers that are none, with status 2", () => {
    for (const [args, sentence] of [
      [
        ["walk", "--arch", "amd64", "--kernel", "6.12", "--root", "1001", "0", file],
        "a root is a multiple of 4096",
      ],
      [["walk", ...TARGET, "0", path.join(folder, "absent")], "absent"],
      [["walk", ...TARGET, "zero", file], "is not a word"],
      [["walk", ...TARGET, "0", file, "--levels", "9"], "the tables have 2 to 4 levels, not 9"],
      [["walk", ...TARGET, "0", file, "--ram-base", "x"], "--ram-base is a number"],
      [["walk", ...TARGET, "0"], "MEMORY-FILE"],
      [["walk", "--arch", "amd64", "--kernel", "6.12", "0", file], "Give --root X, or --register X"],
      [["walk", ...TARGET, "--register", "1000", "0", file], "Give --root X, or --register X"],
    ] as [string[], string][]) {
      const ran = ptekit(args);
      expect([args, ran.status]).toEqual([args, 2]);
      expect(ran.err).toContain(sentence);
      expect(ran.out).toBe("");
    }
  });
});
