import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { BIN, objects, ptekit } from "./run.ts";

// Each test starts processes, which take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const linux = process.platform === "linux";
const proc = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-proc-"));
afterAll(() => fs.rmSync(proc, { recursive: true }));

const PAGE = 4096n;

/** A process in a made-up proc: its maps, and the pagemap entries of some pages; the rest of pagemap is holes. */
function made(
  pid: number,
  maps: string,
  smaps: string,
  entries: ReadonlyMap<bigint, bigint>,
  end: bigint,
): void {
  const folder = path.join(proc, String(pid));
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, "maps"), maps);
  fs.writeFileSync(path.join(folder, "smaps"), smaps);
  const fd = fs.openSync(path.join(folder, "pagemap"), "w");
  fs.ftruncateSync(fd, Number((end / PAGE) * 8n));
  for (const [address, word] of entries) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(word);
    fs.writeSync(fd, bytes, 0, 8, Number((address / PAGE) * 8n));
  }
  fs.closeSync(fd);
}

const swapped = (type: bigint, offset: bigint, flags = 0n): bigint =>
  (1n << 62n) | (offset << 5n) | type | flags;

describe.runIf(linux)("pagemap", () => {
  it("counts what the bits of Documentation/admin-guide/mm/pagemap.rst say", () => {
    const entries = new Map([
      [0x1000n, (1n << 63n) | (1n << 56n) | (1n << 55n) | 0x1234n],
      [0x2000n, (1n << 63n) | (1n << 61n) | 0x1235n],
      [0x3000n, swapped(0n, 7n, 1n << 56n)],
      [0x4000n, swapped(1n, 8n, (1n << 57n) | (1n << 55n))],
      [0x5000n, (1n << 58n) | swapped(0n, 9n)],
    ]);
    made(
      11,
      "00001000-00008000 rw-p 00000000 00:00 0                                  [heap]\n",
      "",
      entries,
      0x8000n,
    );
    const [mapping, total] = objects(ptekit(["pagemap", "11", "--proc", proc, "--json"]));
    const counts = {
      present: 2,
      fileOrShared: 1,
      swapped: 3,
      exclusive: 2,
      softDirty: 2,
      uffdWp: 1,
      guard: 1,
    };
    expect(mapping).toMatchObject({
      start: "0x1000",
      end: "0x8000",
      access: "rw-p",
      name: "[heap]",
      ...counts,
    });
    expect(total).toMatchObject({ total: true, mappings: 1, hidden: null, ...counts });
    expect(mapping?.byEntry).toMatchObject({ "swapped to area 0": 2, "swapped to area 1": 1 });
    const part = objects(ptekit(["pagemap", "11", "--range", "2000-4000", "--proc", proc, "--json"]));
    expect(part[0]).toMatchObject({ start: "0x2000", end: "0x4000", present: 1, swapped: 1 });
    expect(ptekit(["pagemap", "11", "--range", "9000-a000", "--proc", proc]).err).toMatch(
      /no mapping in that range/,
    );
  });

  it("says that nothing is shown where page frames and swap entries read as 0", () => {
    made(
      12,
      "00001000-00003000 rw-p 00000000 00:00 0 \n",
      "",
      new Map([
        [0x1000n, 1n << 63n],
        [0x2000n, 1n << 62n],
      ]),
      0x3000n,
    );
    const ran = ptekit(["pagemap", "12", "--proc", proc]);
    expect(ran.out).toMatch(/Without CAP_SYS_ADMIN the kernel hides page frame numbers and swap entries/);
    expect(ran.out).toMatch(/1 present, 1 swapped/);
  });

  it("a sparse mapping of 4 TiB is read only as far as smaps says that something is there", () => {
    const start = 0x10_0000_0000n;
    const end = start + (4n << 40n);
    const range = `${start.toString(16)}-${end.toString(16)}`;
    const entries = new Map([
      [start + 0x5000n, (1n << 63n) | 0x99n],
      [start + 0x4000_0000n, swapped(0n, 3n)],
    ]);
    made(
      13,
      `${range} rw-p 00000000 00:00 0 \n`,
      `${range} rw-p 00000000 00:00 0 \nRss:  4 kB\nSwap:  4 kB\n`,
      entries,
      end,
    );
    const before = Date.now();
    const [mapping] = objects(ptekit(["pagemap", "13", "--proc", proc, "--json"]));
    expect(mapping).toMatchObject({ present: 1, swapped: 1 });
    expect(mapping?.left).toMatch(/TiB not read: smaps counts nothing more there/);
    expect(Date.now() - before).toBeLessThan(20_000);
  });

  it("a pagemap that ends too early is said to", () => {
    made(
      14,
      "00001000-00009000 rw-p 00000000 00:00 0 \n",
      "",
      new Map([[0x1000n, (1n << 63n) | 1n]]),
      0x3000n,
    );
    expect(objects(ptekit(["pagemap", "14", "--proc", proc, "--json"]))[0]).toMatchObject({
      present: 1,
      left: expect.stringMatching(/pagemap ends before/),
    });
  });

  it("reads this machine's own /proc: the test's process has pages", () => {
    const found = objects(ptekit(["pagemap", String(process.pid), "--json"]));
    const total = found.at(-1);
    expect(found.length).toBeGreaterThan(5);
    expect(total).toMatchObject({ total: true, mappings: found.length - 1 });
    expect(Number(total?.present)).toBeGreaterThan(100);
    const text = ptekit(["pagemap", "self"]).out;
    expect(text).toMatch(/^[0-9a-f]{12}-[0-9a-f]{12} r.-p .*(?:node|ptekit)/m);
    expect(text).toMatch(/\d+ mappings: \d+ present/);
  });

  const unprivileged = spawnSync("setpriv", [
    "--reuid=65534",
    "--regid=65534",
    "--clear-groups",
    process.execPath,
    "-e",
    "",
  ]);
  // setpriv needs root to change the user, and Node must be readable for others.
  it.runIf(unprivileged.status === 0)(
    "without CAP_SYS_ADMIN it says so, and another user's process is refused",
    () => {
      // Where that user can read it, whatever the folder of the repository lets others do.
      const copy = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-nobody-"));
      fs.cpSync(path.dirname(BIN), copy, { recursive: true });
      fs.chmodSync(copy, 0o755);
      const program = path.join(copy, path.basename(BIN));
      const as = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
        spawnSync(
          "setpriv",
          ["--reuid=65534", "--regid=65534", "--clear-groups", process.execPath, program, ...args],
          { encoding: "utf8" },
        );
      const own = as("pagemap", "self");
      expect([own.status, own.stderr]).toEqual([0, ""]);
      expect(own.stdout).toMatch(/Without CAP_SYS_ADMIN/);
      const other = as("pagemap", "1");
      expect(other.status).toBe(1);
      expect(other.stderr).toMatch(/^ptekit: cannot read \/proc\/1\/maps: permission denied/);
      fs.rmSync(copy, { recursive: true });
    },
  );
});
