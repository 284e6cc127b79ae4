import type { UpperEntry } from "../data/geometry.ts";
import type { TreeOptions } from "../interface/walk.ts";
import { halvesAddress } from "./address.ts";
import { testOf } from "./gather.ts";
import type { EntryKind } from "./tables.ts";

/** The entries of one upper table, read where they stand. */
export interface TableScan {
  kindOf(index: number): EntryKind;
  /** Physical address of the table that an entry leads to. */
  below(index: number): number;
  /** The first entry from there on that is not none, or `end`. */
  nextOf(from: number, end: number): number;
}

/** A scan of what stands in `bytes`, which may be filled again and again. */
export function tableScan(
  entry: UpperEntry,
  bytes: Uint8Array,
  little: boolean,
  { smeMask = 0n, linear }: TreeOptions,
): TableScan {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = entry.bytes;
  const lowAt = size === 8 && !little ? 4 : 0;
  const highAt = size === 8 && little ? 4 : 0;
  const low = (index: number): number => view.getUint32(index * size + lowAt, little);
  const high = (index: number): number => (size === 8 ? view.getUint32(index * size + highAt, little) : 0);
  const isNone = testOf(entry.none);
  const isTable = testOf(entry.table);
  const isLeaf = entry.leaf === undefined ? () => false : testOf(entry.leaf);
  const address = halvesAddress(entry, smeMask, entry.linear === undefined ? 0n : (linear ?? entry.linear));
  return {
    kindOf(index) {
      const [a, b] = [low(index), high(index)];
      if (isNone(a, b)) return "none";
      if (isTable(a, b)) return "table";
      return isLeaf(a, b) ? "leaf" : "other";
    },
    below: (index) => address(low(index), high(index)),
    nextOf(from, end) {
      let index = from;
      while (index < end && isNone(low(index), high(index))) index++;
      return index;
    },
  };
}
