// The tasks of a kernel, from init_task on, and the address spaces they have.
import type { Types } from "../btf/types.ts";
import { hex, latin1 } from "../text.ts";
import type { KernelMemory } from "../virtual.ts";
import { structOf } from "./fields.ts";

/** A thread group, by its leader. */
export interface Task {
  /** Where its task_struct is. */
  readonly address: bigint;
  readonly pid: number;
  /** A stranger's bytes, up to 15 of them, one character each. */
  readonly comm: string;
  /** Its mm_struct; null for a kernel thread. */
  readonly mm: bigint | null;
}

export interface TaskList {
  /** In the order of the list, `swapper` first. */
  readonly tasks: readonly Task[];
  /** What was in the way, in sentences: where the list breaks off, what is not in the dump. */
  readonly problems: readonly string[];
}

/** PID_MAX_LIMIT on 64 bits. */
const MOST_TASKS = 4 * 1024 * 1024;

/**
 * Every task of the list that begins with `init_task`, or a sentence that says which of the kernel's types is missing. A list
 * that breaks off is read from its other end, too.
 */
export function readTasks(kernel: KernelMemory, types: Types, initTask: bigint): TaskList | string {
  const struct = structOf(kernel, types, "task_struct", {
    next: ["tasks.next"],
    prev: ["tasks.prev"],
    pid: ["pid"],
    comm: ["comm"],
    mm: ["mm"],
  });
  if (typeof struct === "string") return struct;
  const link = BigInt(struct.member("next")?.offset ?? 0);
  const seen = new Map<bigint, Task>();
  const problems: string[] = [];

  /** Follows the list in one direction, until it is back or breaks off. */
  const follow = (direction: "next" | "prev"): boolean => {
    let from = "init_task";
    for (let address = initTask; ; ) {
      const values = struct.read(address);
      if (typeof values === "string") {
        problems.push(
          `the list of tasks breaks off after ${from}: the next one, at ${hex(address)}, is ${because(values)}`,
        );
        return false;
      }
      const pid = values.int("pid");
      if (!seen.has(address)) {
        if (seen.size >= MOST_TASKS) {
          problems.push(`the list of tasks has more than ${MOST_TASKS}`);
          return false;
        }
        const mm = values.big("mm");
        seen.set(address, { address, pid, comm: latin1(values.bytes("comm")), mm: mm === 0n ? null : mm });
      }
      from = `task ${pid}`;
      address = BigInt.asUintN(kernel.bits, values.big(direction) - link);
      if (address === initTask) return true;
      if (direction === "next" && seen.has(address)) {
        problems.push(`the list of tasks runs in a circle: ${from} is followed by one that was met before`);
        return false;
      }
      if (direction === "prev" && seen.has(address)) return true;
    }
  };
  if (!follow("next")) follow("prev");
  return { tasks: [...seen.values()], problems };
}

/** Why something cannot be read, to be said after "is". */
export function because(outcome: string): string {
  if (outcome === "unmapped") return "mapped by no table in the dump";
  if (outcome === "excluded") return "left out of the dump";
  if (outcome === "outside") return "outside the machine's memory";
  return outcome === "lost" ? "lost from the dump" : "damaged";
}
