// The guest's memory, in the file that QEMU used for it.
import fs from "node:fs";
import type { SearchableMemory } from "@ptekit/core";
import type { MemoryRange } from "./machines.ts";

/** Memory in a file, by physical address; closed when `use` is done. */
export function withMemory<T>(
  file: string,
  ranges: readonly MemoryRange[],
  use: (memory: SearchableMemory) => T,
): T {
  const fd = fs.openSync(file, "r");
  const read = (address: bigint, into: Uint8Array): boolean => {
    const range = ranges.find(({ start, end }) => address >= start && address + BigInt(into.length) <= end);
    if (range === undefined) return false;
    return fs.readSync(fd, into, 0, into.length, range.at + Number(address - range.start)) === into.length;
  };
  try {
    return use({ ranges: [...ranges].sort((a, b) => (a.start < b.start ? -1 : 1)), read });
  } finally {
    fs.closeSync(fd);
  }
}
