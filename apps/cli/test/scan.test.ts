import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it, vi } from "vitest";
import { cut } from "../../../tools/cut/cut.ts";
import { objects, ptekit } from "./run.ts";

vi.setConfig({ testTimeout: 60_000 });

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-scan-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const dumpOf = (name: string): string =>
  fileURLToPath(new URL(`../../../packages/introspect/test/dumps/${name}.kdump`, import.meta.url));
const DUMPS = ["amd64-6.1", "arm64-5.10", "riscv64-7.2"].map((name) => [name, dumpOf(name)] as const);
const AMD64 = dumpOf("amd64-6.1");
const sum = (counts: unknown): number =>
  Object.values(counts as Record<string, number>).reduce((total, count) => total + count, 0);

describe.each(DUMPS)("%s", (_, dump) => {
  const [head = {}, ...processes] = objects(ptekit(["scan", "--json", dump]));
  const whole = objects(ptekit(["scan", "--json", "--census", dump]))[1] as Record<string, unknown>;

  it("every line of a scan carries buildId, kernel and arch", () => {
    const { buildId, kernel, arch } = head.dump as Record<string, unknown>;
    expect(processes.length).toBe(6);
    for (const process of processes) expect(process).toMatchObject({ buildId, kernel, arch });
    expect(whole).toMatchObject({ buildId, kernel, arch, processes: 6, suspicions: 0 });
  });

  it("census counts the page tables of all processes as the scan does, and of one with --pid", () => {
    const [census = {}] = objects(ptekit(["census", "--json", dump]));
    const kinds = census.kinds as Record<string, number>;
    const types = census.types as Record<string, number>;
    expect(census).toMatchObject({ buildId: whole.buildId, kernel: whole.kernel, processes: 6 });
    expect(kinds.swap).toBe(sum(whole.swap));
    for (const [type, count] of Object.entries(whole.swap as object)) expect(types[type]).toBe(count);
    expect(kinds.hwpoison).toBe(whole.hwpoison);
    // The scan counts base pages: the six huge pages are of upper levels.
    const huge = sum(whole.huge) * (2 ** 21 / 4096);
    expect(kinds.present).toBe((whole.present as number) - huge);
    const one = processes.at(-1) as Record<string, unknown>;
    const [own = {}] = objects(ptekit(["census", "--json", "--pid", `${one.pid}`, dump]));
    expect((own.kinds as Record<string, number>).swap).toBe(sum(one.swap));
    const [upper] = objects(ptekit(["census", "--json", "--level", "pmd", "--hugetlb", dump]));
    expect(upper?.total).toBe(sum(whole.hugetlb));
  });

  it("find names process, address and place of each entry, and vtop finds the same entry there", () => {
    const found = objects(ptekit(["find", "--json", "--kind", "swap", "--type", "1", dump]));
    expect(found.length).toBe((whole.swap as Record<string, number>)[1]);
    const { pid, address, at, pte } = found[0] as Record<string, string>;
    const [way = {}] = objects(ptekit(["vtop", "--json", dump, String(pid), address ?? ""]));
    const last = (way.path as Record<string, unknown>[]).at(-1);
    expect(last).toMatchObject({ at, entry: pte, meaning: expect.stringMatching(/^swap/) });
    const limited = ptekit(["find", "--kind", "swap", "--limit", "3", dump]);
    expect(limited.out.trimEnd().split("\n").length).toBe(3);
    expect(limited.out).toMatch(/^process \d+ \(\w+\), 0x[0-9a-f]+, pte at 0x[0-9a-f]+: 0x[0-9a-f]{16} swap/);
  });
});

describe("what is suspicious", () => {
  const faulty = async (fault: string, seed: number): Promise<string> => {
    const file = path.join(folder, "faulty.kdump");
    await cut([AMD64], file, { fault, seed });
    return file;
  };
  const found = (file: string): Record<string, unknown>[] =>
    objects(ptekit(["scan", "--json", "--corrupt", file]))
      .slice(1)
      .flatMap((process) => process.suspicious as Record<string, unknown>[]);

  it("carries what explain concludes: a flipped bit by its number", async () => {
    const causes: unknown[] = [];
    for (let seed = 1; causes.length < 3; seed++) {
      const file = await faulty("page frame outside memory", seed);
      const [one = {}, ...more] = found(file);
      if (more.length > 0) continue;
      const { cause, strength, sentence } = one.finding as Record<string, string>;
      causes.push(cause);
      expect({ kind: one.kind, cause, strength }).toEqual({
        kind: "pfn-outside",
        cause: "one-bit",
        strength: "likely",
      });
      expect(sentence).toContain(`bit ${(one.bits as number[])[0]} is flipped`);
      const { status, out } = ptekit(["scan", file]);
      expect(status).toBe(1);
      expect(out).toContain(`pte ${one.entry} · pfn-outside: page frame 0x`);
      expect(out).toContain(`  likely one-bit: ${sentence}`);
    }
  });

  it.each([
    ["overwritten table, with text", "text"],
    ["freed table, used for something else", "kernel-pointer"],
    ["table outside memory", "table-overwritten"],
  ])("%s: %s", async (fault, cause) => {
    const all = found(await faulty(fault, 1)).map(
      ({ finding }) => (finding as { cause: string } | null)?.cause,
    );
    expect(all).toContain(cause);
  });

  it("a table in a free page is told by its struct page", async () => {
    const all = found(await faulty("freed table, its page in the free lists", 1));
    expect(all).toMatchObject([{ kind: "freed-table", level: "pte", entry: null, finding: null }]);
  });
});

describe("find and census take a dump where they take a file", () => {
  it("exit status 1 where no entry of a dump fits", () => {
    expect(ptekit(["find", "--marker", "uffd-wp", "--offset", "9", AMD64]).status).toBe(1);
  });

  it.each([
    [["census", "--kernel", "6.1", AMD64], "--kernel goes with a file of PTEs"],
    [["find", "--byte-order", "big", AMD64], "--byte-order goes with a file of PTEs"],
    [["census", "--pid", "1", "-"], "--pid goes with a dump, and standard input is read as PTEs"],
    [["census", "--pid", "1", fileURLToPath(import.meta.url)], "begins like none"],
    [["census", "--arch", "sparc", "-"], "census needs --kernel R"],
    [["find", "--arch", "sparc", "-"], "find needs --kernel R"],
    [["census", "--arch", "amd64", "--kernel", "6.1", "a", "b"], "census takes one file of PTEs"],
    [["census", AMD64, dumpOf("arm64-5.10")], "each must be a part of one --split set"],
    [["find", "--pid", "x", AMD64], "--pid is a number"],
  ])("%j is refused in a sentence", (args, sentence) => {
    const { status, err, out } = ptekit(args);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err).toContain(sentence);
  });

  it("a process that is not there is no answer", () => {
    const { status, err } = ptekit(["census", "--pid", "99999", AMD64]);
    expect(status).toBe(1);
    expect(err).toContain("no process with memory of its own has pid 99999");
  });

  it("a dump that was cut short is read as far as it goes, or refused in a sentence", () => {
    const bytes = fs.readFileSync(AMD64);
    for (const size of [100, 5000, 70_000, bytes.length / 2]) {
      const file = path.join(folder, `cut-${size}`);
      fs.writeFileSync(file, bytes.subarray(0, size));
      for (const command of ["census", "find", "scan"]) {
        const { status, err } = ptekit([command, file]);
        expect([0, 1, 2]).toContain(status);
        if (status === 2) expect(err).toMatch(/^ptekit: .+\n$/);
      }
    }
  });
});
