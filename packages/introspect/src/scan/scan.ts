import type { EntryBlock, EntryRun, TableProblem } from "@ptekit/core";
import { KINDS } from "@ptekit/core";
import type { PhysicalMemory } from "@ptekit/dump";
import type { Kernel, Process } from "../interface.ts";
import { because } from "../mm/tasks.ts";
import { areaFinder } from "./areas.ts";
import { calibrate } from "./calibrate.ts";
import { type Halves, halvesOf, joined } from "./halves.ts";
import type { ProcessScan, ScanOptions } from "./interface.ts";
import { mendingBits, type Wrong, wrongOther, wrongPresent } from "./judge.ts";
import { type Machine, machineOf } from "./machine.ts";
import { countSpecial, ownTable, type Scene } from "./scene.ts";
import { entriesOf } from "./space.ts";
import { add, newTally, scanOf, type Tally } from "./tally.ts";
import { scanUpper } from "./upper.ts";

/** Scans the processes of one dump, one after the other: a table that two of them have is told at the second. */
export interface Scanner {
  /** What is not compared in this dump, and why, in sentences. */
  readonly limits: readonly string[];
  scan(process: Process): ProcessScan;
}

const NONE = KINDS.indexOf("none");
const PRESENT = KINDS.indexOf("present");
const SWAP = KINDS.indexOf("swap");
const UNASSIGNED = KINDS.indexOf("unassigned");
/** Places of flags in bulk's column. */
const EXCLUSIVE = 1;
const SOFT_DIRTY = 2;
const UFFD_WP = 4;
const MOST_SUSPICIONS = 100;

/**
 * A scanner of a kernel's processes: what their page tables hold, and what in them the kernel cannot have written.
 *
 * @throws PtekitError `NO_GEOMETRY` where the kernel's tables are not described, `BAD_LAYOUT` where its PTEs cannot be
 * compiled.
 */
export async function scannerOf(
  kernel: Kernel,
  memory: PhysicalMemory,
  options: ScanOptions = {},
): Promise<Scanner> {
  const machine = await machineOf(kernel, memory, options.without);
  calibrate(machine);
  const most = options.mostSuspicions ?? MOST_SUSPICIONS;
  const scratch = { words: new Uint32Array(0) };
  return {
    limits: machine.limits,
    scan: (process) => {
      const tally = newTally();
      scanProcess(machine, process, tally, most, scratch);
      return scanOf(process.pid, process.comm, tally);
    },
  };
}

function scanProcess(
  machine: Machine,
  process: Process,
  tally: Tally,
  most: number,
  scratch: { words: Uint32Array },
): void {
  const { kernel, memory, into } = machine;
  const { pid, space } = process;
  if (typeof space !== "string") tally.problems.push(...space.problems);
  const parts = entriesOf(kernel, memory, process, into);
  if (typeof space === "string" || typeof parts === "string") {
    tally.problems.push(String(parts));
    return;
  }
  const { pageShift } = kernel.backend.kernel;
  const areaAt = areaFinder(space.vmas, pageShift);
  const scene: Scene = {
    machine,
    pid,
    tally,
    areaOf: areaFinder(space.vmas, pageShift),
    suspect: (kind, at) => {
      if (tally.suspicions++ >= most) return;
      const { entry, level, address } = at;
      const page = Number(address / BigInt(kernel.pageSize));
      // Areas are gone through upwards: another finder keeps the scan's place.
      const bits = entry === null || level !== "pte" ? [] : mendingBits(machine, areaAt(page), page, entry);
      tally.suspicious.push({ kind, ...at, bits });
    },
  };
  for (const part of parts) {
    if (part.kind === "problem") tableProblem(scene, part);
    else if (part.level === "pte") scanPtes(scene, part, scratch);
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

function scanPtes(scene: Scene, block: EntryBlock, scratch: { words: Uint32Array }): void {
  const { machine, tally } = scene;
  const { decoder, columns } = machine;
  decoder.decode(block.bytes, columns);
  const pteBytes = block.bytes.length / block.count;
  const halves = halvesOf(block.bytes, machine.wide, machine.little, scratch);
  // A PTE that stands twice in memory is told by its first copy.
  const stride = { ...halves, step: pteBytes / 4 };
  for (const run of block.runs) {
    tally.tables++;
    ownTable(scene, run);
    scanRun(scene, run, stride);
  }
}

function scanRun(scene: Scene, run: EntryRun, { words, step, low: lowAt, high: highAt }: Halves): void {
  const { machine, tally, areaOf, suspect } = scene;
  const { kind, type, flags, offsetLow, offsetHigh } = machine.columns;
  const { presentUffdWp, presentSoftDirty } = machine;
  const { pageSize } = machine.kernel;
  const firstPage = Number(run.address / BigInt(pageSize));

  const told = ({ kind: what, sentence }: Wrong, i: number, low: number, high: number): void =>
    suspect(what, {
      address: run.address + BigInt(i) * BigInt(pageSize),
      level: "pte",
      entry: joined(low, high),
      sentence,
    });

  for (let i = 0; i < run.count; i++) {
    const row = run.first + i;
    const is = kind[row] as number;
    if (is === NONE) continue;
    const low = words[row * step + lowAt] as number;
    const high = highAt === null ? 0 : (words[row * step + highAt] as number);
    const page = firstPage + i;
    const area = areaOf(page);
    if (is === PRESENT) {
      tally.present++;
      if (area?.isFile) tally.file++;
      if (area?.isShared) tally.shared++;
      if (area?.isDevice) tally.device++;
      if ((low & presentUffdWp.low) | (high & presentUffdWp.high)) tally.uffdWp++;
      if ((low & presentSoftDirty.low) | (high & presentSoftDirty.high)) tally.softDirty++;
      const wrong = wrongPresent(machine, area, page, low, high);
      if (wrong !== null) told(wrong, i, low, high);
      continue;
    }
    const flag = flags[row] as number;
    if (flag & UFFD_WP) tally.uffdWp++;
    if (flag & SOFT_DIRTY) tally.softDirty++;
    if (flag & EXCLUSIVE) tally.exclusive++;
    const offset =
      ((offsetHigh as Uint32Array)[row] as number) * 2 ** 32 + ((offsetLow as Uint32Array)[row] as number);
    const swapType = type[row] as number;
    if (is === SWAP) tally.swap[swapType] = (tally.swap[swapType] ?? 0) + 1;
    else if (is !== UNASSIGNED) countWord(machine, tally, joined(low, high));
    const wrong = wrongOther(machine, area, is, swapType, offset, low, high);
    if (wrong !== null) told(wrong, i, low, high);
  }
}

/** What names no swap slot: few, so read by the scalar decoder. */
function countWord({ kernel }: Machine, tally: Tally, entry: bigint): void {
  const said = kernel.backend.decode(entry);
  if (said.kind === "marker") for (const name of said.markers) add(tally.markers, name, 1);
  else countSpecial(tally, said.kind);
}
