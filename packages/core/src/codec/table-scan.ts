import type { UpperEntry } from "../data/geometry.ts";
import type { TreeOptions } from "../interface/walk.ts";
import { halvesAddress } from "./address.ts";
import { testOf } from "./gather.ts";
import type { EntryKind } from "./tables.ts";

/** The entries of an upper table, read where they stand in memory. */
export interface TableScan {
  kindOf(table: DataView, index: number): EntryKind;
  /** Physical address of the table that an entry leads to. */
  below(table: DataView, index: number): number;
  /** The first entry from there on that is not none, or `end`. */
  nextOf(table: DataView, from: number, end: number): number;
}

/** The scan of one level's tables. */
export function tableScan(
  entry: UpperEntry,
  little: boolean,
  { smeMask = 0n, linear }: TreeOptions,
): TableScan {
  const size = entry.bytes;
  const lowAt = size === 8 && !little ? 4 : 0;
  const highAt = size === 8 && little ? 4 : 0;
  const low = (table: DataView, index: number): number => table.getUint32(index * size + lowAt, little);
  const high = (table: DataView, index: number): number =>
    size === 8 ? table.getUint32(index * size + highAt, little) : 0;
  const isNone = testOf(entry.none);
  const isTable = testOf(entry.table);
  const isLeaf = entry.leaf === undefined ? () => false : testOf(entry.leaf);
  const address = halvesAddress(entry, smeMask, entry.linear === undefined ? 0n : (linear ?? entry.linear));
  return {
    kindOf(table, index) {
      const [a, b] = [low(table, index), high(table, index)];
      if (isNone(a, b)) return "none";
      if (isTable(a, b)) return "table";
      return isLeaf(a, b) ? "leaf" : "other";
    },
    below: (table, index) => address(low(table, index), high(table, index)),
    nextOf(table, from, end) {
      let index = from;
      while (index < end && isNone(low(table, index), high(table, index))) index++;
      return index;
    },
  };
}
