import type { FlagName, Kind, MarkerName } from "@ptekit/core";
import { FLAG_NAMES, KINDS } from "@ptekit/core";
import type { PteInput } from "./input.ts";
import type { Counts } from "./kernel.ts";
import type { Plan } from "./plan.ts";
import { NONE, PRESENT, readableBits } from "./plan.ts";

/** How many PTEs of each sort there are. */
export interface Census {
  /** All PTEs. */
  readonly total: number;
  readonly kinds: Readonly<Record<Kind, number>>;
  /** By swp_type(), from type 0 on; what is none or present has no type. */
  readonly types: readonly number[];
  /** Entries with that flag set, none and present PTEs aside. */
  readonly flags: Readonly<Record<FlagName, number>>;
  /** Markers with that bit set, for every marker the release reads; one marker may have several. */
  readonly markers: Readonly<Partial<Record<MarkerName, number>>>;
}

/** Counts of no PTEs yet. */
export const noCounts = (plan: Plan): Counts => ({
  total: 0,
  nones: 0,
  entries: 0,
  types: new Float64Array(2 ** readableBits(plan)),
  flags: new Float64Array(FLAG_NAMES.length),
  markers: new Float64Array(plan.backend.types.markers.length),
});

/** Counts by number, with their names. */
export function censusOf(plan: Plan, counts: Counts): Census {
  const kinds = KINDS.map(() => 0);
  const types = plan.kinds.map((_, type) => counts.types[type] ?? 0);
  for (const [type, kind] of plan.kinds.entries())
    kinds[kind] = (kinds[kind] as number) + (types[type] as number);
  kinds[NONE] = counts.nones;
  kinds[PRESENT] = counts.total - counts.nones - counts.entries;
  const markers = plan.backend.types.markers.map((marker, i) => [marker.name, counts.markers[i] ?? 0]);
  return {
    total: counts.total,
    kinds: named(KINDS, kinds),
    types,
    flags: named(FLAG_NAMES, [...counts.flags]),
    markers: Object.fromEntries(markers) as Census["markers"],
  };
}

/** Two censuses of the same backend, added up. */
export function addCensus(a: Census, b: Census): Census {
  return {
    total: a.total + b.total,
    kinds: added(a.kinds, b.kinds),
    types: a.types.map((count, type) => count + (b.types[type] ?? 0)),
    flags: added(a.flags, b.flags),
    markers: added(a.markers, b.markers),
  };
}

/** A census in parts. */
export interface Counter {
  /** Adds these PTEs. Throws as `census` does. */
  add(ptes: PteInput): void;
  /** What has been added so far. */
  census(): Census;
}

const named = <K extends string>(names: readonly K[], counts: readonly number[]): Record<K, number> =>
  Object.fromEntries(names.map((name, i) => [name, counts[i] ?? 0])) as Record<K, number>;

function added<T extends Readonly<Record<string, number>>>(a: T, b: T): T {
  return Object.fromEntries(Object.entries(a).map(([name, count]) => [name, count + (b[name] ?? 0)])) as T;
}
