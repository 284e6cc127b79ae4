import { FLAG_NAMES } from "@ptekit/core";
import { readingOf } from "../halves.js";
import type { Plan, Stored } from "../plan.js";
import { ones, readableBits } from "../plan.js";
import type { Code, WasmFunction } from "./assemble.js";
import { builder } from "./build.js";
import { flagReading, narrowBytes, narrowMask, needsHalf } from "./decode-kernel.js";
import { loadFour } from "./lanes.js";
import {
  add,
  add32x4,
  and,
  anyTrue,
  bitmask8,
  eq8,
  extAdd8u,
  extAdd16u,
  get,
  i32,
  interleaveHigh8,
  interleaveLow8,
  load,
  load16,
  load32,
  maskBits,
  or,
  popcnt,
  set,
  shl16,
  shr16,
  splat8,
  splat32,
  store,
  store32,
  sub,
  sub8,
  sub32x4,
  sumLanes,
  when,
} from "./ops.js";
import type { Halves } from "./pairs.js";
import { anyOf, noneOf, readPairs } from "./pairs.js";

/** So many histograms side by side: neighbours that are equal do not wait for each other's counter. */
const HISTOGRAMS = 8;
/** Counters of one histogram: every type that can be read, with every combination of flags. */
export const slotsOf = (plan: Plan): number => 2 ** (readableBits(plan) + FLAG_NAMES.length);
/** Bytes of all histograms. */
export const histogramBytes = (plan: Plan): number => HISTOGRAMS * 4 * slotsOf(plan);

interface Row {
  readonly pte: Halves;
  readonly isEntry: Code;
}

export interface CensusPlaces {
  /** Where the histograms stand, by type + flags << readable bits of the type; all 0 but the first, which is added to. */
  readonly histograms: number;
  /** 32 bytes of scratch. */
  readonly scratch: number;
  /** Counters: none; entries; groups of 16 with an entry; then one per marker bit. */
  readonly totals: number;
}

/**
 * `census(from, count)`: counts `count` PTEs, a multiple of 16.
 *
 * The first stage looks for entries at all, in groups of 16; only a group that has one goes on to the second, which
 * computes type and flags and counts in histograms. There what is no entry counts at index 0 and is subtracted later.
 */
export function censusKernel(plan: Plan, name: string, stored: Stored, places: CensusPlaces): WasmFunction {
  const fn = builder(name, ["i32", "i32"]);
  const [from, count] = fn.params as [number, number];
  const nones = fn.local("v128");
  const entries = fn.local("v128");
  const groups = fn.local("i32");
  const halves: [boolean, boolean] = [needsHalf(plan, 0), needsHalf(plan, 1)];
  const flags = flagReading(plan);
  fn.loop(() => {
    const rows = [0, 1, 2, 3].map((group) => {
      const { halves: pte } = loadFour(fn, plan, stored, get(from), group * 4 * plan.pteBytes, halves);
      const isNone = fn.keep(anyOf(plan.none, pte));
      const isEntry = fn.keep(noneOf(plan.present, pte, isNone));
      fn.emit(set(nones, sub32x4(get(nones), isNone)));
      return { pte, isEntry };
    });
    const some = rows.map((row) => row.isEntry).reduce(or);
    fn.emit(when(anyTrue(some), countEntries(rows)));
    fn.emit(set(from, add(get(from), i32(16 * plan.pteBytes))));
    fn.emit(set(count, sub(get(count), i32(16))));
    return get(count);
  });
  fn.emit(foldHistograms());
  fn.emit(addTotal(0, sumLanes(get(nones))), addTotal(1, sumLanes(get(entries))), addTotal(2, get(groups)));
  return fn.finish();

  function addTotal(index: number, value: Code): Code {
    const address = i32(places.totals + 4 * index);
    return store32(address, add(load32(address), value));
  }

  function countEntries(rows: readonly Row[]): Code {
    return fn.block(() => {
      const isEntry = fn.keep(narrowMask(rows.map((row) => row.isEntry)));
      const type = fn.keep(
        and(narrowBytes(rows.map((row) => readPairs(plan.readType, row.pte) ?? splat32(0))), isEntry),
      );
      const flagBytes = fn.keep(and(flagsOf(rows), isEntry));
      fn.emit(set(groups, add(get(groups), i32(1))));
      fn.emit(set(entries, add32x4(get(entries), extAdd16u(extAdd8u(sub8(splat8(0), isEntry))))));
      fn.emit(store(i32(places.scratch), indices(type, flagBytes, interleaveLow8)));
      fn.emit(store(i32(places.scratch), indices(type, flagBytes, interleaveHigh8), 16));
      for (let lane = 0; lane < 16; lane++) {
        const table = tableAt(lane % HISTOGRAMS);
        const slot = fn.keep(load16(i32(places.scratch), 2 * lane), "i32");
        fn.emit(store32(slot, add(load32(slot, table), i32(1)), table));
      }
      if (plan.markerType >= 0) {
        const isMarker = fn.keep(and(eq8(type, splat8(plan.markerType)), isEntry));
        fn.emit(when(anyTrue(isMarker), countMarkers(rows, isMarker)));
      }
    });
  }

  function flagsOf(rows: readonly Row[]): Code {
    const packed = rows.map((row) => readPairs(flags.reading, row.pte));
    if (packed.some((pairs) => pairs === null)) return splat8(0);
    return flags.spread(narrowBytes(packed.map((pairs) => pairs ?? [])));
  }

  function tableAt(table: number): number {
    return places.histograms + table * 4 * slotsOf(plan);
  }

  /** Adds every histogram to the first, and clears it. */
  function foldHistograms(): Code {
    const at = fn.local("i32");
    const bytes = 4 * slotsOf(plan);
    return fn.block(() => {
      fn.emit(set(at, i32(0)));
      fn.loop(() => {
        const tables = Array.from({ length: HISTOGRAMS }, (_, table) => tableAt(table));
        fn.emit(store(get(at), tables.map((table) => load(get(at), table)).reduce(add32x4), tables[0]));
        for (const table of tables.slice(1)) fn.emit(store(get(at), splat32(0), table));
        fn.emit(set(at, add(get(at), i32(16))));
        return sub(get(at), i32(bytes));
      });
    });
  }

  /** Where the counters of eight PTEs stand in a histogram, in bytes: (type + flags << readable bits) * 4. */
  function indices(type: Code, flagBytes: Code, interleave: (a: Code, b: Code) => Code): Code {
    const pair = fn.keep(interleave(type, flagBytes));
    const closed = or(
      maskBits(pair, 0x00ff_00ff),
      shr16(maskBits(pair, 0xff00_ff00), 8 - readableBits(plan)),
    );
    return shl16(closed, 2);
  }

  function countMarkers(rows: readonly Row[], isMarker: Code): Code {
    return fn.block(() => {
      const low = plan.readOffset.runs
        .filter((run) => run.value < 8)
        .map((run) => ({ ...run, width: Math.min(run.width, 8 - run.value) }));
      const reading = readingOf(low, plan.readOffset.flip & ones(0, 8));
      const bits = fn.keep(narrowBytes(rows.map((row) => readPairs(reading, row.pte) ?? splat32(0))));
      plan.backend.types.markers.forEach((marker, index) => {
        const value = splat8(Number(marker.value));
        const has = bitmask8(and(isMarker, eq8(and(bits, value), value)));
        fn.emit(addTotal(3 + index, popcnt(has)));
      });
    });
  }
}
