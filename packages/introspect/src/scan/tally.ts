// The counts of one process while its tables are gone through.
import type { LevelName, MarkerName } from "@ptekit/core";
import type { ProcessScan, Suspicion } from "./interface.ts";

export interface Tally {
  tables: number;
  missingTables: number;
  present: number;
  file: number;
  shared: number;
  device: number;
  readonly huge: Partial<Record<LevelName, number>>;
  readonly hugetlb: Partial<Record<LevelName, number>>;
  readonly swap: number[];
  migration: number;
  hwpoison: number;
  devicePrivate: number;
  deviceExclusive: number;
  swapinError: number;
  readonly markers: Partial<Record<MarkerName, number>>;
  uffdWp: number;
  softDirty: number;
  exclusive: number;
  readonly suspicious: Suspicion[];
  suspicions: number;
  readonly problems: string[];
}

export const newTally = (): Tally => ({
  tables: 0,
  missingTables: 0,
  present: 0,
  file: 0,
  shared: 0,
  device: 0,
  huge: {},
  hugetlb: {},
  swap: [],
  migration: 0,
  hwpoison: 0,
  devicePrivate: 0,
  deviceExclusive: 0,
  swapinError: 0,
  markers: {},
  uffdWp: 0,
  softDirty: 0,
  exclusive: 0,
  suspicious: [],
  suspicions: 0,
  problems: [],
});

/** Adds to a count by name. */
export function add<Name extends string>(
  counts: Partial<Record<Name, number>>,
  name: Name,
  more: number,
): void {
  counts[name] = (counts[name] ?? 0) + more;
}

export function scanOf(whose: Pick<ProcessScan, "pid" | "comm" | "root">, tally: Tally): ProcessScan {
  const swap = Object.fromEntries(Object.entries(tally.swap).filter(([, count]) => count > 0));
  return { ...whose, ...tally, swap };
}

/** The counts that are plain numbers. */
const NUMBERS = (Object.keys(newTally()) as (keyof Tally)[]).filter(
  (name): name is NumberName => typeof newTally()[name] === "number",
);

type NumberName = { [Name in keyof Tally]: Tally[Name] extends number ? Name : never }[keyof Tally];

/** The counts of several processes together, without what is suspicious. */
export function sumOf(
  scans: readonly ProcessScan[],
): Omit<ProcessScan, "pid" | "comm" | "root" | "suspicious" | "problems"> {
  const sum = newTally();
  for (const scan of scans) {
    for (const name of NUMBERS) sum[name] += scan[name];
    for (const [type, count] of Object.entries(scan.swap))
      sum.swap[Number(type)] = (sum.swap[Number(type)] ?? 0) + count;
    for (const part of ["huge", "hugetlb", "markers"] as const)
      for (const [name, count] of Object.entries(scan[part]))
        add(sum[part] as Record<string, number>, name, count);
  }
  const { suspicious: _, problems: __, ...counts } = scanOf({ pid: null, comm: null, root: null }, sum);
  const { pid: ___, comm: ____, root: _____, ...rest } = counts;
  return rest;
}
