// What the guest said and what its tables hold, put together as a ptekit-live/2 file. docs/live.md describes it.
import type { Architecture, Walk, WalkStep } from "@ptekit/core";
import { parseConfig, symbolsOn } from "../common/kconfig.ts";
import type { Page, Said } from "./console.ts";
import { isExclusive } from "./console.ts";
import { recordedSymbols } from "./machines.ts";
import type { Tables } from "./tables.ts";

/** A row of a live file: words in hexadecimal. */
export interface Row {
  readonly vaddr: string;
  readonly region: string;
  /** The kernel's name of the level that the entry is of; a live file leaves out "pte". */
  readonly level?: string;
  /** The entry's physical address. */
  readonly at: string;
  readonly pte: string;
  readonly pagemap: string;
  /** Of swapped pages: whether they are the program's alone. */
  readonly exclusive?: boolean;
}

/** An entry that led to a row's. */
export interface Upper {
  readonly level: string;
  readonly at: string;
  readonly entry: string;
}

interface Read {
  readonly rows: readonly Row[];
  readonly upper: readonly Upper[];
  /** Region and why its pages have no entry → how many. */
  readonly left: ReadonlyMap<string, number>;
}

const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** The entry of every page, and what led there, each once. A page without one is left out and counted. */
export function readPages(pages: readonly Page[], walk: (vaddr: bigint) => Walk): Read {
  const left = new Map<string, number>();
  const upper = new Map<bigint, Upper>();
  const rows = pages.flatMap(({ region, vaddr, pagemap }): Row[] => {
    const { path, end, sentence } = walk(vaddr);
    const last = path.at(-1);
    if (last === undefined || !isRow(last, end)) {
      const reason = `${region}: ${last?.level ?? "root"}: ${last === undefined ? sentence : end}`;
      left.set(reason, (left.get(reason) ?? 0) + 1);
      return [];
    }
    for (const { level, at, entry } of path.slice(0, -1))
      upper.set(at, { level, at: hex(at), entry: hex(entry) });
    const level = lowest(last);
    const exclusive = isSwapped(pagemap) ? isExclusive(region) : undefined;
    return [
      {
        vaddr: hex(vaddr),
        region,
        ...(level !== "pte" && { level }),
        at: hex(last.at),
        pte: hex(last.entry),
        pagemap: hex(pagemap),
        ...(exclusive !== undefined && { exclusive }),
      },
    ];
  });
  return { rows, upper: [...upper.values()], left };
}

const isSwapped = (pagemap: bigint): boolean => ((pagemap >> 62n) & 1n) === 1n;

/** Whether a walk ended at a PTE, or at an upper entry that is one itself; an empty upper entry is a hole. */
function isRow(last: WalkStep, end: Walk["end"]): boolean {
  if (end === "outside" || end === "unreadable" || end === "cycle") return false;
  return lowest(last) === "pte" || end === "present" || end === "not-present";
}

/** The lowest name of a level, by which its entries are read. */
const lowest = ({ level, folded }: WalkStep): string => folded.at(-1) ?? level;

interface LiveFile {
  readonly arch: Architecture;
  readonly tables: Tables;
  readonly said: Said;
  readonly machine: string;
  /** The kernel's .config. */
  readonly configText: string;
  readonly read: Read;
}

/** The text of a live file, one row a line. */
export function liveText({ arch, tables, said, machine, configText, read }: LiveFile): string {
  const { backend, cpu, root } = tables;
  const symbols = [...recordedSymbols, ...arch.symbols.map(({ name }) => name)];
  const head = {
    format: "ptekit-live/2",
    arch: arch.name,
    release: said.release,
    ...(cpu.length > 0 && { cpu }),
    machine,
    pageSize: 2 ** backend.kernel.pageShift,
    levels: backend.geometry?.levels.length,
    config: symbolsOn(parseConfig(configText), symbols),
    root: hex(root),
    note: "pte, entry: read from the guest's memory; pagemap: the word the running kernel gave for the same address",
  };
  const lists = Object.entries({ upper: read.upper, rows: read.rows }).map(
    ([name, list]) => ` "${name}": [\n${list.map((row) => `  ${oneLine(row)}`).join(",\n")}\n ]`,
  );
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n${lists.join(",\n")}\n}\n`;
}

interface MigratingFile extends Omit<LiveFile, "read"> {
  readonly caught: readonly object[];
}

/** The text of a file of migration entries, one row a line. */
export function migratingText({ arch, tables, said, machine, configText, caught }: MigratingFile): string {
  const { backend, cpu } = tables;
  const symbols = [...recordedSymbols, ...arch.symbols.map(({ name }) => name)];
  const head = {
    arch: arch.name,
    release: said.release,
    ...(cpu.length > 0 && { cpu }),
    machine,
    pageSize: 2 ** backend.kernel.pageShift,
    config: symbolsOn(parseConfig(configText), symbols),
    note: "pte: read while the kernel stood at remove_migration_pte(); pteBefore: the word before; pagemapBefore: of that",
  };
  const rows = caught.map((row) => `  ${oneLine(row)}`).join(",\n");
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n "rows": [\n${rows}\n ]\n}\n`;
}

function oneLine(row: object): string {
  return `{${Object.entries(row)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(", ")}}`;
}
