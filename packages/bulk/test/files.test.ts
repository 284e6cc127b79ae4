import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { compile } from "@ptekit/bulk";
import { decodeFile, fileBlocks, findInFile } from "@ptekit/bulk/node";
import { PtekitError } from "@ptekit/core";
import { afterAll, describe, expect, it } from "vitest";
import { bytesOf, rowOf, scalarRow, wordsFor } from "./agreement.ts";
import { architectures } from "./backends.ts";

const arch = (await architectures()).find(({ name }) => name === "x86_64");
if (!arch) throw new Error("x86_64 is missing");
const backend = arch.for({ release: "6.12" });
const decoder = await compile(backend);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-bulk-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const fileOf = (name: string, bytes: Uint8Array): string => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, bytes);
  return file;
};

const words = wordsFor(backend, 150_000, 11);
const bytes = bytesOf(backend, words);
const file = fileOf("ptes", bytes);

describe("decodeFile", () => {
  it.each([1, 2, 3, 7])("counts with %i workers as one call counts", async (workers) => {
    let last: [number, number | null] = [0, 0];
    const onProgress = (done: number, total: number | null): void => {
      last = [done, total];
    };
    expect(await decodeFile(file, { backend, workers, onProgress })).toEqual(decoder.census(bytes));
    expect(last).toEqual([bytes.length, bytes.length]);
  });

  it("counts with the JavaScript engine, and an empty file", async () => {
    expect(await decodeFile(file, { backend, workers: 2, engine: "javascript" })).toEqual(
      decoder.census(bytes),
    );
    expect((await decodeFile(fileOf("empty", new Uint8Array(0)), { backend })).total).toBe(0);
  });

  it("takes an open descriptor and leaves it open", async () => {
    const fd = fs.openSync(file, "r");
    expect((await decodeFile(fd, { backend, workers: 2 })).total).toBe(words.length);
    fs.closeSync(fd);
  });

  // In CI more than a Buffer holds; elsewhere what is enough to see memory that grows.
  const GIB = process.env.PTEKIT_WHOLE === "1" ? 5 : 1;

  it(`counts a sparse file of ${GIB} GiB in memory that does not grow with it`, async () => {
    const sparse = path.join(folder, "sparse");
    const fd = fs.openSync(sparse, "w");
    fs.ftruncateSync(fd, GIB * 2 ** 30);
    fs.writeSync(fd, bytes, 0, 8000, (GIB - 1) * 2 ** 30 + 8);
    fs.closeSync(fd);
    const before = process.memoryUsage().rss;
    let highest = 0;
    const onProgress = (): void => {
      highest = Math.max(highest, process.memoryUsage().rss);
    };
    const census = await decodeFile(sparse, { backend, workers: 2, onProgress });
    const some = decoder.census(bytes.subarray(0, 8000));
    const rest = GIB * 2 ** 27 - 1000;
    expect(census).toEqual({
      ...some,
      total: rest + 1000,
      kinds: { ...some.kinds, none: some.kinds.none + rest },
    });
    expect(highest - before).toBeLessThan(200 * 2 ** 20);
    fs.rmSync(sparse);
  }, 120_000);

  const refused = async (work: Promise<unknown>): Promise<string> => {
    const error: unknown = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(PtekitError);
    return String(error);
  };

  it("refuses a file whose last PTE is cut off, without counts", async () => {
    const cut = fileOf("cut", bytes.subarray(0, 8003));
    expect(await refused(decodeFile(cut, { backend, workers: 2 }))).toMatch(
      /^BAD_FILE: .* ends inside PTE 1000: 3 of 8 bytes/,
    );
  });

  it("refuses what is missing, a directory, or no number of workers", async () => {
    expect(await refused(decodeFile(path.join(folder, "missing"), { backend }))).toMatch(
      /^BAD_FILE: .*ENOENT/,
    );
    expect(await refused(decodeFile(folder, { backend }))).toMatch(/is a directory$/);
    expect(await refused(decodeFile(999, { backend }))).toMatch(/^BAD_FILE: descriptor 999 cannot be read/);
    expect(await refused(decodeFile(file, { backend, workers: 0 }))).toMatch(/^BAD_ARGUMENT: workers is/);
  });

  it.each([1, 2])("reports a file that loses its end while %i workers read it", async (workers) => {
    const big = path.join(folder, "shrinks");
    fs.writeFileSync(big, "");
    fs.truncateSync(big, 2 ** 28);
    const onProgress = (): void => {
      fs.truncateSync(big, 2 ** 20);
    };
    expect(await refused(decodeFile(big, { backend, workers, onProgress }))).toMatch(
      /^BAD_FILE: .*shrinks changed while it was read: 268435456 bytes at first, \d+ at last/,
    );
  });

  it.each([1, 2])("stops with %i workers when its signal says so", async (workers) => {
    const big = path.join(folder, "big");
    fs.writeFileSync(big, "");
    fs.truncateSync(big, 2 ** 30);
    const stop = new AbortController();
    const onProgress = (): void => stop.abort(new Error("enough"));
    await expect(decodeFile(big, { backend, workers, onProgress, signal: stop.signal })).rejects.toThrow(
      "enough",
    );
  });

  it("counts a pipe", async () => {
    const child = spawn(
      process.execPath,
      ["-e", `process.stdout.write(require("fs").readFileSync(${JSON.stringify(file)}))`],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    expect(await decoder.censusOf(child.stdout)).toEqual(decoder.census(bytes));
  });
});

describe("blocks of a file", () => {
  it("are decoded one after the other", async () => {
    let next = 0;
    const progress: number[] = [];
    const onProgress = (done: number): void => void progress.push(done);
    for await (const block of fileBlocks(decoder, file, { ptesPerBlock: 40_000, onProgress })) {
      expect(block.first).toBe(next);
      for (const i of [0, 1, block.count - 1]) {
        expect(rowOf(block.columns, i)).toEqual(scalarRow(backend, words[next + i] as bigint));
      }
      next += block.count;
    }
    expect(next).toBe(words.length);
    expect(progress).toEqual([40_000, 80_000, 120_000, 150_000]);
  });

  it("are searched, and the file is closed also when the search is broken off", async () => {
    const found: number[] = [];
    for await (const place of findInFile(decoder, file, { marker: "uffd-wp" }, { ptesPerBlock: 7000 }))
      found.push(place);
    expect(found).toEqual([...decoder.find(bytes, { marker: "uffd-wp" })]);
    const open = fs.readdirSync("/proc/self/fd").length;
    for await (const place of findInFile(decoder, file, { type: 1 })) {
      expect(place).toBeGreaterThanOrEqual(0);
      break;
    }
    expect(fs.readdirSync("/proc/self/fd").length).toBe(open);
  });
});
