// Tables, and the upper entries that lead to them. The kernel writes the same flags into all of one level, and tells by the
// struct page what is a table: what is so of nearly all of a sample must be so of every one.
import type { EnteredTable, LevelName } from "@ptekit/core";
import { bitsText } from "./judge.ts";
import type { Habit, Machine } from "./machine.ts";
import type { Scene } from "./scene.ts";

/** So many tables tell, if so many of eight are alike. */
const ENOUGH = 8;
const ALIKE = 7 / 8;
/** A `_mapcount` below that is a page_type. */
const NO_MAPCOUNT = -1;

/** What is learnt from tables of the first processes. */
export function habitsOf(machine: Machine, tables: readonly EnteredTable[]): Map<LevelName, Habit> {
  const levels = new Map<LevelName, EnteredTable[]>();
  for (const table of tables) levels.set(table.level, [...(levels.get(table.level) ?? []), table]);
  return new Map(
    [...levels].map(([level, of]) => {
      const type = usual(of.map(({ table }) => pageTypeOf(machine, table)));
      return [level, { flags: usual(of.map((table) => flagsOf(machine, table))), pageType: type ?? null }];
    }),
  );
}

/** What is wrong with a table, or the entry that leads to it. */
export function scanTable({ machine, suspect }: Scene, entered: EnteredTable): void {
  const { level, address, entry, table } = entered;
  const habit = machine.habits.get(level);
  const place = `0x${table.toString(16)}`;
  const flags = flagsOf(machine, entered);
  if (habit !== undefined && habit.flags !== null && flags !== habit.flags)
    suspect("bad-entry", {
      address,
      level,
      entry,
      sentence: `it leads to a table, and its bits ${bitsText(flags ^ habit.flags)} are not as this kernel has them there`,
    });
  const state = machine.checks.pages ? machine.pages.of(Number(table) / machine.kernel.pageSize) : null;
  if (state === null) return;
  if (state.refcount <= 0)
    suspect("freed-table", {
      address,
      level: belowOf(machine, level),
      entry: null,
      sentence: `the table at ${place} is in a free page: its struct page counts ${state.refcount} references`,
    });
  else if (habit !== undefined && habit.pageType !== null && state.mapcount !== habit.pageType)
    suspect("freed-table", {
      address,
      level,
      entry,
      sentence: `it leads to ${place}, and that page is no table, says its struct page`,
    });
}

const flagsOf = ({ addressBits }: Machine, { level, entry }: EnteredTable): bigint =>
  entry & ~(addressBits.get(level) ?? -1n);

function pageTypeOf({ checks, pages, kernel }: Machine, table: bigint): number | null {
  const state = checks.pages ? pages.of(Number(table) / kernel.pageSize) : null;
  return state !== null && state.mapcount < NO_MAPCOUNT ? state.mapcount : null;
}

/** The value that nearly all have; null where there is none, or too few. */
function usual<T extends bigint | number>(values: readonly (T | null)[]): T | null {
  const counts = new Map<T | null, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [found = null, count = 0] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  return values.length >= ENOUGH && count >= ALIKE * values.length ? found : null;
}

function belowOf({ upper }: Machine, level: LevelName): LevelName {
  const names: readonly LevelName[] = [...upper.keys(), "pte"];
  return names[names.indexOf(level) + 1] ?? "pte";
}
