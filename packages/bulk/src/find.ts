import type { FlagName, Kind, MarkerName } from "@ptekit/core";
import { FLAG_NAMES, KINDS, PtekitError } from "@ptekit/core";
import type { Columns } from "./columns.ts";
import { describe } from "./describe.ts";
import type { Plan } from "./plan.ts";

/** What to look for; all that is given must hold. */
export interface FindPredicate {
  readonly kind?: Kind | readonly Kind[];
  /** swp_type() of an entry: one swap device, or one special type. */
  readonly type?: number | readonly number[];
  /** A marker with that bit set. */
  readonly marker?: MarkerName;
  readonly exclusive?: boolean;
  readonly softDirty?: boolean;
  readonly uffdWp?: boolean;
  /** Lowest and highest swp_offset() of an entry, in pages, both included. */
  readonly offset?: { readonly from?: bigint; readonly to?: bigint };
}

/** A predicate on a row of columns. */
export type RowTest = (columns: Columns, row: number) => boolean;

const KEYS = ["kind", "type", "marker", "offset", ...FLAG_NAMES];

/**
 * The predicate as a test of one row.
 *
 * @throws PtekitError `BAD_ARGUMENT`, `UNKNOWN_OPTION`, `NO_SUCH_MARKER`.
 */
export function rowTest(plan: Plan, predicate: FindPredicate): RowTest {
  if (typeof predicate !== "object" || predicate === null || Array.isArray(predicate)) {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `a predicate is an object with ${KEYS.join(", ")}, not ${describe(predicate)}`,
    );
  }
  for (const key of Object.keys(predicate)) {
    if (!KEYS.includes(key))
      throw new PtekitError("UNKNOWN_OPTION", `a predicate has ${KEYS.join(", ")}, not ${key}`);
  }
  const wanted = wantedRows(plan, predicate);
  const { marker, offset } = predicate;
  const markerBit = marker === undefined ? null : markerBitOf(plan, marker);
  if (markerBit === null && offset === undefined) return wanted;
  const { from, to } = boundsOf(offset);
  return (columns, row) => {
    if (!wanted(columns, row)) return false;
    const value = offsetAt(columns, row);
    if (value < from || value > to) return false;
    return markerBit === null || (value & markerBit) === markerBit;
  };
}

/** Kind, type and flags, looked up in tables. */
function wantedRows(plan: Plan, predicate: FindPredicate): RowTest {
  const kinds = new Uint8Array(256);
  const types = new Uint8Array(256).fill(predicate.type === undefined ? 1 : 0);
  const ofEntry = predicate.type !== undefined || predicate.offset !== undefined || hasFlags(predicate);
  for (const kind of list(predicate.kind === undefined ? KINDS : predicate.kind)) {
    const number = kindNumber(kind);
    // What is none or present has no type, offset or flags to compare.
    const possible = !ofEntry || (kind !== "none" && kind !== "present");
    if (possible && (predicate.marker === undefined || kind === "marker")) kinds[number] = 1;
  }
  for (const type of list(predicate.type === undefined ? [] : predicate.type))
    types[checkType(plan, type)] = 1;
  const mask = FLAG_NAMES.reduce(
    (bits, flag, i) => (predicate[flag] === undefined ? bits : bits | (1 << i)),
    0,
  );
  const value = FLAG_NAMES.reduce(
    (bits, flag, i) => (checkFlag(predicate, flag) ? bits | (1 << i) : bits),
    0,
  );
  return (columns, row) =>
    kinds[columns.kind[row] as number] === 1 &&
    types[columns.type[row] as number] === 1 &&
    ((columns.flags[row] as number) & mask) === value;
}

const hasFlags = (predicate: FindPredicate): boolean =>
  FLAG_NAMES.some((flag) => predicate[flag] !== undefined);

const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

function kindNumber(kind: Kind): number {
  const number = KINDS.indexOf(kind);
  if (number < 0)
    throw new PtekitError("BAD_ARGUMENT", `a kind is one of ${KINDS.join(", ")}, not ${String(kind)}`);
  return number;
}

function checkType(plan: Plan, type: number): number {
  const limit = plan.kinds.length - 1;
  if (!Number.isInteger(type) || type < 0 || type > limit) {
    const id = plan.backend.layout.id;
    throw new PtekitError(
      "BAD_ARGUMENT",
      `${id}: a type is a whole number from 0 to ${limit}, not ${String(type)}`,
    );
  }
  return type;
}

function checkFlag(predicate: FindPredicate, flag: FlagName): boolean {
  const value = predicate[flag];
  if (value !== undefined && typeof value !== "boolean") {
    throw new PtekitError("BAD_ARGUMENT", `${flag} is true or false, not ${String(value)}`);
  }
  return value === true;
}

/** Lowest and highest offset. Everything fits a range that is not understood: so it is refused. */
function boundsOf(offset: FindPredicate["offset"]): { readonly from: bigint; readonly to: bigint } {
  if (offset === undefined) return { from: 0n, to: ALL };
  if (typeof offset !== "object" || offset === null || Array.isArray(offset)) {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `offset is an object { from, to } of bigints, not ${describe(offset)}`,
    );
  }
  for (const key of Object.keys(offset)) {
    if (key !== "from" && key !== "to")
      throw new PtekitError("UNKNOWN_OPTION", `offset has from and to, not ${key}`);
  }
  const { from = 0n, to = ALL } = offset;
  return { from: bound(from), to: bound(to) };
}

const ALL = (1n << 64n) - 1n;

function bound(value: bigint): bigint {
  if (typeof value !== "bigint" || value < 0n) {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `an offset is a bigint from 0n on, not ${typeof value} ${String(value)}`,
    );
  }
  return value;
}

function markerBitOf(plan: Plan, name: MarkerName): bigint {
  const { layout, types, kernel } = plan.backend;
  const marker = types.markers.find((entry) => entry.name === name);
  if (marker) return marker.value;
  const known = types.markers.map((entry) => entry.name).join(", ") || "no markers";
  throw new PtekitError(
    "NO_SUCH_MARKER",
    `${layout.id}: ${kernel.release} has ${known}, not ${String(name)}`,
  );
}

function offsetAt(columns: Columns, row: number): bigint {
  if (columns.offset) return columns.offset[row] ?? 0n;
  return (BigInt(columns.offsetHigh?.[row] ?? 0) << 32n) | BigInt(columns.offsetLow?.[row] ?? 0);
}
