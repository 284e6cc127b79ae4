import type { Reading } from "../halves.ts";
import type { Plan } from "../plan.ts";
import { ones, PRESENT } from "../plan.ts";
import type { Code, WasmFunction } from "./assemble.ts";
import { builder } from "./build.ts";
import { kindOfType, narrowBytes } from "./decode-kernel.ts";
import {
  add,
  add32x4,
  and,
  bytes16,
  eq32,
  extAdd8u,
  extAdd16u,
  get,
  i32,
  lanes32,
  mul,
  select,
  set,
  splat32,
  store32,
  sub,
  sub32x4,
  sumLanes,
  xor,
} from "./ops.ts";
import { anyOf, noneOf, orNull, readPairs, shiftPairs } from "./pairs.ts";

/**
 * `sweep(first, count)` for 32-bit PTEs: decodes each of `count` words from `first` on, a multiple of 16, and encodes
 * what was decoded again, all in registers. Stores four numbers at `totals`: how many are none, are entries, come back
 * as they were; and the sum of all kinds, types, offsets and flags, modulo 2^32.
 *
 * What is no entry is replaced by a word that reads as type 0, offset 0 and no flags, and so needs no mask from there
 * on: at the end, what it added to the counts is taken off.
 */
export function sweepKernel(plan: Plan, totals: number): WasmFunction {
  const fn = builder("sweep", ["i32", "i32"]);
  const [first, count] = fn.params as [number, number];
  const [word, nones, entries] = [fn.local("v128"), fn.local("v128"), fn.local("v128")];
  const [same, check] = [fn.local("v128"), fn.local("v128")];
  const constant = Number(plan.constant);
  const filler = (constant | readsAsZero(plan.readType) | readsAsZero(plan.readOffset)) >>> 0;
  const total = fn.keep(get(count), "i32");
  const tally = (counter: number, mask: Code): void => fn.emit(set(counter, sub32x4(get(counter), mask)));
  fn.emit(set(word, add32x4(lanes32(get(first)), bytes16([0, 1, 2, 3].flatMap((lane) => [lane, 0, 0, 0])))));
  fn.loop(() => {
    const types = [0, 1, 2, 3].map(() => {
      const pte = { lo: get(word), hi: null };
      const isNone = fn.keep(anyOf(plan.none, pte));
      const isEntry = fn.keep(noneOf(plan.present, pte, isNone));
      tally(nones, isNone);
      tally(entries, isEntry);
      const entry = fn.keep(
        filler === 0 ? and(get(word), isEntry) : select(get(word), splat32(filler), isEntry),
      );
      const read = (reading: Reading): Code =>
        fn.keep(readPairs(reading, { lo: entry, hi: null }) ?? splat32(0));
      const type = read(plan.readType);
      const offset = read(plan.readOffset);
      const flags = read(plan.readFlags);
      const parts = [
        shiftPairs(type, plan.writeType, 0, bitsOf(plan.readType)),
        shiftPairs(offset, plan.writeOffset, 0, bitsOf(plan.readOffset)),
        shiftPairs(flags, plan.writeFlags, 0, bitsOf(plan.readFlags)),
      ];
      const written = parts.reduce(orNull, null) ?? splat32(0);
      tally(same, eq32(constant === 0 ? written : xor(written, splat32(constant)), entry));
      fn.emit(set(check, [type, offset, flags].reduce(add32x4, get(check))));
      fn.emit(set(word, add32x4(get(word), splat32(4))));
      return type;
    });
    const kinds = kindOfType(plan, fn.keep(narrowBytes(types)));
    fn.emit(set(check, add32x4(get(check), extAdd16u(extAdd8u(kinds)))));
    fn.emit(set(count, sub(get(count), i32(16))));
    return get(count);
  });
  const others = fn.keep(sub(total, sumLanes(get(entries))), "i32");
  const presents = sub(others, sumLanes(get(nones)));
  const kindsOfOthers = mul(others, i32(plan.kinds[0] ?? 0));
  const results = [
    sumLanes(get(nones)),
    sumLanes(get(entries)),
    filler === constant >>> 0 ? sub(sumLanes(get(same)), others) : sumLanes(get(same)),
    add(sub(sumLanes(get(check)), kindsOfOthers), mul(presents, i32(PRESENT))),
  ];
  for (const [i, result] of results.entries()) fn.emit(store32(i32(totals + 4 * i), result));
  return fn.finish();
}

/** The bits that are set in a word which reads as 0: those that are stored inverted. */
const readsAsZero = ({ runs, flip }: Reading): number =>
  runs.reduce((bits, { pte, value, width }) => {
    const stored = (flip >> BigInt(value)) & ones(0, width);
    return bits | Number(BigInt.asIntN(32, stored << BigInt(pte)));
  }, 0);

/** The bits that a reading can have set. */
const bitsOf = ({ runs, flip }: Reading): number =>
  Number(runs.reduce((mask, run) => mask | ones(run.value, run.width), flip));
