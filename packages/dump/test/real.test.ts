import { createHash } from "node:crypto";
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Decompressors, Dump } from "../src/index.ts";
import { bufferSource, openDump, portableDecompressors } from "../src/index.ts";
import { nodeDecompressors, openDumpFile } from "../src/node.ts";

const here = (name: string): string => fileURLToPath(new URL(`real/${name}`, import.meta.url));
const { pages }: { pages: Record<string, string> } = JSON.parse(fs.readFileSync(here("pages.json"), "utf8"));
const frames = Object.keys(pages).map(Number);

function hashes({ memory }: Dump): Record<string, string> {
  const bytes = new Uint8Array(4096);
  return Object.fromEntries(
    frames.map((frame) => {
      const outcome = memory.read(BigInt(frame) * 4096n, bytes);
      return [frame, outcome === "read" ? createHash("sha256").update(bytes).digest("hex") : outcome];
    }),
  );
}

const files = ["zlib.kdump", "lzo.kdump", "snappy.kdump", "zstd.kdump", "flat.kdump", "pages.avml"];
const ways: [string, () => Promise<Decompressors>][] = [
  ["Node's decompressors", nodeDecompressors],
  ["portable decompressors", portableDecompressors],
];

describe.each(ways)("with %s", (_, decompressors) => {
  test.each(files)("every page of %s is the guest's", async (name) => {
    const source = bufferSource(new Uint8Array(fs.readFileSync(here(name))), name);
    expect(hashes(openDump(source, { decompressors: await decompressors() }))).toEqual(pages);
  });
});

test("a file is read at its places, and its header says what it is", async () => {
  const dump = await openDumpFile(here("lzo.kdump"));
  const { form, compression, version, dumpLevel, complete, flattened, utsname, vmcoreinfo, bits, byteOrder } =
    dump;
  expect({ form, compression, version, dumpLevel, complete, flattened, bits, byteOrder }).toEqual({
    form: "kdump",
    compression: "lzo",
    version: 6,
    dumpLevel: 0,
    complete: true,
    flattened: false,
    bits: 64,
    byteOrder: "little",
  });
  expect(utsname?.release).toBe("6.1.0-50-amd64");
  expect(vmcoreinfo).toMatch(/^OSRELEASE=6\.1\.0-50-amd64\n/);
  expect(hashes(dump)).toEqual(pages);
  dump.close();
});

test("a read over pages that follow each other is their bytes in order, also with the smallest cache", async () => {
  const dump = await openDumpFile(here("zlib.kdump"), { cacheBytes: 65536 });
  const start = frames.find((frame) => [1, 2, 3].every((i) => frames.includes(frame + i))) as number;
  const all = new Uint8Array(4 * 4096 - 200);
  expect(dump.memory.read(BigInt(start) * 4096n + 100n, all)).toBe("read");
  const single = new Uint8Array(4096);
  for (let i = 0; i < 4; i++) {
    dump.memory.read(BigInt(start + i) * 4096n, single);
    const from = Math.max(0, i * 4096 - 100);
    const part = all.subarray(from, Math.min(all.length, (i + 1) * 4096 - 100));
    expect(part).toEqual(single.subarray(i === 0 ? 100 : 0, (i === 0 ? 100 : 0) + part.length));
  }
  dump.close();
});

test("the flattened file is complete, and says so no more when its end is cut off", async () => {
  const bytes = new Uint8Array(fs.readFileSync(here("flat.kdump")));
  expect(openDump(bufferSource(bytes)).complete).toBe(true);
  expect(openDump(bufferSource(bytes.subarray(0, bytes.length - 16))).complete).toBe(false);
});

test("pages past the end of a file that was cut short are lost, those before it are read", async () => {
  const bytes = new Uint8Array(fs.readFileSync(here("zlib.kdump")));
  const dump = openDump(bufferSource(bytes.subarray(0, bytes.length - 30000)), {
    decompressors: await nodeDecompressors(),
  });
  const outcomes = Object.entries(hashes(dump));
  const lost = outcomes.filter(([, hash]) => hash === "lost");
  expect(lost.length).toBeGreaterThan(0);
  expect(outcomes.filter(([frame, hash]) => hash !== "lost" && hash !== pages[frame])).toEqual([]);
  expect(lost.length).toBeLessThan(outcomes.length);
});
