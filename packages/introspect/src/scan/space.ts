// The tables of one process, block by block: what a scan and a search read.
import type { EntriesOptions, EntryBlock, TableProblem } from "@ptekit/core";
import { entries } from "@ptekit/core";
import type { PhysicalMemory } from "@ptekit/dump";
import type { Kernel, Process } from "../interface.ts";
import { hex } from "../text.ts";

/**
 * The entries of a process's page tables as core's entries() gives them, read into `into`, `onTable` told of each table; a sentence where its tables are
 * not in the dump.
 *
 * @throws PtekitError `NO_GEOMETRY` where the kernel's tables are not described, `BAD_ARGUMENT` for an `into` that is
 * smaller than a table.
 */
export function entriesOf(
  { backend, smeMask }: Pick<Kernel, "backend" | "smeMask">,
  memory: PhysicalMemory,
  { space }: Pick<Process, "space">,
  into?: Uint8Array,
  onTable?: EntriesOptions["onTable"],
): Generator<EntryBlock | TableProblem, void, undefined> | string {
  if (typeof space === "string") return space;
  if (space.root === null) return "its top table is mapped by no table in the dump";
  const align = BigInt(backend.geometry?.root.align ?? 1);
  if (space.root % align !== 0n) return `its top table would be at ${hex(space.root)}, where none can be`;
  const read = (address: bigint, bytes: Uint8Array): string => memory.read(address, bytes);
  return entries(backend, space.root, read, {
    smeMask,
    ...(into === undefined ? {} : { into }),
    ...(onTable === undefined ? {} : { onTable }),
  });
}
