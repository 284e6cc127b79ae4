// The guest's memory, in the file that QEMU used for it.
import fs from "node:fs";
import type { SearchableMemory } from "@ptekit/core";
import type { MemoryRange } from "./form.ts";

/** Memory in a file, by physical address; to be closed. */
export function openMemory(
  file: string,
  ranges: readonly MemoryRange[],
): SearchableMemory & { close(): void } {
  const fd = fs.openSync(file, "r");
  const read = (address: bigint, into: Uint8Array): boolean => {
    const range = ranges.find(({ start, end }) => address >= start && address + BigInt(into.length) <= end);
    if (range === undefined) return false;
    return fs.readSync(fd, into, 0, into.length, range.at + Number(address - range.start)) === into.length;
  };
  const sorted = [...ranges].sort((a, b) => (a.start < b.start ? -1 : 1));
  return { ranges: sorted, read, close: () => fs.closeSync(fd) };
}

/** Memory in a file, by physical address; closed when `use` is done. */
export function withMemory<T>(
  file: string,
  ranges: readonly MemoryRange[],
  use: (memory: SearchableMemory) => T,
): T {
  const memory = openMemory(file, ranges);
  try {
    return use(memory);
  } finally {
    memory.close();
  }
}
