import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import type { ByteSource } from "../src/index.ts";
import { blobSource, bufferSource, openDump } from "../src/index.ts";
import { fileSource, openDumpFile } from "../src/node.ts";
import { buffered } from "../src/source.ts";
import { limeFile, page } from "./write.ts";

const numbers = Uint8Array.from({ length: 10_000 }, (_, i) => (i * 7) & 255);

function reads(source: ByteSource): void {
  for (const [offset, length] of [
    [0, 1],
    [0, 10_000],
    [4090, 20],
    [9990, 100],
    [10_000, 5],
    [20_000, 5],
  ] as const) {
    const into = new Uint8Array(length);
    const got = source.read(offset, into);
    expect(got).toBe(Math.max(0, Math.min(length, 10_000 - offset)));
    expect(into.subarray(0, got)).toEqual(numbers.subarray(offset, offset + got));
  }
}

test("buffers, files, Blobs, and any of them with a cache, give the same bytes", () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-")), "numbers");
  fs.writeFileSync(file, numbers);
  const opened = fileSource(file);
  // What a browser's worker has, over a Blob whose parts Node would only give later.
  const blob = { size: numbers.length, slice: (start: number, end: number) => numbers.slice(start, end) };
  const reader = { readAsArrayBuffer: (part: Uint8Array) => part.buffer as ArrayBuffer };
  for (const source of [bufferSource(numbers), opened, blobSource(blob, "a Blob", reader)]) {
    expect(source.size).toBe(10_000);
    reads(source);
    reads(buffered(source, 8192));
    reads(buffered(source, 300, 100));
  }
  opened.close();
});

test("a cache asks for a block once", () => {
  let asked = 0;
  const source = {
    ...bufferSource(numbers),
    read: (at: number, into: Uint8Array) => {
      asked++;
      return bufferSource(numbers).read(at, into);
    },
  };
  const cached = buffered(source, 8192);
  for (let i = 0; i < 4096; i++) cached.read(i, new Uint8Array(1));
  expect(asked).toBe(1);
});

test("outside a worker a Blob is refused by code", () => {
  expect(() => blobSource(new Blob([numbers]))).toThrow(/^BAD_ARGUMENT: /);
});

test("what is no file is refused by code", async () => {
  expect(() => fileSource(os.tmpdir())).toThrow(/^BAD_FILE: .*directory/);
  expect(() => fileSource("/no/such/file")).toThrow(/^BAD_FILE: /);
  await expect(openDumpFile(["/no/such/file"])).rejects.toThrow(/^BAD_FILE: /);
});

test("memory of a dump does not grow with the dump", () => {
  // A terabyte of which nothing is read but what is asked for.
  const size = 2 ** 40;
  const head = limeFile([[0, new Uint8Array(32)]]).subarray(0, 32);
  new DataView(head.buffer, head.byteOffset).setBigUint64(16, BigInt(size - 33), true);
  let bytes = 0;
  const source: ByteSource = {
    name: "a terabyte",
    size,
    read: (offset, into) => {
      bytes += into.length;
      into.fill(3);
      if (offset < 32) into.set(head.subarray(offset, offset + into.length));
      return Math.min(into.length, size - offset);
    },
  };
  const dump = openDump(source);
  const into = new Uint8Array(4096);
  expect(dump.memory.read(2n ** 39n, into)).toBe("read");
  expect(into).toEqual(page(3));
  expect(bytes).toBeLessThan(100_000);
});
