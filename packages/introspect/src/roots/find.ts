// Top tables of processes, without any symbol: by what they look like.
import type { ArchBackend, Architecture } from "@ptekit/core";
import type { PhysicalMemory } from "@ptekit/dump";
import type { Process } from "../interface.ts";
import { memoryPieces } from "../pieces.ts";
import type { FoundRoots, RootFinder } from "./interface.ts";
import { ownTreeFinder } from "./own-tree.ts";
import { sharedHalfFinder } from "./shared-half.ts";

/** A way to read tables. */
export interface TableReader {
  readonly arch: Architecture;
  readonly backend: ArchBackend;
  /** Bits of an entry that encrypt memory; 0 where there are none. */
  readonly smeMask: bigint;
  /** A root whose kernel's half is the kernel's own; null where none is known. */
  readonly root: bigint | null;
}

/**
 * The top tables in memory that look like a process's, all of which is read: where roots have a kernel's half (x86_64, riscv),
 * those that have the same one; else (arm64) trees that map pages of user space alone. A sentence where nothing tells them
 * from other memory.
 */
export function findRoots(memory: PhysicalMemory, reader: TableReader): FoundRoots | string {
  const finder = finderOf(memory, reader);
  if (finder === null) return `what a top table of ${reader.arch.name} looks like in memory is not described`;
  return passed(memory, [finder])[0] as FoundRoots;
}

/** What each of several ways to read tables finds, those that find anything; memory is read once. */
export function rootsByReader<Reader extends TableReader>(
  memory: PhysicalMemory,
  readers: readonly Reader[],
): readonly { readonly reader: Reader; readonly found: FoundRoots }[] {
  const able = readers.flatMap((reader) => {
    const finder = finderOf(memory, reader);
    return finder === null ? [] : [{ reader, finder }];
  });
  const roots = passed(
    memory,
    able.map(({ finder }) => finder),
  );
  return able
    .map(({ reader }, i) => ({ reader, found: roots[i] as FoundRoots }))
    .filter(({ found }) => found.roots.length > 0);
}

/** A process of which its top table alone is known. */
export const namelessProcess = (root: bigint): Process => ({
  pid: null,
  comm: null,
  others: [],
  mm: null,
  space: { address: null, pgd: null, root, areas: null, vmas: [], problems: [] },
});

function passed(memory: PhysicalMemory, finders: readonly RootFinder[]): FoundRoots[] {
  if (finders.length === 0) return [];
  for (const { address, bytes, own } of memoryPieces(memory))
    for (const finder of finders) finder.visit(address, bytes, own);
  return finders.map((finder) => finder.found());
}

const finderOf = (memory: PhysicalMemory, { arch, backend, smeMask, root }: TableReader): RootFinder | null =>
  sharedHalfFinder(memory, backend, smeMask, root) ?? ownTreeFinder(memory, arch, backend);
