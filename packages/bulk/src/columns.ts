import { PtekitError } from "@ptekit/core";
import { describe } from "./describe.ts";
import type { OffsetColumns, Places } from "./kernel.ts";

/** The columns that do not depend on how offsets are laid out: row n of every column is PTE n. */
export interface EveryColumns {
  /** The kind's place in core's KINDS. */
  readonly kind: Uint8Array;
  /** swp_type(); 0 for what is none or present. */
  readonly type: Uint8Array;
  /** Bit n is core's FLAG_NAMES[n]: exclusive 1, softDirty 2, uffdWp 4; 0 for what is none or present. */
  readonly flags: Uint8Array;
}

/** Columns of a decoder with `offsets: "u64"`, the default. */
export interface ColumnsU64 extends EveryColumns {
  /** swp_offset() in pages; 0 for what is none or present. */
  readonly offset: BigUint64Array;
  readonly offsetLow?: undefined;
  readonly offsetHigh?: undefined;
}

/** Columns of a decoder with `offsets: "u32"`, which JavaScript reads faster. */
export interface ColumnsU32 extends EveryColumns {
  /** The low 32 bits of the offset. */
  readonly offsetLow: Uint32Array;
  /** The high 32 bits of the offset. */
  readonly offsetHigh: Uint32Array;
  readonly offset?: undefined;
}

/** What decode says of many PTEs, by the decoder's `offsets`; without one, either. */
export type Columns<O extends OffsetColumns = OffsetColumns> = O extends "u64" ? ColumnsU64 : ColumnsU32;

/** New columns of so many rows, all 0. */
export function createColumns<O extends OffsetColumns>(rows: number, offsets: O): Columns<O> {
  const bytes = { kind: new Uint8Array(rows), type: new Uint8Array(rows), flags: new Uint8Array(rows) };
  const columns: Columns =
    offsets === "u64"
      ? { ...bytes, offset: new BigUint64Array(rows) }
      : { ...bytes, offsetLow: new Uint32Array(rows), offsetHigh: new Uint32Array(rows) };
  return columns as Columns<O>;
}

/** Columns that stand in an arena. */
export function columnsIn<O extends OffsetColumns>(
  buffer: ArrayBuffer,
  places: Places,
  rows: number,
  offsets: O,
): Columns<O> {
  const bytes = {
    kind: new Uint8Array(buffer, places.kind, rows),
    type: new Uint8Array(buffer, places.type, rows),
    flags: new Uint8Array(buffer, places.flags, rows),
  };
  const columns: Columns =
    offsets === "u64"
      ? { ...bytes, offset: new BigUint64Array(buffer, places.offset, rows) }
      : {
          ...bytes,
          offsetLow: new Uint32Array(buffer, places.offset, rows),
          offsetHigh: new Uint32Array(buffer, places.offsetHigh, rows),
        };
  return columns as Columns<O>;
}

/** Where columns stand, or null where they are not all in that buffer. */
export function placesIn(buffer: ArrayBuffer, columns: Columns): Places | null {
  if (arraysOf(columns).some(([, array]) => array.buffer !== buffer)) return null;
  return {
    kind: columns.kind.byteOffset,
    type: columns.type.byteOffset,
    flags: columns.flags.byteOffset,
    offset: (columns.offset ?? columns.offsetLow)?.byteOffset ?? 0,
    offsetHigh: columns.offsetHigh?.byteOffset ?? 0,
  };
}

type Column = Uint8Array | Uint32Array | BigUint64Array;

const arraysOf = (columns: Columns): [string, Column][] => Object.entries(columns) as [string, Column][];

/** Copies `rows` rows from the start of `from` to row `first` of `to`. */
export function copyRows(from: Columns, to: Columns, first: number, rows: number): void {
  to.kind.set(from.kind.subarray(0, rows), first);
  to.type.set(from.type.subarray(0, rows), first);
  to.flags.set(from.flags.subarray(0, rows), first);
  if (from.offset) to.offset?.set(from.offset.subarray(0, rows), first);
  if (from.offsetLow) to.offsetLow?.set(from.offsetLow.subarray(0, rows), first);
  if (from.offsetHigh) to.offsetHigh?.set(from.offsetHigh.subarray(0, rows), first);
}

/** The rows from `first` on, `rows` of them, as views. */
export function sliceColumns<C extends Columns>(columns: C, first: number, rows: number): C {
  const cut = Object.entries(columns).map(([name, column]) => [
    name,
    (column as Column).subarray(first, first + rows),
  ]);
  return Object.fromEntries(cut) as unknown as C;
}

/**
 * Checks columns that a caller gave; returns how many rows all of them have.
 *
 * @throws PtekitError `BAD_ARGUMENT` naming the column.
 */
export function checkColumns(columns: Columns, offsets: OffsetColumns, what: string): number {
  if (typeof columns !== "object" || columns === null) {
    throw new PtekitError("BAD_ARGUMENT", `${what} is an object of columns, not ${String(columns)}`);
  }
  const wanted: Record<string, typeof Uint8Array | typeof Uint32Array | typeof BigUint64Array> = {
    kind: Uint8Array,
    type: Uint8Array,
    flags: Uint8Array,
    ...(offsets === "u64" ? { offset: BigUint64Array } : { offsetLow: Uint32Array, offsetHigh: Uint32Array }),
  };
  const given = columns as unknown as Record<string, unknown>;
  for (const [name, type] of Object.entries(wanted)) {
    if (!(given[name] instanceof type)) {
      throw new PtekitError(
        "BAD_ARGUMENT",
        `${what}.${name} is a ${type.name}, not ${describe(given[name])}`,
      );
    }
  }
  for (const name of Object.keys(given)) {
    if (!(name in wanted)) {
      const names = Object.keys(wanted).join(", ");
      throw new PtekitError(
        "BAD_ARGUMENT",
        `${what} has the columns ${names} (offsets: "${offsets}"), not ${name}`,
      );
    }
  }
  return Math.min(...Object.keys(wanted).map((name) => (given[name] as Column).length));
}
