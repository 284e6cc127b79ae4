import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Decompressors } from "../src/index.ts";
import { bufferSource, DumpError, openDump, portableDecompressors, unlzo, unsnappy } from "../src/index.ts";
import { nodeDecompressors } from "../src/node.ts";
import { elfFile, flattened, joined, kdumpFile, limeFile, note, page } from "./write.ts";

vi.setConfig({ testTimeout: 60_000 });

/** A generator of random numbers with a seed, so that what it found can be found again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % below;
  };
}

const real = (name: string): Uint8Array =>
  new Uint8Array(fs.readFileSync(fileURLToPath(new URL(`real/${name}`, import.meta.url))));

const kdump = kdumpFile({
  frames: 200,
  machine: [1, 2, 3, 100],
  pages: new Map([2, 100].map((i) => [i, page(i)])),
  vmcoreinfo: "OSRELEASE=6.1\n",
});
const seeds: Record<string, Uint8Array> = {
  kdump,
  "kdump of 32 bits": kdumpFile({ bits: 32, frames: 200, machine: [1, 2], pages: new Map([[2, page(2)]]) }),
  "a part of a set": kdumpFile({
    frames: 200,
    machine: [1, 2],
    pages: new Map([[2, page(2)]]),
    split: [1, 50],
  }),
  flattened: flattened(
    Array.from({ length: 20 }, (_, i) => [i * 2000, kdump.subarray(i * 2000, i * 2000 + 2000)]),
  ),
  elf: elfFile({
    segments: [
      { type: 4, paddr: 0, data: note("VMCOREINFO", 0, "OSRELEASE=6.1\n") },
      { paddr: 0x1000, data: page(1), memsz: 0x8000 },
      { paddr: 0x4000, data: page(2) },
    ],
  }),
  lime: limeFile([
    [0x1000, page(1)],
    [0x9000, joined([page(2), page(3)])],
  ]),
  "zlib.kdump": real("zlib.kdump"),
  "lzo.kdump": real("lzo.kdump"),
  "snappy.kdump": real("snappy.kdump"),
  "zstd.kdump": real("zstd.kdump"),
  "flat.kdump": real("flat.kdump"),
  "pages.avml": real("pages.avml"),
};
const interesting = [0, 1, 0x7f, 0x80, 0xff];

/** The same file with some bytes changed, most of them where headers are, or cut off. */
function spoiled(bytes: Uint8Array, below: (limit: number) => number): Uint8Array {
  const copy = bytes.slice();
  const reach = below(3) === 0 ? copy.length : Math.min(copy.length, 9000);
  for (let i = below(12); i >= 0; i--)
    copy[below(reach)] = below(2) === 0 ? below(256) : (interesting[below(interesting.length)] as number);
  return below(4) === 0 ? copy.subarray(0, below(copy.length)) : copy;
}

let ways: Decompressors[] = [];
beforeAll(async () => {
  ways = [await nodeDecompressors(), await portableDecompressors()];
});

/** Opens it and reads everywhere: what may be thrown is a DumpError, and nothing else. */
function use(bytes: Uint8Array, decompressors: Decompressors): void {
  try {
    const { memory } = openDump(bufferSource(bytes), { decompressors, cacheBytes: 65536 });
    const into = new Uint8Array(5000);
    for (const { start, end } of memory.ranges.slice(0, 30))
      for (const address of [start, (start + end) / 2n, end - 1n, end])
        expect(["read", "excluded", "outside", "lost", "damaged"]).toContain(memory.read(address, into));
    for (const address of [0n, 0x2000n, 0x9000n, 2n ** 45n]) memory.read(address, into);
  } catch (error) {
    if (!(error instanceof DumpError)) throw error;
    expect(error.message).toMatch(/^[A-Z_]+: .{10,300}$/s);
  }
}

describe("a file that was tampered with ends in an answer or in a DumpError", () => {
  test.each(Object.entries(seeds))("%s", (_, bytes) => {
    const rounds = bytes.length > 50_000 ? 15 : 150;
    for (let seed = 1; seed <= rounds; seed++)
      use(spoiled(bytes, random(seed * 7919)), ways[seed % 2] as Decompressors);
  });
});

describe("a block that was tampered with is refused, and nothing is written past the end", () => {
  test.each([
    ["LZO", unlzo],
    ["snappy", unsnappy],
  ] as const)("%s", (_, decompress) => {
    const below = random(5);
    const room = new Uint8Array(4096 + 64).fill(0xee);
    const wrong: string[] = [];
    let refused = 0;
    for (let round = 0; round < 20_000; round++) {
      const input = Uint8Array.from({ length: below(60) }, () => below(256));
      try {
        const written = decompress(input, room.subarray(0, 4096));
        if (written > 4096) wrong.push(`${written} bytes of ${input}`);
      } catch (error) {
        refused++;
        if ((error as Error).constructor.name !== "CorruptBlock") wrong.push(`${error} of ${input}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(room.subarray(4096).every((byte) => byte === 0xee)).toBe(true);
    expect(refused).toBeGreaterThan(15_000);
  });

  test("a bomb does not get past the page", () => {
    const copies = Uint8Array.of(
      0x80,
      0x80,
      0x40,
      0,
      0x61,
      ...Array.from({ length: 300 }, () => [0xfe, 1, 0]).flat(),
    );
    expect(() => unsnappy(copies, new Uint8Array(4096))).toThrow();
    const run = Uint8Array.of(0x15, 1, 2, 3, 4, 0x20, ...new Uint8Array(5000), 1, 0, 0, 0x11, 0, 0);
    expect(() => unlzo(run, new Uint8Array(4096))).toThrow();
  });
});
