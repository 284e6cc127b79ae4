import type { UpperEntry } from "../data/geometry.ts";
import type { TreeOptions } from "../interface/walk.ts";
import { halvesAddress } from "./address.ts";
import { testOf } from "./gather.ts";
import type { EntryKind } from "./tables.ts";

/** An upper table as it lies in memory, and the same as numbers of 32 bits in this machine's order. */
export interface TableMemory {
  readonly view: DataView;
  readonly words: Uint32Array;
}

/** Memory for tables of so many bytes. */
export function tableMemory(bytes: number): TableMemory {
  const view = new DataView(new ArrayBuffer(bytes));
  return { view, words: new Uint32Array(view.buffer) };
}

/** The entries of an upper table, read where they stand in memory. */
export interface TableScan {
  kindOf(table: TableMemory, index: number): EntryKind;
  /** Physical address of the table that an entry leads to. */
  below(table: TableMemory, index: number): number;
  /** The first entry from there on that is not none, or `end`. */
  nextOf(table: TableMemory, from: number, end: number): number;
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
  const low = ({ view }: TableMemory, index: number): number => view.getUint32(index * size + lowAt, little);
  const high = ({ view }: TableMemory, index: number): number =>
    size === 8 ? view.getUint32(index * size + highAt, little) : 0;
  const isNone = testOf(entry.none);
  const zeroIsNone = isNone(0, 0);
  const each = size / 4;
  const last = each - 1;
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
      const { words } = table;
      let index = from;
      for (; index < end; index++) {
        // Most of a table is zeros.
        if (zeroIsNone && words[index * each] === 0 && words[index * each + last] === 0) continue;
        if (!isNone(low(table, index), high(table, index))) break;
      }
      return index;
    },
  };
}
