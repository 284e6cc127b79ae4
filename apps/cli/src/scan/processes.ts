import type { Kernel, Process } from "@ptekit/introspect";
import type { Given, Option } from "../command.ts";
import { NoError } from "../errors.ts";
import { readSmall } from "../numbers.ts";

/** Which processes of a dump are meant. */
export const PID_OPTION: Option = {
  name: "pid",
  value: "N",
  many: true,
  help: "only that process of a dump",
};

/**
 * The processes that --pid names, all of them without it.
 *
 * @throws NoError at the end, where a pid has no process with memory of its own.
 */
export function* chosenProcesses(kernel: Kernel, given: Given): Generator<Process, void, undefined> {
  const wanted = new Set(given.list("pid").map((text) => readSmall(text, "--pid")));
  const missing = new Set(wanted);
  for (const process of kernel.processes()) {
    const pids = [process.pid ?? [], ...process.others].flat();
    if (wanted.size > 0 && !pids.some((pid) => wanted.has(pid))) continue;
    for (const pid of pids) missing.delete(pid);
    yield process;
  }
  if (missing.size > 0)
    throw new NoError(`no process with memory of its own has pid ${[...missing].join(", ")}`);
}
