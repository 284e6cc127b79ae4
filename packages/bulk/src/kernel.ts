import type { Stored } from "./plan.ts";

/** How the offset column is laid out: one column of 64-bit numbers, or two of their 32-bit halves. */
export type OffsetColumns = "u64" | "u32";

/** Where columns stand in an arena, in bytes. */
export interface Places {
  readonly kind: number;
  readonly type: number;
  /** The offsets, or with `u32` their low halves. */
  readonly offset: number;
  readonly offsetHigh: number;
  readonly flags: number;
}

/** What a census counts, before it is given names; every block adds to it. */
export interface Counts {
  total: number;
  nones: number;
  entries: number;
  readonly types: Float64Array;
  /** By core's FLAG_NAMES. */
  readonly flags: Float64Array;
  /** By the marker bits of the release, lowest first. */
  readonly markers: Float64Array;
}

/** Memory with an engine over it: room for `capacity` PTEs and their columns. */
export interface Arena {
  readonly capacity: number;
  readonly buffer: ArrayBuffer;
  /** Where the PTEs stand. */
  readonly input: number;
  readonly places: Places;
  /** `count` PTEs from byte `from` on, to columns. */
  decode(from: number, count: number, stored: Stored, to: Places): void;
  /** Columns to `count` PTEs from byte `to` on; false where a row does not fit. */
  encode(to: number, count: number, stored: Stored, from: Places): boolean;
  /** Adds `count` PTEs from byte `from` on to the counts. */
  census(from: number, count: number, stored: Stored, sum: Counts): void;
}

/** An engine for one plan: what makes arenas. */
export interface Engine {
  readonly name: "simd" | "javascript";
  arena(capacity: number): Arena;
}

/** Where input and columns of `capacity` PTEs stand from byte `start` on, and where they end. */
export function layOut(
  capacity: number,
  pteBytes: number,
  start: number,
): { input: number; places: Places; end: number } {
  let next = start;
  const take = (bytes: number): number => {
    const at = next;
    next = Math.ceil((at + bytes) / 64) * 64;
    return at;
  };
  const input = take(capacity * pteBytes);
  const offset = take(capacity * 8);
  const kind = take(capacity);
  const type = take(capacity);
  const flags = take(capacity);
  // Low and high halves share the room of the 64-bit offsets.
  return { input, places: { kind, type, offset, offsetHigh: offset + 4 * capacity, flags }, end: next };
}
