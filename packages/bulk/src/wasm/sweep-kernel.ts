import type { Reading } from "../halves.js";
import type { Plan } from "../plan.js";
import { ones, PRESENT } from "../plan.js";
import type { Code, WasmFunction } from "./assemble.js";
import { builder } from "./build.js";
import { kindOfType, narrowBytes, narrowMask } from "./decode-kernel.js";
import {
  add,
  add32x4,
  and,
  andNot,
  bitmask8,
  bytes16,
  eq32,
  extAdd8u,
  extAdd16u,
  get,
  i32,
  lanes32,
  or,
  popcnt,
  set,
  splat8,
  splat32,
  store32,
  sub,
  sub32x4,
  sumLanes,
  xor,
} from "./ops.js";
import { anyOf, noneOf, orNull, readPairs, shiftPairs } from "./pairs.js";

/**
 * `sweep(first, count)` for 32-bit PTEs: decodes each of `count` words from `first` on, a multiple of 16, and encodes
 * what was decoded again, all in registers. Stores four numbers at `totals`: how many are none, are entries, come back
 * as they were; and the sum of all kinds, types, offsets and flags, modulo 2^32.
 */
export function sweepKernel(plan: Plan, totals: number): WasmFunction {
  const fn = builder("sweep", ["i32", "i32"]);
  const [first, count] = fn.params as [number, number];
  const [word, same, check] = [fn.local("v128"), fn.local("v128"), fn.local("v128")];
  const [nones, entries] = [fn.local("i32"), fn.local("i32")];
  const inverted = (plan.readType.flip | plan.readOffset.flip) !== 0n;
  fn.emit(set(word, add32x4(lanes32(get(first)), bytes16([0, 1, 2, 3].flatMap((lane) => [lane, 0, 0, 0])))));
  fn.loop(() => {
    const rows = [0, 1, 2, 3].map(() => {
      const pte = { lo: get(word), hi: null };
      const isNone = fn.keep(anyOf(plan.none, pte));
      const isEntry = fn.keep(noneOf(plan.present, pte, isNone));
      // Where nothing is stored inverted, what is no entry reads as 0 once its bits are cleared.
      const entry = inverted ? pte : { lo: fn.keep(and(get(word), isEntry)), hi: null };
      const read = (reading: Reading): Code => {
        const value = readPairs(reading, entry) ?? splat32(0);
        return fn.keep(inverted ? and(value, isEntry) : value);
      };
      const type = read(plan.readType);
      const offset = read(plan.readOffset);
      const flags = read(plan.readFlags);
      const parts = [
        shiftPairs(type, plan.writeType, 0, bitsOf(plan.readType)),
        shiftPairs(offset, plan.writeOffset, 0, bitsOf(plan.readOffset)),
        shiftPairs(flags, plan.writeFlags, 0, bitsOf(plan.readFlags)),
      ];
      const written = parts.reduce(orNull, null) ?? splat32(0);
      const again = plan.constant === 0n ? written : xor(written, splat32(Number(plan.constant)));
      fn.emit(set(same, sub32x4(get(same), and(eq32(again, get(word)), isEntry))));
      fn.emit(set(check, [type, offset, flags].reduce(add32x4, get(check))));
      fn.emit(set(word, add32x4(get(word), splat32(4))));
      return { isNone, isEntry, type };
    });
    const isNone = fn.keep(narrowMask(rows.map((row) => row.isNone)));
    const isEntry = fn.keep(narrowMask(rows.map((row) => row.isEntry)));
    const type = fn.keep(narrowBytes(rows.map((row) => row.type)));
    const kind = or(and(kindOfType(plan, type), isEntry), andNot(splat8(PRESENT), or(isNone, isEntry)));
    fn.emit(set(check, add32x4(get(check), extAdd16u(extAdd8u(kind)))));
    fn.emit(set(nones, add(get(nones), popcnt(bitmask8(isNone)))));
    fn.emit(set(entries, add(get(entries), popcnt(bitmask8(isEntry)))));
    fn.emit(set(count, sub(get(count), i32(16))));
    return get(count);
  });
  const results = [get(nones), get(entries), sumLanes(get(same)), sumLanes(get(check))];
  for (const [i, result] of results.entries()) fn.emit(store32(i32(totals + 4 * i), result));
  return fn.finish();
}

/** The bits that a reading can have set. */
const bitsOf = ({ runs, flip }: Reading): number =>
  Number(runs.reduce((mask, run) => mask | ones(run.value, run.width), flip));
