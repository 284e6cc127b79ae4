// What is wrong with most entries of a process is not the entries: a kernel that does it otherwise is not judged by it.

import type { EnteredTable } from "@ptekit/core";
import type { Process } from "../interface.ts";
import { type Area, areaFinder, areasOf } from "./areas.ts";
import { halvesOf } from "./halves.ts";
import type { CheckName } from "./interface.ts";
import { wrongPresent } from "./judge.ts";
import type { Machine } from "./machine.ts";
import { entriesOf } from "./space.ts";
import { habitsOf } from "./tables.ts";

/** Of each process. */
const ENOUGH = 64;
const TOO_FEW = 16;
const MOST_PROCESSES = 8;
const CHECKS: readonly CheckName[] = ["protection", "pages"];
const WHAT: Readonly<Record<CheckName, string>> = {
  protection: "entries are not held against their area's vm_page_prot",
  pages: "pages are not held against their struct page",
  slots: "",
};

/** Turns off the checks that a sample of the first processes' present PTEs mostly fails, and learns how tables are there. */
export function calibrate(machine: Machine): void {
  const tables: EnteredTable[] = [];
  const words = sample(machine, tables);
  machine.habits = habitsOf(machine, tables);
  if (words.length < TOO_FEW) return;
  const wanted = { ...machine.checks };
  for (const check of CHECKS) {
    if (!wanted[check]) continue;
    Object.assign(machine.checks, { protection: false, pages: false, slots: false, [check]: true });
    const wrong = words.filter(
      ({ area, page, low, high }) => wrongPresent(machine, area, page, low, high) !== null,
    ).length;
    if (wrong <= words.length / 4) continue;
    wanted[check] = false;
    machine.limits.push(`${WHAT[check]}: ${wrong} of ${words.length} that were tried do not fit it`);
  }
  Object.assign(machine.checks, wanted);
}

/** A present PTE of an area of memory. */
interface Sampled {
  readonly area: Area;
  readonly page: number;
  readonly low: number;
  readonly high: number;
}

function sample(machine: Machine, tables: EnteredTable[]): readonly Sampled[] {
  const found: Sampled[] = [];
  let processes = 0;
  for (const process of machine.kernel.processes()) {
    if (processes++ >= MOST_PROCESSES) break;
    for (const one of presentOf(machine, process, tables)) {
      found.push(one);
      if (found.length >= processes * ENOUGH) break;
    }
  }
  return found;
}

function* presentOf(
  machine: Machine,
  process: Process,
  tables: EnteredTable[],
): Generator<Sampled, void, undefined> {
  const { kernel, memory, wide, little, scratch } = machine;
  const { isNone, isPresent } = machine.reader;
  const parts = entriesOf(kernel, memory, process, machine.into, (table) => tables.push(table));
  if (typeof process.space === "string" || typeof parts === "string") return;
  const areaOf = areaFinder(areasOf(process.space, kernel.backend.kernel.pageShift));
  for (const part of parts) {
    if (part.kind === "problem" || part.level !== "pte") continue;
    const { words, low: lowAt, high: highAt } = halvesOf(part.bytes, wide, little, scratch);
    const step = words.length / part.count;
    for (const run of part.runs) {
      for (let i = 0; i < run.count; i++) {
        const at = (run.first + i) * step;
        const low = (words[at + lowAt] as number) | 0;
        const high = highAt === null ? 0 : (words[at + highAt] as number) | 0;
        if (isNone(low, high) || !isPresent(low, high)) continue;
        const page = Number(run.address) / kernel.pageSize + i;
        const area = areaOf(page);
        if (area !== null && !area.isDevice) yield { area, page, low, high };
      }
    }
  }
}
