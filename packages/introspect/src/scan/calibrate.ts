// What is wrong with most entries of a process is not the entries: a kernel that does it otherwise is not judged by it.
import { matches } from "@ptekit/core";
import { areaFinder } from "./areas.ts";
import type { CheckName } from "./interface.ts";
import { wrongWord } from "./judge.ts";
import type { Machine } from "./machine.ts";
import { entriesOf } from "./space.ts";

const ENOUGH = 64;
const MOST_PROCESSES = 8;
const CHECKS: readonly CheckName[] = ["protection", "pages"];
const WHAT: Readonly<Record<CheckName, string>> = {
  protection: "entries are not held against their area's vm_page_prot",
  pages: "pages are not held against their struct page",
  slots: "",
};

/** Turns off the checks that a sample of the first processes' present PTEs mostly fails. */
export function calibrate(machine: Machine): void {
  const words = sample(machine);
  if (words.length < ENOUGH / 4) return;
  const wanted = { ...machine.checks };
  for (const check of CHECKS) {
    if (!wanted[check]) continue;
    Object.assign(machine.checks, { protection: false, pages: false, slots: false, [check]: true });
    const wrong = words.filter(
      ({ area, page, word }) => wrongWord(machine, area, page, word) !== null,
    ).length;
    if (wrong <= words.length / 4) continue;
    wanted[check] = false;
    machine.limits.push(`${WHAT[check]}: ${wrong} of ${words.length} that were tried do not fit it`);
  }
  Object.assign(machine.checks, wanted);
}

function sample({ kernel, memory }: Machine) {
  const { backend, pageSize } = kernel;
  const found: { area: ReturnType<ReturnType<typeof areaFinder>>; page: number; word: bigint }[] = [];
  let processes = 0;
  for (const process of kernel.processes()) {
    if (found.length >= ENOUGH || processes++ >= MOST_PROCESSES) break;
    const parts = entriesOf(kernel, memory, process);
    if (typeof process.space === "string" || typeof parts === "string") continue;
    const areaOf = areaFinder(process.space.vmas, backend.kernel.pageShift);
    for (const part of parts) {
      if (part.kind === "problem" || part.level !== "pte" || found.length >= 4 * ENOUGH) continue;
      const bytes = part.bytes.length / part.count;
      for (const run of part.runs)
        for (let i = 0; i < run.count; i++) {
          const page = Number(run.address / BigInt(pageSize)) + i;
          const word = backend.fromBytes(
            part.bytes.subarray(
              (run.first + i) * bytes,
              (run.first + i) * bytes + backend.layout.pteBits / 8,
            ),
          );
          const area = matches(backend.layout.present, word) ? areaOf(page) : null;
          if (area !== null && !area.isDevice) found.push({ area, page, word });
        }
    }
  }
  return found;
}
