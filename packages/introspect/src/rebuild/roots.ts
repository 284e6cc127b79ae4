// The kernel's own top table, by what it looks like, and what it maps, from physical addresses to virtual ones.
import type { ArchBackend, Geometry, LevelCodec } from "@ptekit/core";
import { addressBitsOf, matches, PtekitError, presentPfn, tablesOf } from "@ptekit/core";
import type { PhysicalMemory } from "@ptekit/dump";
import { memoryPieces } from "../pieces.ts";
import { halfTest } from "../scan/halves.ts";
import { MOST_IMAGE } from "./anchors.ts";

/** The likeliest that are tried. */
const MOST_ROOTS = 1024;
/** Entries that are looked at for one address: the kernel's half has its image near the end. */
const MOST_ENTRIES = 2 ** 20;

/** Tables that look like the kernel's own, the nearest to a place of the image first: it lies in the image, too. */
export function kernelRoots(memory: PhysicalMemory, backend: ArchBackend, place: bigint): bigint[] {
  const { geometry, layout, kernel } = backend;
  if (geometry === null) throw new PtekitError("NO_GEOMETRY", `${layout.id}: its tables are not described`);
  const [top] = tablesOf(geometry, layout, kernel.byteOrder) as readonly [LevelCodec];
  const isTop = topTest(memory, geometry, top, kernel.byteOrder === "little");
  const page = 2 ** kernel.pageShift;
  const found: { root: bigint; distance: number }[] = [];
  const from = place > MOST_IMAGE ? place - MOST_IMAGE : 0n;
  for (const { address, bytes, own } of memoryPieces(memory, from, place + MOST_IMAGE)) {
    const view = new DataView(bytes.buffer);
    for (let at = Number(-address & BigInt(page - 1)); at < own; at += page) {
      if (at + top.entries * top.bytes > bytes.length) break;
      const root = address + BigInt(at);
      if (isTop(view, at)) found.push({ root, distance: Math.abs(Number(root - place)) });
    }
  }
  return found
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_ROOTS)
    .map(({ root }) => root);
}

/** Whether something is a top table of the kernel's: it has entries, none of them a user's, and all lead to memory. */
function topTest(
  memory: PhysicalMemory,
  { root }: Geometry,
  { level, bytes, entries, below }: LevelCodec,
  little: boolean,
): (view: DataView, at: number) => boolean {
  const entry = level.entry;
  if (entry === undefined || bytes !== 8) return () => false;
  const [isNone, isTable] = [halfTest(entry.none), halfTest(entry.table)];
  const isLeaf = entry.leaf === undefined ? () => false : halfTest(entry.leaf);
  const firstOfKernel = root.userEntries ?? 0;
  const hasTable = (word: bigint): boolean => {
    const address = below(word);
    return memory.ranges.some(({ start, end }) => address >= start && address < end);
  };
  return (view, at) => {
    let isUsed = false;
    for (let i = 0; i < entries; i++) {
      const low = view.getUint32(at + 8 * i + (little ? 0 : 4), little);
      const high = view.getUint32(at + 8 * i + (little ? 4 : 0), little);
      if (isNone(low, high)) continue;
      if (i < firstOfKernel) return false;
      if (isTable(low, high) ? !hasTable(view.getBigUint64(at + 8 * i, little)) : !isLeaf(low, high))
        return false;
      isUsed = true;
    }
    return isUsed;
  };
}

/** The highest virtual address of the kernel's that leads to a physical one; null where none is found. */
export function virtualOf(
  memory: PhysicalMemory,
  { geometry, layout, present, kernel }: ArchBackend,
  root: bigint,
  physical: bigint,
): bigint | null {
  if (geometry === null || present === null) return null;
  const codecs = tablesOf(geometry, layout, kernel.byteOrder);
  const above = BigInt.asUintN(64, -1n << BigInt(addressBitsOf(geometry.levels)));
  let left = MOST_ENTRIES;

  const search = (depth: number, table: bigint, base: bigint): bigint | null => {
    const codec = codecs[depth] as LevelCodec;
    const bytes = new Uint8Array(codec.entries * codec.bytes);
    if (memory.read(table, bytes) !== "read") return null;
    const first = depth === 0 ? (geometry.root.userEntries ?? 0) : 0;
    for (let i = codec.entries - 1; i >= first && left-- > 0; i--) {
      const word = codec.read(bytes, i);
      if (word === 0n) continue;
      const address = base | (BigInt(i) << BigInt(codec.level.shift));
      const page = pageOf(codec, word);
      const found =
        page === null
          ? codec.kindOf(word) === "table" && depth + 1 < codecs.length
            ? search(depth + 1, codec.below(word), address)
            : null
          : physical >= page && physical < page + (1n << BigInt(codec.level.shift))
            ? address | (physical - page)
            : null;
      if (found !== null) return found;
    }
    return null;
  };
  /** The page that an entry maps, or null. */
  const pageOf = (codec: LevelCodec, word: bigint): bigint | null => {
    if (codec.level.entry !== undefined) return codec.kindOf(word) === "leaf" ? codec.page(word) : null;
    return matches(layout.present, word) ? presentPfn(present, word) << BigInt(kernel.pageShift) : null;
  };
  return search(0, root, above);
}
