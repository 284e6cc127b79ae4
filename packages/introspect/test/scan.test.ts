import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { openDumpFile } from "@ptekit/dump/node";
import { describe, expect, test, vi } from "vitest";
import { openKernel, scannerOf, sumOf } from "../src/index.ts";
import { FAULTS, tablesOfProcess, withFault, withMemory } from "./faults.ts";
import { parseTruth } from "./truth.ts";

vi.setConfig({ testTimeout: 120_000 });

const here = (name: string): string => fileURLToPath(new URL(`dumps/${name}`, import.meta.url));
const PRESENT = 1n << 63n;
const SWAPPED = 1n << 62n;

function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % Math.max(1, below);
  };
}

describe.each(["amd64-6.1", "arm64-5.10", "riscv64-7.2"])("%s", (name) => {
  const opened = (async () => {
    const dump = await openDumpFile(here(`${name}.kdump`));
    const kernel = await openKernel(dump);
    return { dump, kernel, processes: [...kernel.processes()] };
  })();

  test("counts of every process are those of its pagemap, and nothing is suspicious", async () => {
    const { dump, kernel, processes } = await opened;
    const truth = parseTruth(
      gunzipSync(fs.readFileSync(here(`${name}.truth.gz`))).toString("latin1"),
      kernel.pageSize,
    );
    const scanner = await scannerOf(kernel, dump.memory);
    for (const process of processes) {
      const scan = scanner.scan(process);
      const words = [...(truth.get(process.pid ?? -1)?.pages.values() ?? [])];
      expect(scan.suspicious).toEqual([]);
      expect(scan.problems).toEqual([]);
      expect(scan.missingTables).toBe(0);
      // Areas that are no memory are none of pagemap's, and have four pages in one process.
      expect(scan.present - scan.device).toBe(words.filter((word) => word & PRESENT).length);
      // What pagemap calls swapped is any entry that is neither none nor present, some markers among them.
      const others = words.filter((word) => word & SWAPPED && !(word & PRESENT));
      const markers = Object.values(scan.markers).reduce((sum, count) => sum + count, 0);
      const swapped = Object.values(scan.swap).reduce((sum, count) => sum + count, 0);
      expect(swapped + scan.hwpoison + scan.migration + scan.swapinError).toBeLessThanOrEqual(others.length);
      expect(swapped + scan.hwpoison + scan.migration + scan.swapinError + markers).toBeGreaterThanOrEqual(
        others.length,
      );
      for (const [type, count] of Object.entries(scan.swap))
        expect(others.filter((word) => (word & 31n) === BigInt(type)).length).toBe(count);
    }
  });

  test("of flipped bits, all are found but those that leave an entry that the kernel may have written", async () => {
    const { dump, kernel, processes } = await opened;
    const tables = processes.map((process) => tablesOfProcess(kernel, dump.memory, process));
    const below = random(4711);
    const missed: string[] = [];
    for (let i = 0; i < 30; i++) {
      const fault = FAULTS["flipped bit of an entry"]?.(kernel, tables, below, dump.memory);
      const memory = withFault(dump.memory, fault ?? { kind: "", patches: [] });
      const scanner = await scannerOf(withMemory(kernel, memory), memory);
      if (processes.every((process) => scanner.scan(process).suspicions === 0))
        missed.push(fault?.what ?? "none");
    }
    // Of another frame than those that the dump was cut to, it does not have the struct page: whole dumps have (docs/faults.md).
    const freely =
      /^present: pfn$|ACCESSED|DIRTY|PTE_AF|_RW|_WRITE|RDONLY|SPECIAL|softDirty|uffdWp|exclusive|UFFD_WP|DEVMAP|CONT|NAPOT|swapin-error|marker|hwpoison|migration|hardware|swapOffset|swpType|swpOffset/i;
    expect(missed.filter((what) => !freely.test(what))).toEqual([]);
    expect(missed.length).toBeLessThan(20);
  });

  test("huge pages are hugetlb's: six in two processes, which share the table of four of them", async () => {
    const { dump, kernel, processes } = await opened;
    const scanner = await scannerOf(kernel, dump.memory);
    const scans = processes.map((process) => scanner.scan(process));
    expect(sumOf(scans).hugetlb).toEqual({ pmd: 6 });
    expect(scans.filter(({ hugetlb }) => hugetlb.pmd === 3).map(({ comm }) => comm)).toEqual([
      "charlie",
      "delta",
    ]);
    expect(sumOf(scans).device).toBe(4);
  });

  test.each(Object.keys(FAULTS).filter((kind) => !kind.startsWith("flipped bit")))(
    "a fault is found: %s",
    async (kind) => {
      const { dump, kernel, processes } = await opened;
      const tables = processes.map((process) => tablesOfProcess(kernel, dump.memory, process));
      const make = FAULTS[kind] as (typeof FAULTS)[string];
      const below = random(kind.length * 77);
      let made = 0;
      for (let round = 0; round < 30 && made < 4; round++) {
        const fault = make(kernel, tables, below, dump.memory);
        if (fault === null) continue;
        made++;
        const memory = withFault(dump.memory, fault);
        const scanner = await scannerOf(withMemory(kernel, memory), memory);
        const found = processes.reduce((sum, process) => sum + scanner.scan(process).suspicions, 0);
        expect(found, `${kind} at 0x${fault.patches[0]?.at.toString(16)}`).toBeGreaterThan(0);
      }
      // Some layouts have no bit left in a swap entry; the dump of arm64 was cut before a scan read struct pages.
      const cannot =
        kind === "bit that no entry uses" || (kind.endsWith("free lists") && name === "arm64-5.10");
      if (!cannot) expect(made).toBeGreaterThan(0);
    },
  );
});
