import type { TableProblem } from "@ptekit/core";
import type { PhysicalMemory } from "@ptekit/dump";
import type { Kernel, Process } from "../interface.ts";
import { because } from "../mm/tasks.ts";
import { type AreaFinder, anyArea, areaFinder, areasOf } from "./areas.ts";
import { calibrate } from "./calibrate.ts";
import type { ProcessScan, ScanOptions } from "./interface.ts";
import { mendingBits } from "./judge.ts";
import { type Machine, machineOf } from "./machine.ts";
import { scanPtes } from "./ptes.ts";
import type { Scene } from "./scene.ts";
import { entriesOf } from "./space.ts";
import { scanTable } from "./tables.ts";
import { newTally, scanOf, type Tally } from "./tally.ts";
import { scanUpper } from "./upper.ts";
import { whoOf } from "./who.ts";

/** Scans the processes of one dump, one after the other: a table that two of them have is told at the second. */
export interface Scanner {
  /** What is not compared in this dump, and why, in sentences. */
  readonly limits: readonly string[];
  scan(process: Process): ProcessScan;
}

const MOST_SUSPICIONS = 100;

/**
 * A scanner of a kernel's processes: what their page tables hold, and what in them the kernel cannot have written.
 *
 * @throws PtekitError `NO_GEOMETRY` where the kernel's tables are not described.
 */
export async function scannerOf(
  kernel: Kernel,
  memory: PhysicalMemory,
  options: ScanOptions = {},
): Promise<Scanner> {
  const machine = machineOf(kernel, memory, options.without);
  calibrate(machine);
  const most = options.mostSuspicions ?? MOST_SUSPICIONS;
  return {
    limits: machine.limits,
    scan: (process) => {
      const { pid, comm, space } = process;
      const tally = newTally();
      scanProcess(machine, process, tally, most);
      return scanOf({ pid, comm, root: typeof space === "string" ? null : space.root }, tally);
    },
  };
}

function scanProcess(machine: Machine, process: Process, tally: Tally, most: number): void {
  const { kernel, memory, into } = machine;
  const { space } = process;
  if (typeof space !== "string") tally.problems.push(...space.problems);
  if (typeof space === "string") {
    tally.problems.push(space);
    return;
  }
  const { pageShift } = kernel.backend.kernel;
  const areas = space.areas === null ? null : areasOf(space, pageShift);
  const finder = (): AreaFinder => (areas === null ? anyArea : areaFinder(areas));
  const areaAt = finder();
  const own = process.mm ?? space.root ?? 0n;
  const scene: Scene = {
    machine,
    who: whoOf({ ...process, root: space.root }),
    isAgain: machine.scanned.has(own),
    tally,
    areaOf: finder(),
    suspect: (kind, at) => {
      if (tally.suspicions++ >= most) return;
      const { entry, level, address } = at;
      const page = Number(address / BigInt(kernel.pageSize));
      // Areas are gone through upwards: another finder keeps the scan's place.
      const bits = entry === null || level !== "pte" ? [] : mendingBits(machine, areaAt(page), page, entry);
      tally.suspicious.push({ kind, ...at, bits });
    },
  };
  machine.scanned.add(own);
  const parts = entriesOf(kernel, memory, process, into, (table) => scanTable(scene, table));
  if (typeof parts === "string") {
    tally.problems.push(parts);
    return;
  }
  for (const part of parts) {
    if (part.kind === "problem") tableProblem(scene, part);
    else if (part.level === "pte") scanPtes(scene, part);
    else scanUpper(scene, part);
  }
}

/** A table that was left out of the dump is no fault of the kernel's; one where no memory is, is. */
function tableProblem({ machine, tally, suspect }: Scene, part: TableProblem): void {
  const { problem, address, level, entry, table, sentence } = part;
  if (problem === "unreadable") {
    const outcome = machine.memory.read(table, new Uint8Array(1));
    if (outcome !== "outside" && outcome !== "read") {
      if (tally.missingTables++ === 0)
        tally.problems.push(`a table of it, at 0x${table.toString(16)}, is ${because(outcome)}`);
      return;
    }
  }
  const kind = problem === "bad" ? "bad-entry" : problem === "shared" ? "shared-table" : "bad-table";
  suspect(kind, { address, level, entry, sentence });
}
