import type { Target } from "@ptekit/core";
import { type Fact, factsOf } from "./facts.ts";
import { type FoundKernel, findKernel } from "./find.ts";
import type { How, Kernel, KernelDump, KernelOptions, Process } from "./interface.ts";
import { processesOf } from "./mm/processes.ts";
import { findInitTask, findSwapInfo, type Image } from "./mm/search.ts";
import { readSwapDevices } from "./mm/swap.ts";
import { readTasks, type TaskList } from "./mm/tasks.ts";
import type { FoundRoots } from "./roots/interface.ts";
import { type FoundSymbols, type FoundTypes, findSymbols, findTypes } from "./symbols.ts";
import { latin1 } from "./text.ts";

/**
 * The kernel in a dump's memory. Symbols and types are read at once; tasks, areas and swap devices when they are asked for.
 *
 * Without VMCOREINFO the kernel is looked for in all of memory: its kallsyms or its banner, and near it the table that maps it.
 * Where that is in vain, too, page tables that look like a process's are: they have no names (see {@link Kernel.processes}).
 *
 * @throws PtekitError `NO_VMCOREINFO` where nothing says which kernel this is, `NO_KERNEL` where its tables are not where
 * VMCOREINFO says, `UNKNOWN_ARCH`, `BAD_FILE` for a BTF or VMCOREINFO that was given and is none, and what
 * `Architecture.for` throws for its release.
 */
export async function openKernel(dump: KernelDump, options: KernelOptions = {}): Promise<Kernel> {
  const found = await findKernel(dump, options);
  const problems: string[] = found.alone === undefined ? [] : [found.alone.sentence];
  const symbols = found.alone === undefined ? findSymbols(found, problems) : null;
  const types = found.alone === undefined ? findTypes(found, symbols, options.btf, problems) : null;
  const facts = [...found.facts, ...factsOf(found.vmcoreinfo, symbols && new Set(symbols.addresses.keys()))];
  const target = { ...found.target, config: configOf(found, facts) };
  let list: TaskList | undefined;
  const tasks = (): TaskList => {
    if (list !== undefined) return list;
    list = taskList(found, symbols, types);
    problems.push(...list.problems);
    return list;
  };
  // Most dumps have a list of tasks to be read: the search for page tables is loaded for the others.
  const nameless =
    types === null || symbols?.addresses.get("init_task") === undefined
      ? await import("./roots/find.ts")
      : null;
  const processes = processesIn(dump, found, types, tasks, nameless, problems);
  return {
    arch: found.arch,
    target,
    backend: found.arch.for(target),
    vmcoreinfo: found.vmcoreinfo,
    release: target.release,
    buildId: found.vmcoreinfo.buildId,
    pageSize: 2 ** found.backend.kernel.pageShift,
    host: hostOf(found, symbols, types) ?? (dump.utsname?.nodename || null),
    how: {
      ...found.how,
      symbols: symbols?.how ?? null,
      types: types?.how ?? null,
      get processes() {
        return processes.how;
      },
    },
    facts,
    memory: found.memory,
    root: found.root,
    smeMask: found.smeMask,
    symbols: symbols?.addresses ?? null,
    types: types?.types ?? null,
    problems,
    tasks: () => tasks().tasks.length,
    processes: processes.all,
    swapDevices: () => {
      if (types === null) return "without the kernel's types no swap device can be read";
      const array =
        symbols?.addresses.get("swap_info") ?? findSwapInfo(found.memory, types.types, imageOf(found));
      return array === null ? "no swap device was found" : readSwapDevices(found.memory, types.types, array);
    },
  };
}

type Nameless = Pick<typeof import("./roots/find.ts"), "findRoots" | "namelessProcess">;

/** Processes by the list of tasks; where there is none, by what their page tables look like. */
function processesIn(
  { memory }: KernelDump,
  found: FoundKernel,
  types: FoundTypes | null,
  tasks: () => TaskList,
  nameless: Nameless | null,
  problems: string[],
): { readonly how: How | null; readonly all: () => Generator<Process, void, undefined> } {
  let roots: FoundRoots | string | undefined = found.alone?.roots;
  let how: How | null = null;
  const search = ({ findRoots }: Nameless): FoundRoots | string => {
    const result = findRoots(memory, found);
    if (typeof result === "string") problems.push(result);
    return result;
  };
  return {
    get how() {
      return how;
    },
    all: function* () {
      const { tasks: all } = tasks();
      if (types !== null && all.length > 0) {
        how = "the list of tasks";
        yield* processesOf(found.memory, types.types, all, problems);
        return;
      }
      if (nameless === null) return;
      roots ??= search(nameless);
      if (typeof roots === "string") return;
      how = "page tables that look like a process's, in all of memory";
      for (const root of roots.roots) yield nameless.namelessProcess(root);
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
function hostOf(
  { vmcoreinfo, memory }: FoundKernel,
  symbols: FoundSymbols | null,
  types: FoundTypes | null,
): string | null {
  const namespace = vmcoreinfo.symbol("init_uts_ns") ?? symbols?.addresses.get("init_uts_ns") ?? null;
  const name =
    vmcoreinfo.offset("uts_namespace.name") ?? types?.types.member("uts_namespace", "name")?.offset ?? null;
  if (namespace === null || name === null) return null;
  const bytes = new Uint8Array(65);
  const outcome = memory.read(namespace + BigInt(name + bytes.length), bytes);
  return outcome === "read" ? latin1(bytes) : null;
}
