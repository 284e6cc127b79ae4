import type { Target } from "@ptekit/core";
import { type Fact, factsOf } from "./facts.ts";
import { type FoundKernel, findKernel } from "./find.ts";
import type { Kernel, KernelDump, KernelOptions } from "./interface.ts";
import { processesOf } from "./mm/processes.ts";
import { findInitTask, findSwapInfo, type Image } from "./mm/search.ts";
import { readSwapDevices } from "./mm/swap.ts";
import { readTasks, type TaskList } from "./mm/tasks.ts";
import { type FoundSymbols, type FoundTypes, findSymbols, findTypes } from "./symbols.ts";
import { latin1 } from "./text.ts";

/**
 * The kernel in a dump's memory. Symbols and types are read at once; tasks, areas and swap devices when they are asked for.
 *
 * @throws PtekitError `NO_VMCOREINFO` where nothing says which kernel this is, `NO_KERNEL` where its tables are not where
 * VMCOREINFO says, `UNKNOWN_ARCH`, `BAD_FILE` for a BTF or VMCOREINFO that was given and is none, and what
 * `Architecture.for` throws for its release.
 */
export async function openKernel(dump: KernelDump, options: KernelOptions = {}): Promise<Kernel> {
  const found = await findKernel(dump, options);
  const problems: string[] = [];
  const symbols = findSymbols(found, problems);
  const types = findTypes(found, symbols, options.btf, problems);
  const facts = [...found.facts, ...factsOf(found.vmcoreinfo, symbols && new Set(symbols.addresses.keys()))];
  const target = { ...found.target, config: configOf(found, facts) };
  let list: TaskList | undefined;
  const tasks = (): TaskList => {
    if (list !== undefined) return list;
    list = taskList(found, symbols, types);
    problems.push(...list.problems);
    return list;
  };
  return {
    arch: found.arch,
    target,
    backend: found.arch.for(target),
    vmcoreinfo: found.vmcoreinfo,
    release: target.release,
    buildId: found.vmcoreinfo.buildId,
    pageSize: 2 ** found.backend.kernel.pageShift,
    host: hostOf(found, types) ?? (dump.utsname?.nodename || null),
    how: { ...found.how, symbols: symbols?.how ?? null, types: types?.how ?? null },
    facts,
    memory: found.memory,
    root: found.root,
    smeMask: found.smeMask,
    symbols: symbols?.addresses ?? null,
    types: types?.types ?? null,
    problems,
    tasks: () => tasks().tasks.length,
    processes: function* () {
      const { tasks: all } = tasks();
      if (types !== null) yield* processesOf(found.memory, types.types, all, problems);
    },
    swapDevices: () => {
      if (types === null) return "without the kernel's types no swap device can be read";
      const array =
        symbols?.addresses.get("swap_info") ?? findSwapInfo(found.memory, types.types, imageOf(found));
      return array === null ? "no swap device was found" : readSwapDevices(found.memory, types.types, array);
    },
  };
}

/** What the facts say of the symbols that decide on this architecture. */
function configOf({ arch, target }: FoundKernel, facts: readonly Fact[]): NonNullable<Target["config"]> {
  const deciding = new Set([
    ...arch.symbols.map(({ name }) => name),
    "CONFIG_MIGRATION",
    "CONFIG_MEMORY_FAILURE",
    "CONFIG_DEVICE_PRIVATE",
  ]);
  const stated = facts.filter(({ name }) => deciding.has(name)).map(({ name, value }) => [name, value]);
  return { ...target.config, ...Object.fromEntries(stated) };
}

const imageOf = ({ image, vmcoreinfo }: FoundKernel): Image => ({
  start: image,
  data: vmcoreinfo.symbol("init_uts_ns"),
});

function taskList(found: FoundKernel, symbols: FoundSymbols | null, types: FoundTypes | null): TaskList {
  const { memory } = found;
  if (types === null) return { tasks: [], problems: ["without the kernel's types no task can be read"] };
  const first = symbols?.addresses.get("init_task") ?? findInitTask(memory, types.types, imageOf(found));
  const read =
    first === null ? "the first task, init_task, was not found" : readTasks(memory, types.types, first);
  return typeof read === "string" ? { tasks: [], problems: [read] } : read;
}

/** What `uname -n` says, out of init_uts_ns. */
function hostOf({ vmcoreinfo, memory }: FoundKernel, types: FoundTypes | null): string | null {
  const namespace = vmcoreinfo.symbol("init_uts_ns");
  const name =
    vmcoreinfo.offset("uts_namespace.name") ?? types?.types.member("uts_namespace", "name")?.offset ?? null;
  if (namespace === null || name === null) return null;
  const bytes = new Uint8Array(65);
  const outcome = memory.read(namespace + BigInt(name + bytes.length), bytes);
  return outcome === "read" ? latin1(bytes) : null;
}
