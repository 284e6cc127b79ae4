// What an entry of an upper level is, on halves: what is asked of every word of memory takes no bigint.
import type { LevelCodec } from "@ptekit/core";
import type { PhysicalMemory } from "@ptekit/dump";
import { halfTest, joined } from "../scan/halves.ts";

/** Tests of a level's entries. */
export interface EntryTests {
  readonly isNone: (low: number, high: number) => boolean;
  /** Whether it leads to a table in memory. */
  readonly isTable: (low: number, high: number) => boolean;
  readonly isLeaf: (low: number, high: number) => boolean;
}

/** The tests of an upper level of entries of 8 bytes; null for another. */
export function entryTests({ level, bytes, below }: LevelCodec, memory: PhysicalMemory): EntryTests | null {
  const { entry } = level;
  if (entry === undefined || bytes !== 8) return null;
  const isTable = halfTest(entry.table);
  const hasMemory = memoryTest(memory);
  return {
    isNone: halfTest(entry.none),
    isTable: (low, high) => isTable(low, high) && hasMemory(Number(below(joined(low, high)))),
    isLeaf: entry.leaf === undefined ? () => false : halfTest(entry.leaf),
  };
}

/** Whether there is memory at a physical address. */
export function memoryTest({ ranges }: PhysicalMemory): (address: number) => boolean {
  const there = ranges.map(({ start, end }) => [Number(start), Number(end)] as const);
  return (address) => there.some(([start, end]) => address >= start && address < end);
}
