import { onesMask } from "../data/bits.ts";
import type { Geometry, Level, UpperEntry } from "../data/geometry.ts";
import { addressBitsOf, gather } from "../data/geometry.ts";
import type { Layout } from "../data/layout.ts";
import { pteBytesOf } from "../data/layout.ts";
import { matches } from "../data/predicate.ts";
import type { TreeOptions } from "../interface/walk.ts";
import { requireGeometry, requireLayout } from "../util/require.ts";

// The bit arithmetic of tables: which entry an address chooses, what kind it is, and where it leads.

/** What an entry is for the walk. `other`: not none, and neither a table nor a page of its own. */
export type EntryKind = "none" | "table" | "leaf" | "other";

/** How the words of a table stand in memory. */
export interface Cells {
  /** From one entry to the next, copies included. */
  readonly bytes: number;
  read(bytes: Uint8Array, index: number): bigint;
}

/** The verbs of one level, on bare numbers; no checks. */
export interface LevelCodec extends Cells {
  readonly level: Level;
  readonly entries: number;
  indexOf(address: bigint): number;
  /** Of an upper level's entry. */
  kindOf(entry: bigint): EntryKind;
  /** The physical address of the table that an entry leads to. */
  below(entry: bigint): bigint;
  /** The physical address of the page that an entry maps by itself. */
  page(entry: bigint): bigint;
}

/** The verbs of every level, from the root down. */
export function tablesOf(
  geometry: Geometry,
  layout: Layout,
  byteOrder: "little" | "big",
  options: TreeOptions = {},
): readonly LevelCodec[] {
  requireGeometry(geometry);
  requireLayout(layout);
  return geometry.levels.map((level) => levelCodec(level, layout, byteOrder, options));
}

function levelCodec(level: Level, layout: Layout, order: "little" | "big", options: TreeOptions): LevelCodec {
  const { shift, indexBits, entry, region } = level;
  const isPte = entry === undefined;
  const wide = (isPte ? layout.pteBits / 8 : entry.bytes) === 8;
  const pair = isPte && layout.lowWordFirst === true;
  const regionBits = region === undefined ? 0 : region.bits;
  const low = onesMask(indexBits);
  const { smeMask = 0n } = options;
  return {
    level,
    entries: 2 ** (indexBits + regionBits),
    bytes: isPte ? pteBytesOf(layout) : entry.bytes,
    read: reader(isPte ? pteBytesOf(layout) : entry.bytes, wide, pair, order === "little"),
    indexOf: (address) => {
      const index = (address >> BigInt(shift)) & low;
      if (region === undefined) return Number(index);
      const upper = (address >> BigInt(region.shift)) & onesMask(region.bits);
      return Number((upper << BigInt(indexBits)) | index);
    },
    ...(isPte ? noUpper : upperVerbs(entry, shift, smeMask, options.linear)),
  };
}

/** PTEs lead nowhere: what they say is the layout's. */
const noUpper = {
  kindOf: (): EntryKind => "other",
  below: (): bigint => 0n,
  page: (): bigint => 0n,
};

function upperVerbs(
  entry: UpperEntry,
  shift: number,
  smeMask: bigint,
  given: bigint | undefined,
): Pick<LevelCodec, "kindOf" | "below" | "page"> {
  const plus = entry.plus ?? 0n;
  const linear = entry.linear === undefined ? 0n : (given ?? entry.linear);
  const address = (word: bigint): bigint => gather(entry.address, word);
  const page = (word: bigint): bigint => gather(entry.page ?? entry.address, word);
  return {
    kindOf: (word) => {
      if (matches(entry.none, word)) return "none";
      if (matches(entry.table, word)) return "table";
      return entry.leaf !== undefined && matches(entry.leaf, word) ? "leaf" : "other";
    },
    below: (word) => address(word & ~smeMask) - linear + plus,
    page: (word) => (page(word & ~smeMask) >> BigInt(shift)) << BigInt(shift),
  };
}

function reader(stride: number, wide: boolean, pair: boolean, little: boolean): Cells["read"] {
  return (bytes, index) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset + index * stride, wide ? 8 : 4);
    if (!wide) return BigInt(view.getUint32(0, little));
    if (!pair) return view.getBigUint64(0, little);
    return (BigInt(view.getUint32(4, little)) << 32n) | BigInt(view.getUint32(0, little));
  };
}

/**
 * The level whose tables a root of such entries is one of: 0 unless the geometry's roots are told by their entries' tag.
 * Null where the tag is of no level.
 */
export function rootLevelOf(geometry: Geometry, firstEntry: bigint): number | null {
  if (geometry.rootIsTagged !== true) return 0;
  const found = geometry.levels.findIndex(
    ({ tag }) => tag !== undefined && (firstEntry & tag.mask) === tag.value,
  );
  return found < 0 ? null : found;
}

/** Whether the tables from a level down translate an address: what is above their bits is a user's zeros, or the kernel's base. */
export function covers(
  geometry: Geometry,
  rootLevel: number,
  address: bigint,
  addressWidth: 32 | 64,
): boolean {
  const bits = BigInt(addressBitsOf(geometry.levels.slice(rootLevel)));
  const region = geometry.levels[rootLevel]?.region;
  const width = BigInt(region === undefined ? addressWidth : region.shift);
  const all = onesMask(Number(width));
  if (address >> BigInt(addressWidth) !== 0n) return false;
  const above = (address & all) >> bits;
  const isHigh = (address >> (bits - 1n)) & 1n;
  if (above === 0n && !(geometry.signExtended && isHigh)) return true;
  if (above === (geometry.kernelBase ?? all) >> bits && !(geometry.signExtended && !isHigh)) return true;
  const tagBits = BigInt(geometry.tagBits ?? 0);
  const untagged = address & (all >> tagBits);
  return tagBits > 0n && untagged >> bits === 0n;
}
