import { FLAG_NAMES, KINDS } from "@ptekit/core";
import type { Run } from "../halves.ts";
import type { OffsetColumns } from "../kernel.ts";
import type { Plan, Stored } from "../plan.ts";
import { NONE, ones, PRESENT } from "../plan.ts";
import type { Code, WasmFunction } from "./assemble.ts";
import type { Builder } from "./build.ts";
import { builder } from "./build.ts";
import { inOrder } from "./lanes.ts";
import {
  add,
  and,
  andNot,
  anyTrue,
  bytes16,
  eq8,
  get,
  gt8u,
  i32,
  interleaveHigh8,
  interleaveLow8,
  load,
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
  swizzle,
  widenHigh16,
  widenLow16,
  xor,
} from "./ops.ts";
import { orNull, shiftPairs } from "./pairs.ts";

/**
 * `encode(to, count, kind, type, offset, offsetHigh, flags)`: columns to `count` PTEs, a multiple of 16. Returns
 * whether every row fits; where one does not, its PTE is worth nothing.
 */
export function encodeKernel(plan: Plan, name: string, stored: Stored, offsets: OffsetColumns): WasmFunction {
  const fn = builder(name, ["i32", "i32", "i32", "i32", "i32", "i32", "i32"], ["i32"]);
  const [to, count, kindAt, typeAt, offsetAt, offsetHighAt, flagsAt] = fn.params as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const unfit = fn.local("v128");
  const offsetBits = fn.local("v128");
  const flags = flagTable(plan);
  fn.loop(() => {
    const kind = fn.keep(load(get(kindAt)));
    const type = fn.keep(load(get(typeAt)));
    const flag = fn.keep(load(get(flagsAt)));
    const isNone = fn.keep(eq8(kind, splat8(NONE)));
    const rowUnfit = [
      eq8(kind, splat8(PRESENT)),
      gt8u(kind, splat8(KINDS.length - 1)),
      gt8u(type, splat8(plan.maxType)),
      and(flag, splat8(flags.unknown)),
    ].reduce(or);
    fn.emit(set(unfit, or(get(unfit), rowUnfit)));
    const placed = flags.table === null ? flag : fn.keep(swizzle(bytes16(flags.table), flag));
    // Type and flags of eight PTEs in 16-bit lanes: the type in the low byte, the flags in the high one.
    const eight = [interleaveLow8(type, placed), interleaveHigh8(type, placed)].map((code) => fn.keep(code));
    for (const group of [0, 1, 2, 3]) {
      const both = eight[group >> 1] ?? [];
      const tag = fn.keep(group % 2 === 0 ? widenLow16(both) : widenHigh16(both));
      const vectors =
        plan.pteBits === 32
          ? [words32(fn, plan, offsets, tag, flags.runs, get(offsetAt), get(offsetHighAt), offsetBits, group)]
          : words64(fn, plan, offsets, tag, flags.runs, get(offsetAt), get(offsetHighAt), offsetBits, group);
      vectors.forEach((vector, index) => {
        const first = 4 * group + (16 / plan.pteBytes) * index;
        const lanes = Array.from({ length: 16 }, (_, byte) => first + Math.floor(byte / plan.pteBytes));
        const mask = fn.keep(swizzle(isNone, bytes16(lanes)));
        const word = andNot(vector, mask);
        const whole = plan.empty === 0n ? word : or(word, and(mask, splat64(twice(plan, plan.empty))));
        fn.emit(store(get(to), inOrder(plan, stored, whole), plan.pteBytes * first));
      });
    }
    const step = (local: number, bytes: number): void => fn.emit(set(local, add(get(local), i32(bytes))));
    step(to, 16 * plan.pteBytes);
    step(kindAt, 16);
    step(typeAt, 16);
    step(flagsAt, 16);
    step(offsetAt, offsets === "u64" ? 128 : 64);
    if (offsets === "u32") step(offsetHighAt, 64);
    fn.emit(set(count, sub(get(count), i32(16))));
    return get(count);
  });
  const tooWide = andNot(get(offsetBits), splat64(plan.maxOffset));
  fn.emit([anyTrue(or(get(unfit), tooWide)), 0x45]);
  return fn.finish();
}

/** A constant of the PTE's width in 64 bits. */
const twice = (plan: Plan, word: bigint): bigint => (plan.pteBits === 64 ? word : word | (word << 32n));

/** The flags that exist, and how their bits stand in the high byte of a tag. */
function flagTable(plan: Plan): { unknown: number; table: number[] | null; runs: readonly Run[] } {
  const runs = plan.writeFlags;
  const known = runs.reduce((mask, run) => mask | (1 << run.value), 0);
  const low = Math.min(...runs.map((run) => run.pte));
  const high = Math.max(...runs.map((run) => run.pte));
  const unknown = 0xff & ~known;
  const inTag = (run: Run): Run => ({ ...run, value: run.value + 8 });
  if (runs.length < 2 || high - low > 7) return { unknown, table: null, runs: runs.map(inTag) };
  // A table puts the flags in the order of the PTE, so that one shift moves them all.
  const table = Array.from({ length: 16 }, (_, bits) =>
    runs.reduce((byte, run) => byte | (((bits >> run.value) & 1) << (run.pte - low)), 0),
  );
  const placed = FLAG_NAMES.map((_, value) => runs.find((run) => run.value === value)).flatMap((run) =>
    run ? [{ pte: run.pte, value: run.pte - low + 8, width: 1 }] : [],
  );
  return { unknown, table, runs: placed };
}

/** The bits that a tag of rows that fit can have set. */
const tagBits = (plan: Plan, flags: readonly Run[]): number =>
  flags.reduce((mask, run) => mask | (1 << run.value), plan.maxType);

/** What the tag gives in one half of the PTE. */
const halfOfTag = (plan: Plan, tag: Code, flags: readonly Run[], half: 0 | 1): Code | null =>
  shiftPairs(tag, [...plan.writeType, ...flags], half, tagBits(plan, flags));

function words32(
  fn: Builder,
  plan: Plan,
  offsets: OffsetColumns,
  tag: Code,
  flags: readonly Run[],
  at: Code,
  highAt: Code,
  offsetBits: number,
  group: number,
): Code {
  let offset: Code;
  if (offsets === "u64") {
    const a = fn.keep(load(at, 32 * group));
    const b = fn.keep(load(at, 32 * group + 16));
    fn.emit(set(offsetBits, or(get(offsetBits), or(a, b))));
    offset = fn.keep(shuffle32(a, b, [0, 2, 4, 6]));
  } else {
    offset = fn.keep(load(at, 16 * group));
    fn.emit(set(offsetBits, or(get(offsetBits), checked32(offset, load(highAt, 16 * group)))));
  }
  const word =
    orNull(halfOfTag(plan, tag, flags, 0), shiftPairs(offset, plan.writeOffset, 0, Number(plan.maxOffset))) ??
    splat32(0);
  return plan.constant === 0n ? word : xor(word, splat32(Number(plan.constant)));
}

/** Low and high halves of four offsets, ORed into two 64-bit lanes. */
const checked32 = (low: Code, high: Code): Code =>
  or(shuffle32(low, high, [0, 4, 1, 5]), shuffle32(low, high, [2, 6, 3, 7]));

function words64(
  fn: Builder,
  plan: Plan,
  offsets: OffsetColumns,
  tag: Code,
  flags: readonly Run[],
  at: Code,
  highAt: Code,
  offsetBits: number,
  group: number,
): Code[] {
  const low = fn.keep(halfOfTag(plan, tag, flags, 0) ?? splat32(0));
  const high = fn.keep(halfOfTag(plan, tag, flags, 1) ?? splat32(0));
  return [
    [0, 4, 1, 5],
    [2, 6, 3, 7],
  ].map((lanes, index) => {
    const column =
      offsets === "u64"
        ? load(at, 32 * group + 16 * index)
        : shuffle32(load(at, 16 * group), load(highAt, 16 * group), lanes);
    const offset = fn.keep(column);
    fn.emit(set(offsetBits, or(get(offsetBits), offset)));
    const [only, ...more] = plan.writeOffset;
    const whole = only !== undefined && more.length === 0 && only.value === 0;
    const moved = plan.writeOffset.map((run) => {
      const shifted =
        run.pte >= run.value ? shl64x2(offset, run.pte - run.value) : shr64x2(offset, run.value - run.pte);
      // A single run needs no mask: an offset that is too wide is refused.
      return whole ? shifted : and(shifted, splat64(ones(run.pte, Math.min(run.width, 64 - run.pte))));
    });
    const word = or(shuffle32(low, high, lanes), moved.reduce<Code | null>(orNull, null) ?? splat32(0));
    return plan.constant === 0n ? word : xor(word, splat64(plan.constant));
  });
}
