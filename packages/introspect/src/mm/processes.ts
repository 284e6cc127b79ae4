import type { Types } from "../btf/types.ts";
import type { Process } from "../interface.ts";
import type { KernelMemory } from "../virtual.ts";
import { addressSpaces } from "./spaces.ts";
import type { Task } from "./tasks.ts";

/** The processes of a list of tasks: one for each address space, in the order of the list. */
export function* processesOf(
  kernel: KernelMemory,
  types: Types,
  tasks: readonly Task[],
  problems: string[],
): Generator<Process, void, undefined> {
  const read = addressSpaces(kernel, types);
  if (typeof read === "string") {
    problems.push(read);
    return;
  }
  const byMm = new Map<bigint, Task[]>();
  for (const task of tasks) {
    if (task.mm === null) continue;
    const sharing = byMm.get(task.mm);
    if (sharing === undefined) byMm.set(task.mm, [task]);
    else sharing.push(task);
  }
  for (const [mm, [first, ...others]] of byMm) {
    const { pid, comm } = first as Task;
    yield { pid, comm, others: others.map((task) => task.pid), mm, space: read(mm) };
  }
}
