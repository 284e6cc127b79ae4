import { FLAG_NAMES } from "@ptekit/core";
import type { Reading } from "../halves.ts";
import { readingOf } from "../halves.ts";
import type { Plan, Stored } from "../plan.ts";
import { ones, readableBits } from "../plan.ts";
import type { Code, WasmFunction } from "./assemble.ts";
import { builder } from "./build.ts";
import { flagReading, narrowBytes, narrowMask, needsHalf } from "./decode-kernel.ts";
import { loadFour } from "./lanes.ts";
import {
  add,
  add32x4,
  and,
  anyTrue,
  atLeast,
  bitmask8,
  either,
  eq8,
  get,
  i32,
  load,
  load16,
  load32,
  maskBits,
  mul,
  or,
  popcnt,
  set,
  shl,
  shl16,
  shr16,
  smaller,
  splat8,
  splat32,
  store,
  store32,
  sub,
  sub32x4,
  sumLanes,
  when,
} from "./ops.ts";
import type { Halves } from "./pairs.ts";
import { anyOf, noneOf, readPairs } from "./pairs.ts";

/**
 * Histograms count pairs of neighbouring types, so that sixteen PTEs take eight counters; two tables take turns, so
 * that neighbours that are equal do not wait for each other's counter.
 */
const TABLES = 2;
/** Groups of 16 PTEs whose addresses the list takes; their PTEs stay in the first cache between the stages. */
const GROUPS = 256;
/** From five eighths of the groups on, to look for those with an entry costs more than to count the others too. */
const DENSE = { of: 8, from: 5 };
/** Bits of a type in a pair: what can be read, and at least one vector of types. */
const typeBitsOf = (plan: Plan): number => Math.max(2, readableBits(plan));
const tableBytes = (plan: Plan): number => 4 << (2 * typeBitsOf(plan));

/** Where the counters of marker bits begin among the totals: behind none, entries, groups and the flags. */
export const MARKERS: number = 3 + FLAG_NAMES.length;

/** Where a census keeps what it counts, in bytes. The tables must be 0, and are 0 again afterwards. */
export interface CensusPlaces {
  /** 16 bytes of scratch. */
  readonly scratch: number;
  /** Counters: none; entries; groups of 16 with an entry; by flag; by marker bit. They are added to. */
  readonly totals: number;
  /** Counters by type. They are added to. */
  readonly types: number;
  readonly list: number;
  readonly tables: number;
  readonly end: number;
}

/** The places of a census from byte `start` on, behind `scratch` and `totals`. */
export function placesOf(plan: Plan, scratch: number, totals: number, start: number): CensusPlaces {
  const list = start + (4 << typeBitsOf(plan));
  const tables = list + 4 * GROUPS;
  return { scratch, totals, types: start, list, tables, end: tables + TABLES * tableBytes(plan) };
}

/** Counters by type that a census adds to. */
export const countedTypes = (plan: Plan): number => 2 ** typeBitsOf(plan);

/** Four of the sixteen PTEs of a group. */
interface Row {
  readonly pte: Halves;
  readonly isNone: Code;
  readonly isEntry: Code;
}

/** The lowest eight bits of the offset, which say what a marker is. */
function markerReading(plan: Plan): Reading {
  const low = plan.readOffset.runs
    .filter((run) => run.value < 8)
    .map((run) => ({ ...run, width: Math.min(run.width, 8 - run.value) }));
  return readingOf(low, plan.readOffset.flip & ones(0, 8));
}

/**
 * `census(from, count)`: counts `count` PTEs, a multiple of 16.
 *
 * The first stage looks for entries at all, in groups of 16, and lists the groups that have one, without a branch: where
 * entries come and go, a branch would be guessed wrong. The second computes type and flags of the groups in the list.
 * There what is no entry counts as type 0 and is subtracted later. Where nearly all groups before had an entry, the first
 * stage lists all of the next unseen, and the second counts what is none.
 */
export function censusKernel(plan: Plan, name: string, stored: Stored, places: CensusPlaces): WasmFunction {
  const fn = builder(name, ["i32", "i32"]);
  const [from, count] = fn.params as [number, number];
  const nones = fn.local("v128");
  const [entries, groups, rest, next] = [fn.local("i32"), fn.local("i32"), fn.local("i32"), fn.local("i32")];
  const markerBits = markerReading(plan);
  const needs = (half: 0 | 1): boolean =>
    needsHalf(plan, half) || (plan.markerType >= 0 && markerBits.moves.some((move) => move.half === half));
  const halves: [boolean, boolean] = [needs(0), needs(1)];
  const flags = flagReading(plan);
  const flagCounts = plan.readFlags.runs.map(({ value }) => ({ value, count: fn.local("i32") }));
  const listedNones = fn.local("v128");
  const [taken, withEntry, dense] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
  fn.loop(() => {
    fn.emit(set(rest, smaller(get(count), i32(16 * GROUPS))), set(taken, get(rest)));
    fn.emit(set(count, sub(get(count), get(rest))));
    fn.emit(set(next, i32(places.list)));
    fn.emit(either(get(dense), fn.block(listAll), fn.block(listThoseWithEntry)));
    fn.emit(set(withEntry, i32(0)), set(listedNones, splat32(0)));
    fn.emit(when(sub(get(next), i32(places.list)), fn.block(countListed)));
    fn.emit(when(get(dense), set(nones, add32x4(get(nones), get(listedNones)))));
    // In PTEs: a group has 16.
    const least = mul(get(taken), i32(DENSE.from));
    fn.emit(set(dense, atLeast(mul(get(withEntry), i32(16 * DENSE.of)), least)));
    return get(count);
  });
  fn.emit(when(get(groups), foldTables()));
  fn.emit(addTotal(0, sumLanes(get(nones))), addTotal(1, get(entries)), addTotal(2, get(groups)));
  for (const { value, count: counted } of flagCounts) fn.emit(addTotal(3 + value, get(counted)));
  return fn.finish();

  /** A loop over the groups of these PTEs, each of which is written to the list; kept there where `isKept` is 1. */
  function list(isKept: () => Code): void {
    fn.loop(() => {
      const kept = isKept();
      fn.emit(store32(get(next), get(from)));
      fn.emit(set(next, add(get(next), shl(kept, 2))));
      fn.emit(set(from, add(get(from), i32(16 * plan.pteBytes))));
      fn.emit(set(rest, sub(get(rest), i32(16))));
      return get(rest);
    });
  }

  function listAll(): void {
    list(() => i32(1));
  }

  function listThoseWithEntry(): void {
    list(() => {
      const rows = groupAt(get(from));
      countNones(nones, rows);
      return anyTrue(rows.map(({ isEntry }) => isEntry).reduce(or));
    });
  }

  function countNones(sums: number, rows: readonly Row[]): void {
    for (const { isNone } of rows) fn.emit(set(sums, sub32x4(get(sums), isNone)));
  }

  function addTo(address: Code, value: Code): Code {
    return store32(address, add(load32(address), value));
  }

  function addTotal(index: number, value: Code): Code {
    return addTo(i32(places.totals + 4 * index), value);
  }

  function groupAt(address: Code): Row[] {
    return [0, 1, 2, 3].map((four) => {
      const { halves: pte } = loadFour(fn, plan, stored, address, four * 4 * plan.pteBytes, halves);
      const isNone = fn.keep(anyOf(plan.none, pte));
      const isEntry = fn.keep(noneOf(plan.present, pte, isNone));
      return { pte, isNone, isEntry };
    });
  }

  /** The second stage, over the list up to `next`. */
  function countListed(): void {
    const at = fn.local("i32");
    fn.emit(set(at, i32(places.list)));
    fn.loop(() => {
      const group = groupAt(fn.keep(load32(get(at)), "i32"));
      const isEntry = fn.keep(narrowMask(group.map((row) => row.isEntry)));
      const type = fn.keep(and(bytesOf(plan.readType, group), isEntry));
      countNones(listedNones, group);
      fn.emit(set(groups, add(get(groups), i32(1))));
      fn.emit(set(withEntry, add(get(withEntry), anyTrue(isEntry))));
      fn.emit(set(entries, add(get(entries), popcnt(bitmask8(isEntry)))));
      countTypes(type);
      countFlags(group, isEntry);
      if (plan.markerType >= 0) {
        const isMarker = fn.keep(and(eq8(type, splat8(plan.markerType)), isEntry));
        fn.emit(when(anyTrue(isMarker), countMarkers(group, isMarker)));
      }
      fn.emit(set(at, add(get(at), i32(4))));
      return sub(get(at), get(next));
    });
  }

  /** A number that is read from each of the sixteen PTEs, as bytes. */
  function bytesOf(reading: Reading, group: readonly Row[]): Code {
    return narrowBytes(group.map(({ pte }) => readPairs(reading, pte) ?? splat32(0)));
  }

  function countTypes(type: Code): void {
    const slots = or(maskBits(type, 0x00ff_00ff), shr16(maskBits(type, 0xff00_ff00), 8 - typeBitsOf(plan)));
    fn.emit(store(i32(places.scratch), shl16(slots, 2)));
    for (let pair = 0; pair < 8; pair++) {
      const slot = fn.keep(load16(i32(places.scratch), 2 * pair), "i32");
      const table = places.tables + (pair % TABLES) * tableBytes(plan);
      fn.emit(store32(slot, add(load32(slot, table), i32(1)), table));
    }
  }

  function countFlags(group: readonly Row[], isEntry: Code): void {
    if (flagCounts.length === 0) return;
    const bits = fn.keep(and(flags.spread(bytesOf(flags.reading, group)), isEntry));
    for (const { value, count: counted } of flagCounts) {
      // The flag's bit becomes the highest of its byte.
      fn.emit(set(counted, add(get(counted), popcnt(bitmask8(shl16(bits, 7 - value))))));
    }
  }

  /** Adds every pair to the counters of both its types, and clears the tables. */
  function foldTables(): Code {
    const [at, row, to, sums] = [fn.local("i32"), fn.local("i32"), fn.local("i32"), fn.local("v128")];
    const tables = Array.from({ length: TABLES }, (_, table) => places.tables + table * tableBytes(plan));
    const rowBytes = 4 << typeBitsOf(plan);
    return fn.block(() => {
      fn.emit(set(at, i32(0)), set(row, i32(places.types)));
      fn.loop(() => {
        fn.emit(set(to, i32(places.types)), set(sums, splat32(0)));
        fn.loop(() => {
          const pairs = fn.keep(tables.map((table) => load(get(at), table)).reduce(add32x4));
          for (const table of tables) fn.emit(store(get(at), splat32(0), table));
          fn.emit(store(get(to), add32x4(load(get(to)), pairs)), set(sums, add32x4(get(sums), pairs)));
          fn.emit(set(at, add(get(at), i32(16))), set(to, add(get(to), i32(16))));
          return sub(get(to), i32(places.types + rowBytes));
        });
        fn.emit(addTo(get(row), sumLanes(get(sums))), set(row, add(get(row), i32(4))));
        return sub(get(row), i32(places.types + rowBytes));
      });
    });
  }

  function countMarkers(group: readonly Row[], isMarker: Code): Code {
    return fn.block(() => {
      const bits = fn.keep(bytesOf(markerBits, group));
      plan.backend.types.markers.forEach((marker, index) => {
        const value = splat8(Number(marker.value));
        const has = bitmask8(and(isMarker, eq8(and(bits, value), value)));
        fn.emit(addTotal(MARKERS + index, popcnt(has)));
      });
    });
  }
}
