// Roots of user space alone, where the kernel has its own: trees of which every entry is one of user space.
import type { ArchBackend, Architecture, LevelCodec, Predicate } from "@ptekit/core";
import { tablesOf } from "@ptekit/core";
import type { PhysicalMemory } from "@ptekit/dump";
import { halfPfn, halfTest } from "../scan/halves.ts";
import { type EntryTests, entryTests, memoryTest } from "./entries.ts";
import type { RootFinder } from "./interface.ts";

/** What may fill memory, and take time, in a dump that means harm. */
const MOST_CANDIDATES = 2 ** 18;
const MOST_TABLES = 2 ** 22;

/** Finds them; null where nothing tells the kernel's entries from those of user space. */
export function ownTreeFinder(
  memory: PhysicalMemory,
  { vmcore }: Architecture,
  { geometry, layout, present, kernel }: ArchBackend,
): RootFinder | null {
  if (geometry === null || present === null || vmcore?.kernelEntry === undefined) return null;
  if (geometry.root.userEntries !== undefined || layout.pteBits !== 64) return null;
  const codecs = tablesOf(geometry, layout, kernel.byteOrder);
  const tests = codecs.slice(0, -1).map((codec) => entryTests(codec, memory));
  if (tests.some((test) => test === null)) return null;
  const upper = tests as readonly EntryTests[];
  const top = codecs[0] as LevelCodec;
  const little = kernel.byteOrder === "little";
  const isKernels = halfTest(vmcore.kernelEntry);
  const isPresent = halfTest(layout.present);
  const isSpecial =
    present.reads.special === undefined ? () => false : halfTest(present.reads.special as Predicate);
  const pfnOf = halfPfn(present);
  const pageBytes = 2 ** kernel.pageShift;
  const hasMemory = memoryTest(memory);
  const step = Math.max(geometry.root.align, 64);
  const candidates: bigint[] = [];
  const low = (view: DataView, at: number): number => view.getUint32(at + (little ? 0 : 4), little);
  const high = (view: DataView, at: number): number => view.getUint32(at + (little ? 4 : 0), little);

  /** Where the tables lead that an upper table names; null where it is none of user space. */
  const tablesIn = (view: DataView, at: number, depth: number): bigint[] | null => {
    const codec = codecs[depth] as LevelCodec;
    const { isNone, isTable, isLeaf } = upper[depth] as EntryTests;
    const below: bigint[] = [];
    for (let i = 0; i < codec.entries; i++) {
      const [l, h] = [low(view, at + 8 * i), high(view, at + 8 * i)];
      if ((l | h) === 0 || isNone(l, h)) continue;
      // A table's entry is like one of the kernel's; a page's is not.
      if (isKernels(l, h) && isTable(l, h)) below.push(codec.below(view.getBigUint64(at + 8 * i, little)));
      else if (isKernels(l, h) || (isPresent(l, h) && !isLeaf(l, h))) return null;
    }
    return below;
  };
  /** How many pages of user space a table of PTEs maps; null where it is none. */
  const pagesIn = (view: DataView): number | null => {
    const codec = codecs.at(-1) as LevelCodec;
    let pages = 0;
    for (let at = 0; at < codec.entries * codec.bytes; at += codec.bytes) {
      const [l, h] = [low(view, at), high(view, at)];
      if ((l | h) === 0) continue;
      if (isKernels(l, h)) return null;
      if (!isPresent(l, h)) continue;
      if (!isSpecial(l, h) && !hasMemory(pfnOf(l, h) * pageBytes)) return null;
      pages++;
    }
    return pages;
  };
  let left = MOST_TABLES;
  const buffers = codecs.map((codec) => new Uint8Array(codec.entries * codec.bytes));
  /** How many pages a tree maps; null where something in it is none of user space's. */
  const pagesOf = (table: bigint, depth: number): number | null => {
    const bytes = buffers[depth] as Uint8Array;
    // What was left out of a dump speaks neither for it nor against it.
    if (left-- <= 0 || memory.read(table, bytes) !== "read") return 0;
    const view = new DataView(bytes.buffer);
    if (depth === codecs.length - 1) return pagesIn(view);
    const below = tablesIn(view, 0, depth);
    if (below === null) return null;
    let pages = 0;
    for (const next of below) {
      const more = pagesOf(next, depth + 1);
      if (more === null) return null;
      pages += more;
    }
    return pages;
  };

  const tablesBelow = (root: bigint): readonly bigint[] => {
    const bytes = buffers[0] as Uint8Array;
    const view = new DataView(bytes.buffer);
    return memory.read(root, bytes) === "read" ? (tablesIn(view, 0, 0) ?? []) : [];
  };

  return {
    visit: (address, bytes, own) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let at = Number(-address & BigInt(step - 1)); at < own; at += step) {
        if (at + top.entries * 8 > bytes.length || candidates.length === MOST_CANDIDATES) return;
        const below = tablesIn(view, at, 0);
        if (below !== null && below.length > 0) candidates.push(address + BigInt(at));
      }
    },
    found: () => {
      const roots = candidates.filter((root) => (pagesOf(root, 0) ?? 0) > 0);
      return { roots, below: new Set(roots.flatMap(tablesBelow)), kernel: null };
    },
  };
}
