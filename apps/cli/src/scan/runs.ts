// The entries of a dump's page tables, table by table: what find and census read where they are given a dump.
import { isDumpFile } from "@ptekit/dump/node";
import type { Kernel, Process } from "@ptekit/introspect";
import { entriesOf, whoOf } from "@ptekit/introspect";
import type { Argument, Given, Option } from "../command.ts";
import { UsageError } from "../errors.ts";
import { headOf, refuseOther } from "../other-file.ts";
import { TARGET_OPTIONS } from "../target.ts";
import { DUMP_OPTIONS, type OpenedKernel } from "./open.ts";
import { chosenProcesses, PID_OPTION } from "./processes.ts";

/** Options that mean a dump, and those that mean a file of PTEs; --arch means either. */
const OF_DUMPS: readonly Option[] = [PID_OPTION, ...DUMP_OPTIONS.filter(({ name }) => name !== "arch")];
const OF_FILES: readonly string[] = ["kernel", "config", "config-file", "cpu", "backport", "byte-order"];

/** What such a command takes. */
export const FILE_OR_DUMP_ARGUMENT: Argument = {
  name: "FILE",
  required: true,
  many: true,
  help: "a file of PTEs, - for standard input, or a dump as ptekit scan takes it: of a split one, all files",
};

/** The options of a command that takes a file of PTEs or a dump, beside its own. */
export const FILE_OR_DUMP_OPTIONS: readonly Option[] = [
  ...TARGET_OPTIONS.map((option) =>
    option.name === "arch" || option.name === "kernel"
      ? { ...option, help: `${option.help}; a dump says its own` }
      : option,
  ),
  ...OF_DUMPS,
];

/**
 * Whether the files that are given are a dump: they begin as one, or --ram-base says so.
 *
 * @throws UsageError for options of the other kind, and for more than one file of PTEs.
 */
export function isOfDump(command: string, given: Given): boolean {
  const [file = "", ...more] = given.args;
  const has = (name: string): boolean => given.text(name) !== undefined || given.list(name).length > 0;
  if (has("ram-base") || (file !== "-" && isDumpFile(file))) {
    const other = OF_FILES.find(has);
    if (other === undefined) return true;
    throw new UsageError(`a dump says itself which kernel it is of: --${other} goes with a file of PTEs`);
  }
  const other = OF_DUMPS.find(({ name }) => has(name));
  if (other !== undefined)
    throw new UsageError(
      `--${other.name} goes with a dump, and ${file === "-" ? "standard input is read as PTEs" : `${file} begins like none`}`,
    );
  if (more.length > 0)
    throw new UsageError(
      `too many arguments: ${command} takes one file of PTEs; several are a dump that makedumpfile split`,
    );
  if (file !== "-") refuseOther(file, headOf(file), "PTEs");
  return false;
}

/** Entries of one level that follow each other in one table of a process. */
export interface TableRun {
  readonly process: Process;
  /** Virtual address of the first, and how many bytes an entry spans. */
  readonly address: bigint;
  readonly span: bigint;
  /** Physical address of the first. */
  readonly at: bigint;
  readonly count: number;
  /** As they lie in memory; filled anew with the next run. */
  readonly bytes: Uint8Array;
}

/** The runs, and what was read and what is not in the dump. */
export interface TableRuns {
  readonly processes: number;
  readonly problems: readonly string[];
  runs(): Generator<TableRun, void, undefined>;
}

/** Of include/linux/mm.h. */
const VM_HUGETLB = 0x40_0000n;

/**
 * The runs of every process that is meant, of one level. A table that several processes have, hugetlb's
 * shared ones, comes once. Of upper levels, entries that are neither empty nor lead to a table.
 */
export function tableRuns({ dump, kernel }: OpenedKernel, level: string, given: Given): TableRuns {
  const seen = new Set<bigint>();
  const problems: string[] = [];
  let processes = 0;
  const isWanted = levelFilter(level, given.has("hugetlb"));
  function* runs(): Generator<TableRun, void, undefined> {
    for (const process of chosenProcesses(kernel, given)) {
      processes++;
      const parts = entriesOf(kernel, dump.memory, process);
      if (typeof parts === "string") {
        problems.push(`${whoIn(process)}: ${parts}`);
        continue;
      }
      for (const part of parts) {
        if (part.kind === "problem") {
          problems.push(`${whoIn(process)}: ${part.sentence}`);
          continue;
        }
        if (part.level !== level) continue;
        const each = part.bytes.length / part.count;
        for (const run of part.runs) {
          if (seen.has(run.at)) continue;
          seen.add(run.at);
          for (const [from, to] of isWanted(process, run.address, part.span, run.count))
            yield {
              process,
              address: run.address + BigInt(from) * part.span,
              span: part.span,
              at: run.at + BigInt(from * each),
              count: to - from,
              bytes: part.bytes.subarray((run.first + from) * each, (run.first + to) * each),
            };
        }
      }
    }
  }
  return {
    get processes() {
      return processes;
    },
    problems,
    runs,
  };
}

/** Whose tables a run is of. */
export const whoIn = ({ pid, comm, space }: Process): string =>
  whoOf({ pid, comm, root: typeof space === "string" ? null : space.root });

/** What was in the way, in sentences: the first ones, and how many more. */
export function notRead(kernel: Kernel, { problems }: TableRuns): string[] {
  const all = [...kernel.problems, ...problems];
  const most = 10;
  return [...all.slice(0, most), ...(all.length > most ? [`and ${all.length - most} more`] : [])];
}

type Pieces = (
  process: Process,
  address: bigint,
  span: bigint,
  count: number,
) => Iterable<readonly [from: number, to: number]>;

/** The pieces of a run whose entries are those of hugetlbfs's pages, or are none of them; every PTE where that is not asked. */
function levelFilter(level: string, hugetlb: boolean): Pieces {
  if (level === "pte" && !hugetlb) return (_process, _address, _span, count) => [[0, count]];
  return function* ({ space }, address, span, count) {
    if (typeof space === "string") return;
    const isOf = (i: number): boolean => {
      const at = address + BigInt(i) * span;
      const area = space.vmas.find(({ start, end }) => at >= start && at < end);
      return area !== undefined && (area.flags & VM_HUGETLB) !== 0n;
    };
    for (let from = 0; from < count; ) {
      const is = isOf(from);
      let to = from + 1;
      while (to < count && isOf(to) === is) to++;
      if (is === hugetlb) yield [from, to];
      from = to;
    }
  };
}
