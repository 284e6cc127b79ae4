import type { ArchData } from "../data/arch.ts";
import type { Geometry } from "../data/geometry.ts";
import { namesOf } from "../data/geometry.ts";
import type { LeafLayout, LeafLevel } from "../data/leaf.ts";
import type { PresentField, PresentLayout } from "../data/present.ts";
import { free, mmu } from "../data/present.ts";
import { atLeast } from "../data/release.ts";
import { deepFreeze } from "../util/freeze.ts";
import { fits } from "./conditions.ts";
import type { Settings } from "./settings.ts";

/** The present PTEs of a target's kernel, and how the entries of its huge pages look. */
export interface LeavesOf {
  readonly present: PresentLayout | null;
  readonly geometry: Geometry | null;
  readonly pageShift: number;
}

/** How present entries that map a huge page look on each level; a level that is not described is not there. */
export function leavesFor(
  arch: ArchData,
  settings: Settings,
  { present, geometry, pageShift }: LeavesOf,
): Readonly<Partial<Record<LeafLevel, PresentLayout>>> {
  if (present === null || geometry === null) return {};
  const at = (level: LeafLevel): PresentLayout | null => {
    const own = geometry.levels.find((_, i) => namesOf(geometry.levels, i).includes(level));
    const leaf = rowFor(arch, settings, level);
    if (leaf === undefined || own?.entry?.leaf === undefined) return null;
    return leafOf(present, settledLeaf(arch, settings, leaf), own.shift - pageShift);
  };
  const [pmd, pud] = [at("pmd"), at("pud")];
  return deepFreeze({ ...(pmd && { pmd }), ...(pud && { pud }) });
}

const rowFor = (arch: ArchData, settings: Settings, level: LeafLevel): LeafLayout | undefined =>
  (arch.leaves ?? []).find(
    (row) =>
      row.levels.includes(level) &&
      (row.since === undefined || atLeast(settings.release, row.since)) &&
      fits(arch, settings, row),
  );

/** A flag that this configuration or CPU does not have leaves its bit free. */
const settledLeaf = (arch: ArchData, settings: Settings, leaf: LeafLayout): LeafLayout => ({
  ...leaf,
  fields: leaf.fields.map((row) =>
    fits(arch, settings, row) ? row : free(row.high, row.low, `${row.name} needs ${row.when.join(" and ")}`),
  ),
});

/** The PTE's rows with the leaf's in their place, and the PFN only as far as a page of that size is aligned. */
function leafOf(present: PresentLayout, leaf: LeafLayout, orderBits: number): PresentLayout {
  const { napot, user, maybe, note, protNoneNotPresent, ...pte } = present;
  const { fields, reads, note: own, citation } = leaf;
  const whole = fields.some(({ kind }) => kind === "pfn");
  const kept = present.fields.filter((row) => !whole || row.kind !== "pfn");
  const rows = [...kept.flatMap((row) => outside(row, fields)), ...fields];
  return {
    ...pte,
    fields: rows.flatMap((row) => aligned(row, orderBits)).sort((a, b) => b.high - a.high),
    reads: { ...present.reads, ...reads },
    ...(own !== undefined && { note: own }),
    citation,
  };
}

/** The parts of a row that no other row stands on. */
function outside(row: PresentField, others: readonly PresentField[]): PresentField[] {
  const other = others.find(({ high, low }) => high >= row.low && low <= row.high);
  if (other === undefined) return [row];
  const above = other.high < row.high ? [part(row, row.high, other.high + 1)] : [];
  const below = other.low > row.low ? [part(row, other.low - 1, row.low)] : [];
  return [...above, ...below].flatMap((rest) => outside(rest, others));
}

const part = (row: PresentField, high: number, low: number): PresentField => ({
  ...row,
  high,
  low,
  ...(row.kind === "pfn" && { from: row.from + low - row.low }),
});

/** The PFN of a huge page is a multiple of its size: the bits below are no part of it. */
function aligned(row: PresentField, orderBits: number): PresentField[] {
  if (row.kind !== "pfn" || row.from >= orderBits) return [row];
  const low = row.low + orderBits - row.from;
  const under = mmu(Math.min(row.high, low - 1), row.low, "address bits below the page");
  return low > row.high ? [under] : [part(row, row.high, low), under];
}
