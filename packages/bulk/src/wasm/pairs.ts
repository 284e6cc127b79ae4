import type { Term } from "@ptekit/core";
import type { Reading, Run } from "../plan.js";
import type { Code } from "./assemble.js";
import { and, andNot, eq32, maskBits, not, or, shl32x4, shr32x4, splat32, xor } from "./ops.js";

// Four PTEs at a time, as vectors of their low and of their high 32-bit halves.

/** The code that loads each half; a 32-bit PTE has no high one. */
export interface Halves {
  readonly lo: Code;
  readonly hi: Code | null;
}

/** Bits of one half that go the same way: shifted right by `right` (left where negative), then masked. */
export interface Move {
  readonly half: 0 | 1;
  readonly right: number;
  /** After the shift. */
  readonly mask: number;
}

/** The runs, cut at bit 32 of the PTE, those that go the same way together. */
export function movesOf(runs: readonly Run[]): Move[] {
  const moves = new Map<string, Move>();
  for (const run of runs) {
    for (const half of [0, 1] as const) {
      const low = Math.max(run.pte, 32 * half);
      const width = Math.min(run.pte + run.width, 32 * half + 32) - low;
      if (width <= 0) continue;
      const to = run.value + low - run.pte;
      const right = low - 32 * half - to;
      const mask = onesAt(to, width) | (moves.get(`${half} ${right}`)?.mask ?? 0);
      moves.set(`${half} ${right}`, { half, right, mask: mask >>> 0 });
    }
  }
  return [...moves.values()];
}

const onesAt = (low: number, width: number): number => Number(((1n << BigInt(width)) - 1n) << BigInt(low));

/** The value of a reading that has at most 32 bits, in 32-bit lanes. */
export function readPairs({ runs, flip }: Reading, pte: Halves): Code | null {
  const value = movesOf(runs)
    .map((move) => moved(halfOf(pte, move.half), move))
    .reduce<Code | null>(orNull, null);
  if (flip === 0n) return value;
  return value === null ? splat32(Number(flip)) : xor(value, splat32(Number(flip)));
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

/** Which halves of the PTE a mask reads. */
export const readsHalf = (mask: bigint, half: 0 | 1): boolean =>
  ((mask >> BigInt(32 * half)) & 0xffff_ffffn) !== 0n;

/** All ones in the lanes where `(pte & mask) == value`. */
function equality({ mask, value }: Term, pte: Halves): Code {
  const sides = ([0, 1] as const)
    .filter((half) => readsHalf(mask, half))
    .map((half) => {
      const bits = Number((mask >> BigInt(32 * half)) & 0xffff_ffffn);
      const word = halfOf(pte, half);
      return {
        word: maskBits(word, bits),
        value: Number((value >> BigInt(32 * half)) & 0xffff_ffffn),
      };
    });
  const [first, second] = sides;
  if (first === undefined) return splat32(-1);
  if (second === undefined) return eq32(first.word, splat32(first.value));
  const difference = (side: typeof first): Code =>
    side.value === 0 ? side.word : xor(side.word, splat32(side.value));
  return eq32(or(difference(first), difference(second)), splat32(0));
}

/** All ones in the lanes where any of the terms holds. */
export const anyOf = (terms: readonly Term[], pte: Halves): Code =>
  terms.map((term) => (term.op === "==" ? equality(term, pte) : not(equality(term, pte)))).reduce(or);

/** All ones in the lanes where none of the terms holds, and neither does `also`. */
export function noneOf(terms: readonly Term[], pte: Halves, also: Code | null): Code {
  const required = terms.filter((term) => term.op === "!=").map((term) => equality(term, pte));
  const refused = terms.filter((term) => term.op === "==").map((term) => equality(term, pte));
  if (also !== null) refused.push(also);
  const [first, ...more] = required;
  if (first === undefined) return not(refused.reduce(or));
  const all = more.reduce(and, first);
  return refused.reduce(andNot, all);
}
