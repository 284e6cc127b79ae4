// Dumps that were tampered with: what is changed in which dump, and whether it ends in an answer or in a sentence.
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { PtekitError } from "@ptekit/core";
import type { Dump, PhysicalMemory } from "@ptekit/dump";
import { bufferSource, DumpError, openDump } from "@ptekit/dump";
import { nodeDecompressors } from "@ptekit/dump/node";
import { openKernel, scannerOf } from "../src/index.ts";

/** Bytes that are written over others: where, and them in hexadecimal. */
export type Patch = readonly [at: number, hex: string];

/** A dump, and what is wrong with it. */
export interface HostileCase {
  /** Below packages. */
  readonly dump: string;
  /** Whether the patches are of the file, or of the memory in it. */
  readonly of: "file" | "memory";
  readonly patches: readonly Patch[];
  /** Where the file ends. */
  readonly cut?: number;
  /** How the kernel is found: as the dump says, without VMCOREINFO, or as page tables alone. */
  readonly way: "said" | "rebuilt" | "alone";
}

/** What came of it: an answer's kind, or the code of an error. */
export interface HostileOutcome {
  readonly said: string;
  /** What should not have come of it; empty where all is well. */
  readonly faults: readonly string[];
}

const DUMPS = [
  "introspect/test/dumps/amd64-6.1.kdump",
  "introspect/test/dumps/amd64-6.1-crashed.kdump",
  "introspect/test/dumps/arm64-5.10.kdump",
  "introspect/test/dumps/riscv64-7.2.kdump",
];
const FILES = ["zlib.kdump", "lzo.kdump", "snappy.kdump", "zstd.kdump", "flat.kdump", "pages.avml"].map(
  (name) => `dump/test/real/${name}`,
);
const MOST_SENTENCE = 1000;

const kept = new Map<string, Uint8Array>();
function bytesOf(name: string): Uint8Array {
  const known = kept.get(name);
  if (known !== undefined) return known;
  const bytes = new Uint8Array(fs.readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url))));
  kept.set(name, bytes);
  return bytes;
}

const raw = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));

/** Runs a case. Only what is a fault of the readers is told as one. */
export async function runCase({ dump: name, of, patches, cut, way }: HostileCase): Promise<HostileOutcome> {
  const faults: string[] = [];
  try {
    const file = of === "file" ? bytesOf(name).slice(0, cut) : bytesOf(name);
    if (of === "file")
      for (const [at, hex] of patches)
        if (at < file.length) file.set(raw(hex).subarray(0, file.length - at), at);
    const dump = openDump(bufferSource(file), { decompressors: await nodeDecompressors() });
    const memory = of === "file" ? dump.memory : patched(dump.memory, patches);
    if (!name.startsWith("introspect")) return { said: readAll(memory), faults };
    return { said: await scanAll({ ...dump, memory }, way, faults), faults };
  } catch (error) {
    if (!(error instanceof PtekitError || error instanceof DumpError))
      return { said: "thrown", faults: [...faults, error instanceof Error ? `${error.stack}` : `${error}`] };
    if (!/^[A-Z_]+$/.test(error.code) || error.message.length < 8 || error.message.length > MOST_SENTENCE)
      faults.push(`an error without a sentence: ${error.message.slice(0, 200)}`);
    // No argument of ours is wrong: that is what a reader says which takes a stranger's word for its caller's.
    if (error.code === "BAD_ARGUMENT") faults.push(`an error that blames the caller: ${error.message}`);
    return { said: error.code, faults };
  }
}

function readAll(memory: PhysicalMemory): string {
  const into = new Uint8Array(5000);
  const outcomes = new Set<string>();
  for (const { start, end } of memory.ranges.slice(0, 200))
    for (const address of [start, (start + end) / 2n, end - 1n, end])
      outcomes.add(memory.read(address, into));
  return [...outcomes].sort().join();
}

async function scanAll(dump: Dump, way: HostileCase["way"], faults: string[]): Promise<string> {
  const bare = way === "said" ? dump : { ...dump, vmcoreinfo: null, memory: withoutTexts(dump.memory) };
  const opened = way === "alone" ? { ...bare, memory: withoutImages(bare.memory) } : bare;
  const kernel = await openKernel(opened, way === "alone" ? { release: "6.1" } : {});
  const scanner = await scannerOf(kernel, opened.memory);
  let processes = 0;
  for (const process of kernel.processes()) {
    const { problems, suspicious } = scanner.scan(process);
    processes++;
    for (const sentence of [...problems, ...suspicious.map((one) => one.sentence)])
      if (sentence.length > MOST_SENTENCE) faults.push(`a sentence of ${sentence.length} characters`);
  }
  const devices = kernel.swapDevices();
  if (typeof devices !== "string" && devices.length > 32) faults.push(`${devices.length} swap devices`);
  if (kernel.problems.length > 10_000) faults.push(`${kernel.problems.length} problems`);
  return processes === 0 ? "no process" : kernel.how.vmcoreinfo.startsWith("none") ? "found" : "scanned";
}

/** The same memory with patches. */
export const patched = (memory: PhysicalMemory, patches: readonly Patch[]): PhysicalMemory => {
  const own = patches.map(([at, hex]) => [BigInt(at), raw(hex)] as const);
  return {
    ranges: memory.ranges,
    read: (address, into) => {
      const outcome = memory.read(address, into);
      if (outcome !== "read") return outcome;
      for (const [at, bytes] of own)
        for (let i = 0; i < bytes.length; i++) {
          const place = Number(at - address) + i;
          if (place >= 0 && place < into.length) into[place] = bytes[i] as number;
        }
      return outcome;
    },
  };
};

/** Zeros where a page fits. */
const without = (memory: PhysicalMemory, isHidden: (head: Uint8Array) => boolean): PhysicalMemory => {
  const head = new Uint8Array(4096);
  const known = new Map<bigint, boolean>();
  return {
    ranges: memory.ranges,
    read: (address, into) => {
      const outcome = memory.read(address, into);
      if (outcome !== "read") return outcome;
      const end = address + BigInt(into.length);
      for (let page = address & ~4095n; page < end; page += 4096n) {
        let hidden = known.get(page);
        if (hidden === undefined) {
          hidden = memory.read(page, head) === "read" && isHidden(head);
          known.set(page, hidden);
        }
        if (!hidden) continue;
        const start = Number(page - address);
        into.fill(0, Math.max(0, start), Math.max(0, Math.min(into.length, start + 4096)));
      }
      return outcome;
    },
  };
};
const withoutTexts = (memory: PhysicalMemory): PhysicalMemory =>
  without(memory, (head) => Buffer.from(head.subarray(0, 64)).includes("OSRELEASE="));
const withoutImages = (memory: PhysicalMemory): PhysicalMemory =>
  without(memory, (page) => {
    const text = Buffer.from(page.buffer);
    return text.includes("0\x001\x002\x003\x004\x00") || text.includes("Linux version ");
  });

/** Places in memory that a scan reads, and how many bytes of each: what a fault must hit to be met. */
export interface Places {
  readonly at: Float64Array;
  readonly bytes: Uint32Array;
}

const reads = new Map<string, Places>();

/** Of structs, nodes and tables as often as of names and types, which are read in large pieces. */
export async function placesOf(name: string): Promise<Places> {
  const known = reads.get(name);
  if (known !== undefined) return known;
  const dump = openDump(bufferSource(bytesOf(name)), { decompressors: await nodeDecompressors() });
  const at: number[] = [];
  const bytes: number[] = [];
  const memory: PhysicalMemory = {
    ranges: dump.memory.ranges,
    read: (address, into) => {
      at.push(Number(address));
      bytes.push(into.length);
      return dump.memory.read(address, into);
    },
  };
  await scanAll({ ...dump, memory }, "said", []);
  const places = { at: Float64Array.from(at), bytes: Uint32Array.from(bytes) };
  reads.set(name, places);
  return places;
}

/** Words that headers, pointers and counts should not be. */
const WORDS = [
  "00000000",
  "ffffffff",
  "ffffff7f",
  "00000080",
  "01000000",
  "0000000000000000",
  "ffffffffffffffff",
  "ffffffffffffff7f",
  "0000000000000080",
  "0000000001000000",
  "00f0ffffffffffff",
];

/** The case of a number: always the same one. */
export async function caseOf(seed: number): Promise<HostileCase> {
  const below = random(seed);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const kind = below(10);
  if (kind < 3) {
    const name = pick(kind === 0 ? DUMPS : FILES);
    const { length } = bytesOf(name);
    // Headers, bitmaps and descriptors lie in front.
    const reach = (): number => below(pick([512, 5000, 40_000, length]));
    return {
      dump: name,
      of: "file",
      patches: Array.from({ length: 1 + below(6) }, () => [reach(), someBytes(below, pick)] as const),
      ...(below(5) === 0 ? { cut: reach() } : {}),
      way: "said",
    };
  }
  const name = pick(DUMPS);
  const places = await placesOf(name);
  const place = (): number => {
    const i = below(places.at.length);
    const size = places.bytes[i] as number;
    const within = below(Math.max(1, size));
    return (places.at[i] as number) + (below(2) === 0 ? within & ~7 : within);
  };
  const patch = (): Patch => {
    const at = place();
    // A pointer to itself, or to what something else points to: cycles, and one struct in the place of another.
    const links = below(4);
    if (links === 0) return [at & ~7, wordAt(name, place() & ~7)];
    if (links === 1) return [at & ~7, wordAt(name, at & ~7, below(3) === 0 ? 8n : 0x1000n)];
    return [at, someBytes(below, pick)];
  };
  return {
    dump: name,
    of: "memory",
    patches: Array.from({ length: pick([1, 1, 2, 4, 16]) }, patch),
    way: pick(["said", "said", "said", "said", "rebuilt", "alone"] as const),
  };
}

const opened = new Map<string, Dump>();

/** The word at a place, so much added, in hexadecimal. */
function wordAt(name: string, at: number, plus = 0n): string {
  let dump = opened.get(name);
  if (dump === undefined) {
    dump = openDump(bufferSource(bytesOf(name)), { decompressors: inflate });
    opened.set(name, dump);
  }
  const word = new Uint8Array(8);
  dump.memory.read(BigInt(at), word);
  const view = new DataView(word.buffer);
  view.setBigUint64(0, BigInt.asUintN(64, view.getBigUint64(0, true) + plus), true);
  return Buffer.from(word).toString("hex");
}
const inflate = await nodeDecompressors();

function someBytes(below: (limit: number) => number, pick: <T>(items: readonly T[]) => T): string {
  if (below(3) > 0) return pick(WORDS);
  return Buffer.from(Uint8Array.from({ length: pick([1, 1, 2, 4, 8]) }, () => below(256))).toString("hex");
}

/** Random numbers of a seed. */
function random(seed: number): (below: number) => number {
  let state = Math.imul(seed, 0x9e3779b1) | 0;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % Math.max(1, below);
  };
}
