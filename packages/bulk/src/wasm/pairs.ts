import type { HalfTerm, Move, Reading, Run } from "../halves.ts";
import { low32, onesAt } from "../halves.ts";
import type { Code } from "./assemble.ts";
import { and, andNot, eq32, maskBits, not, or, shl32x4, shr32x4, splat32, xor } from "./ops.ts";

// Four PTEs at a time, as vectors of their low and of their high 32-bit halves.

/** The code that loads each half; a 32-bit PTE has no high one. */
export interface Halves {
  readonly lo: Code;
  readonly hi: Code | null;
}

/** The value of a reading that has at most 32 bits, in 32-bit lanes. */
export function readPairs({ moves, flip }: Reading, pte: Halves): Code | null {
  let value: Code | null = null;
  for (const move of moves) value = orNull(value, moved(halfOf(pte, move.half), move));
  if (flip === 0n) return value;
  return value === null ? splat32(low32(flip)) : xor(value, splat32(low32(flip)));
}

/** What runs of a value in 32-bit lanes give in one half of the PTE; only the bits of `known` can be set in it. */
export function shiftPairs(value: Code, runs: readonly Run[], half: 0 | 1, known: number): Code | null {
  const backwards = runs.map((run) => ({ pte: run.value, value: run.pte, width: run.width }));
  const masks = new Map<number, number>();
  for (const run of backwards) {
    const low = Math.max(run.value, 32 * half);
    const width = Math.min(run.value + run.width, 32 * half + 32) - low;
    if (width <= 0) continue;
    const right = run.pte - run.value + 32 * half;
    masks.set(right, ((masks.get(right) ?? 0) | onesAt(low - 32 * half, width)) >>> 0);
  }
  return [...masks]
    .map(([right, mask]) => moved(value, { half, right, mask }, known))
    .reduce<Code | null>(orNull, null);
}

function moved(from: Code, { right, mask }: Move, known = 0xffff_ffff): Code {
  const shifted = right >= 0 ? shr32x4(from, right) : shl32x4(from, -right);
  const left = right >= 0 ? known >>> right : known << -right;
  return (left & ~mask) === 0 ? shifted : maskBits(shifted, mask);
}

/** `a | b`, where null stands for no bits. */
export const orNull = (a: Code | null, b: Code | null): Code | null =>
  a === null ? b : b === null ? a : or(a, b);

export function halfOf(pte: Halves, half: 0 | 1): Code {
  if (half === 0) return pte.lo;
  if (pte.hi === null) throw new RangeError("a 32-bit PTE has no high half");
  return pte.hi;
}

/** All ones in the lanes where `(pte & mask) == value`. */
function equality(term: HalfTerm, pte: Halves): Code {
  const low = term.maskLow === 0 ? null : maskBits(pte.lo, term.maskLow);
  const high = term.maskHigh === 0 ? null : maskBits(halfOf(pte, 1), term.maskHigh);
  if (low === null) return high === null ? splat32(-1) : eq32(high, splat32(term.high));
  if (high === null) return eq32(low, splat32(term.low));
  const difference = (word: Code, value: number): Code => (value === 0 ? word : xor(word, splat32(value)));
  return eq32(or(difference(low, term.low), difference(high, term.high)), splat32(0));
}

/** All ones in the lanes where any of the terms holds. */
export const anyOf = (terms: readonly HalfTerm[], pte: Halves): Code =>
  terms.map((term) => (term.wanted ? equality(term, pte) : not(equality(term, pte)))).reduce(or);

/** All ones in the lanes where none of the terms holds, and neither does `also`. */
export function noneOf(terms: readonly HalfTerm[], pte: Halves, also: Code | null): Code {
  const required = terms.filter((term) => !term.wanted).map((term) => equality(term, pte));
  const refused = terms.filter((term) => term.wanted).map((term) => equality(term, pte));
  if (also !== null) refused.push(also);
  const [first, ...more] = required;
  if (first === undefined) return not(refused.reduce(or));
  const all = more.reduce(and, first);
  return refused.reduce(andNot, all);
}
