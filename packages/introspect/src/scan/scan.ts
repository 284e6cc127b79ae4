import type { EntryBlock, EntryRun, TableProblem } from "@ptekit/core";
import { KINDS } from "@ptekit/core";
import type { PhysicalMemory } from "@ptekit/dump";
import type { Kernel, Process } from "../interface.ts";
import { because } from "../mm/tasks.ts";
import { hex as place } from "../text.ts";
import { areaFinder } from "./areas.ts";
import { type Halves, halvesOf, joined } from "./halves.ts";
import type { ProcessScan, ScanOptions, SuspicionKind } from "./interface.ts";
import { type Machine, machineOf } from "./machine.ts";
import { countSpecial, ownTable, type Scene } from "./scene.ts";
import { entriesOf } from "./space.ts";
import { add, newTally, scanOf, type Tally } from "./tally.ts";
import { scanUpper } from "./upper.ts";

/** Scans the processes of one dump, one after the other: a table that two of them have is told at the second. */
export interface Scanner {
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
  const machine = await machineOf(kernel, memory);
  const most = options.mostSuspicions ?? MOST_SUSPICIONS;
  const scratch = { words: new Uint32Array(0) };
  return {
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
  const scene: Scene = {
    machine,
    pid,
    tally,
    areaOf: areaFinder(space.vmas, kernel.backend.kernel.pageShift),
    suspect: (kind, at) => {
      if (tally.suspicions++ < most) tally.suspicious.push({ kind, ...at });
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
  const { pfnOf, hasFrame, presentUffdWp, presentSoftDirty, unusedPresent, unusedSwap, deviceBit, devices } =
    machine;
  const { pageSize } = machine.kernel;
  const firstPage = Number(run.address / BigInt(pageSize));

  const told = (what: SuspicionKind, i: number, low: number, high: number, sentence: string): void =>
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
    const area = areaOf(firstPage + i);
    if (area === null) told("outside-areas", i, low, high, "it lies in no area of the process");
    if (is === PRESENT) {
      tally.present++;
      if (area?.isFile) tally.file++;
      if (area?.isShared) tally.shared++;
      if (area?.isDevice) tally.device++;
      if ((low & presentUffdWp.low) | (high & presentUffdWp.high)) tally.uffdWp++;
      if ((low & presentSoftDirty.low) | (high & presentSoftDirty.high)) tally.softDirty++;
      if ((low & unusedPresent.low) | (high & unusedPresent.high))
        told("unused-bits", i, low, high, "it has bits set that no present PTE of this kernel uses");
      else if (!area?.isDevice && !((low & deviceBit.low) | (high & deviceBit.high))) {
        const pfn = pfnOf(low, high);
        if (!hasFrame(pfn))
          told(
            "pfn-outside",
            i,
            low,
            high,
            `page frame 0x${pfn.toString(16)} is outside the machine's memory`,
          );
      }
      continue;
    }
    const flag = flags[row] as number;
    if (flag & UFFD_WP) tally.uffdWp++;
    if (flag & SOFT_DIRTY) tally.softDirty++;
    if (flag & EXCLUSIVE) tally.exclusive++;
    if ((low & unusedSwap.low) | (high & unusedSwap.high)) {
      told("unused-bits", i, low, high, "it has bits set that no swap PTE of this kernel uses");
      continue;
    }
    const offset =
      ((offsetHigh as Uint32Array)[row] as number) * 2 ** 32 + ((offsetLow as Uint32Array)[row] as number);
    const swapType = type[row] as number;
    if (is === SWAP) {
      tally.swap[swapType] = (tally.swap[swapType] ?? 0) + 1;
      const device = devices?.get(swapType);
      if (devices !== null && device === undefined)
        told("no-device", i, low, high, `it names swap type ${swapType}, and no such device is in use`);
      else if (offset === 0 || (device !== undefined && offset >= device.max))
        told(
          "offset",
          i,
          low,
          high,
          `it names slot ${offset} of swap type ${swapType}, which has slots 1 to ${device ? device.max - 1 : "?"}`,
        );
    } else if (is === UNASSIGNED) {
      told(
        "unassigned-type",
        i,
        low,
        high,
        `it names swap type ${swapType}, which means nothing to this kernel`,
      );
    } else special(scene, run.address + BigInt(i) * BigInt(pageSize), low, high);
  }
}

/** What names no swap slot: few, so read by the scalar decoder. */
function special({ machine, tally, suspect }: Scene, address: bigint, low: number, high: number): void {
  const entry = joined(low, high);
  const said = machine.kernel.backend.decode(entry);
  if (said.kind === "marker") {
    for (const name of said.markers) add(tally.markers, name, 1);
    return;
  }
  countSpecial(tally, said.kind);
  // A hwpoison entry's page may be memory that was taken away; a device's is none.
  if (said.kind === "migration" && !machine.hasFrame(Number(said.pfn)))
    suspect("pfn-outside", {
      address,
      level: "pte",
      entry,
      sentence: `page frame ${place(said.pfn)} is outside the machine's memory`,
    });
}
