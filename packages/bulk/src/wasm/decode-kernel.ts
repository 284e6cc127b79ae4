import type { Reading } from "../halves.ts";
import { readingOf } from "../halves.ts";
import type { OffsetColumns } from "../kernel.ts";
import type { Plan, Stored } from "../plan.ts";
import { ones, PRESENT, SWAP } from "../plan.ts";
import type { Code, WasmFunction } from "./assemble.ts";
import type { Builder } from "./build.ts";
import { builder } from "./build.ts";
import type { Four } from "./lanes.ts";
import { loadFour } from "./lanes.ts";
import {
  add,
  and,
  andNot,
  bytes16,
  get,
  gt8,
  i32,
  maskBits,
  narrow16s,
  narrow16u,
  narrow32s,
  or,
  set,
  shl64x2,
  shr64x2,
  shuffle32,
  splat8,
  splat32,
  splat64,
  store,
  sub,
  sub8,
  swizzle,
  widenHigh32,
  widenLow32,
  xor,
} from "./ops.ts";
import { anyOf, noneOf, orNull, readPairs } from "./pairs.ts";

/**
 * `decode(from, count, kind, type, offset, offsetHigh, flags)`: `count` PTEs, a multiple of 16, to columns.
 *
 * Masks, type and flags are computed for four PTEs at a time in 32-bit lanes and narrowed to 16 bytes; only a 64-bit
 * offset needs 64-bit lanes.
 */
export function decodeKernel(plan: Plan, name: string, stored: Stored, offsets: OffsetColumns): WasmFunction {
  const fn = builder(name, ["i32", "i32", "i32", "i32", "i32", "i32", "i32"]);
  const [from, count, kindAt, typeAt, offsetAt, offsetHighAt, flagsAt] = fn.params as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const halves: [boolean, boolean] = [needsHalf(plan, 0), needsHalf(plan, 1)];
  const flags = flagReading(plan);
  fn.loop(() => {
    const rows = [0, 1, 2, 3].map((group) => {
      const four = loadFour(fn, plan, stored, get(from), group * 4 * plan.pteBytes, halves);
      const isNone = fn.keep(anyOf(plan.none, four.halves));
      const isEntry = fn.keep(noneOf(plan.present, four.halves, isNone));
      storeOffsets(fn, plan, offsets, four, isEntry, get(offsetAt), get(offsetHighAt), group);
      return {
        isNone,
        isEntry,
        type: keepOrNull(fn, readPairs(plan.readType, four.halves)),
        flags: keepOrNull(fn, readPairs(flags.reading, four.halves)),
      };
    });
    const isNone = fn.keep(narrowMask(rows.map((row) => row.isNone)));
    const isEntry = fn.keep(narrowMask(rows.map((row) => row.isEntry)));
    const type = fn.keep(narrowBytes(rows.map((row) => row.type ?? splat32(0))));
    const kind = or(and(kindOfType(plan, type), isEntry), andNot(splat8(PRESENT), or(isNone, isEntry)));
    fn.emit(store(get(kindAt), kind));
    fn.emit(store(get(typeAt), and(type, isEntry)));
    const packed = rows.some((row) => row.flags === null)
      ? null
      : narrowBytes(rows.map((row) => row.flags ?? []));
    fn.emit(store(get(flagsAt), packed === null ? splat8(0) : and(flags.spread(packed), isEntry)));
    const step = (local: number, bytes: number): void => fn.emit(set(local, add(get(local), i32(bytes))));
    step(from, 16 * plan.pteBytes);
    step(kindAt, 16);
    step(typeAt, 16);
    step(flagsAt, 16);
    step(offsetAt, offsets === "u64" ? 128 : 64);
    if (offsets === "u32") step(offsetHighAt, 64);
    fn.emit(set(count, sub(get(count), i32(16))));
    return get(count);
  });
  return fn.finish();
}

const keepOrNull = (fn: Builder, code: Code | null): Code | null => (code === null ? null : fn.keep(code));

/** Whether predicates, type or flags read that half of the PTE. */
export function needsHalf(plan: Plan, half: 0 | 1): boolean {
  const terms = [...plan.none, ...plan.present];
  const moves = [...plan.readType.moves, ...plan.readFlags.moves];
  return (
    terms.some((term) => (half === 0 ? term.maskLow : term.maskHigh) !== 0) ||
    moves.some((move) => move.half === half)
  );
}

/** Four masks of four lanes, as one of sixteen bytes. */
export const narrowMask = ([a = [], b = [], c = [], d = []]: readonly Code[]): Code =>
  narrow16s(narrow32s(a, b), narrow32s(c, d));

/** Sixteen values below 256, as bytes. */
export const narrowBytes = ([a = [], b = [], c = [], d = []]: readonly Code[]): Code =>
  narrow16u(narrow32s(a, b), narrow32s(c, d));

/** The number of the kind that each type means; `type` is read more than once. */
export function kindOfType(plan: Plan, type: Code): Code {
  const { runs, flip } = plan.readType;
  const widest = runs.reduce((mask, run) => mask | ones(run.value, run.width), flip);
  const differs = plan.kinds.map((kind, number) => (BigInt(number) <= widest ? kind ^ SWAP : 0));
  // From `above` on every type means the same: one comparison. Below, sixteen types at a time through a table.
  const last = differs[Number(widest)] ?? 0;
  const below = differs.reduce(
    (count, kind, type) => (type <= widest && kind !== last ? type + 1 : count),
    0,
  );
  const above = 16 * Math.ceil(below / 16);
  const tables = Array.from({ length: above / 16 }, (_, block) => differs.slice(16 * block, 16 * block + 16));
  const lookups = tables.flatMap((table, block) =>
    table.every((kind) => kind === 0)
      ? []
      : [swizzle(bytes16(padded(table)), block === 0 ? type : sub8(type, splat8(16 * block)))],
  );
  if (last !== 0 && BigInt(above) <= widest) lookups.push(and(gt8(type, splat8(above - 1)), splat8(last)));
  return lookups.reduce((kinds, part) => xor(kinds, part), splat8(SWAP));
}

const padded = (table: readonly number[]): number[] => [
  ...table,
  ...new Array<number>(16 - table.length).fill(0),
];

/** How flags are read: as bits of 32-bit lanes, which then are spread over bytes. */
export interface FlagReading {
  readonly reading: Reading;
  spread(packed: Code): Code;
}

/** Bits that would have to move in different directions, but stand within four, go through a table of sixteen. */
export function flagReading({ readFlags }: Plan): FlagReading {
  const { runs, moves } = readFlags;
  const low = Math.min(...runs.map((run) => run.pte));
  const high = Math.max(...runs.map((run) => run.pte));
  if (moves.length < 2 || high - low > 3 || low >> 5 !== high >> 5) {
    return { reading: readFlags, spread: (packed) => packed };
  }
  const table = Array.from({ length: 16 }, (_, bits) =>
    runs.reduce((flags, run) => flags | (((bits >> (run.pte - low)) & 1) << run.value), 0),
  );
  return {
    reading: readingOf(runs.map((run) => ({ ...run, value: run.pte - low }))),
    spread: (packed) => swizzle(bytes16(table), packed),
  };
}

function storeOffsets(
  fn: Builder,
  plan: Plan,
  offsets: OffsetColumns,
  four: Four,
  isEntry: Code,
  at: Code,
  highAt: Code,
  group: number,
): void {
  if (plan.pteBits === 32) {
    const offset = fn.keep(and(readPairs(plan.readOffset, four.halves) ?? splat32(0), isEntry));
    if (offsets === "u32") {
      fn.emit(store(at, offset, 16 * group), store(highAt, splat32(0), 16 * group));
    } else {
      fn.emit(store(at, widenLow32(offset), 32 * group), store(at, widenHigh32(offset), 32 * group + 16));
    }
    return;
  }
  const [a, b] = offsetPairs(fn, plan.readOffset, four.vectors, isEntry);
  if (offsets === "u64") {
    fn.emit(store(at, a, 32 * group), store(at, b, 32 * group + 16));
  } else {
    const [first, second] = [fn.keep(a), fn.keep(b)];
    fn.emit(store(at, shuffle32(first, second, [0, 2, 4, 6]), 16 * group));
    fn.emit(store(highAt, shuffle32(first, second, [1, 3, 5, 7]), 16 * group));
  }
}

/** The offsets of two and two PTEs in 64-bit lanes, 0 where `isEntry` is not set. */
function offsetPairs(fn: Builder, reading: Reading, vectors: readonly Code[], isEntry: Code): [Code, Code] {
  const all = reading.runs.reduce((mask, run) => mask | ones(run.value, run.width), 0n);
  const [only] = reading.runs;
  const single =
    reading.runs.length === 1 && only !== undefined && (reading.flip === 0n || reading.flip === all);
  // One run: the mask of its bits and of the entries is the same AND, which inverts it too.
  const bits = single ? all : (1n << 64n) - 1n;
  const lowBits = fn.keep(maskBits(isEntry, Number(bits & 0xffff_ffffn)));
  const highBits = fn.keep(maskBits(isEntry, Number(bits >> 32n)));
  return [
    [0, 4, 1, 5],
    [2, 6, 3, 7],
  ].map((lanes, index) => {
    const mask = shuffle32(lowBits, highBits, lanes);
    const vector = vectors[index] ?? [];
    if (single) {
      const shifted = shift64(vector, only.pte - only.value);
      return reading.flip === 0n ? and(shifted, mask) : andNot(mask, shifted);
    }
    const value = reading.runs
      .map((run) => and(shift64(vector, run.pte - run.value), splat64(ones(run.value, run.width))))
      .reduce<Code | null>(orNull, null);
    const flipped = value === null || reading.flip === 0n ? value : xor(value, splat64(reading.flip));
    return flipped === null ? splat32(0) : and(flipped, mask);
  }) as [Code, Code];
}

const shift64 = (vector: Code, right: number): Code =>
  right >= 0 ? shr64x2(vector, right) : shl64x2(vector, -right);
