import type { Term } from "../data/predicate.ts";
import type { OfHalves } from "./halves.ts";
import { highOf, lowOf } from "./halves.ts";

// Rows and predicates turned into functions of a word's halves, once for a layout.

/** A run of bits that holds a part of a value, `from` its lowest bit. */
interface Run {
  readonly high: number;
  readonly low: number;
  readonly from: number;
  readonly inverted?: boolean;
}

/** Bits that go from one half of the word to one half of the value by one shift. */
interface Piece {
  mask: number;
  flip: number;
  readonly right: number;
  readonly left: number;
}

const NOTHING: Piece = { mask: 0, flip: 0, right: 0, left: 0 };

/** The halves of the value that these runs hold, cut to `bits`: numbers whose lowest 32 bits count. */
export function gathered(
  runs: readonly Run[],
  bits: number,
): { readonly low: OfHalves<number>; readonly high: OfHalves<number> } {
  const pieces = new Map<string, Piece>();
  for (const run of runs) {
    for (let bit = run.low; bit <= run.high; bit++) {
      const to = run.from + bit - run.low;
      if (to >= bits) break;
      const shift = (bit & 31) - (to & 31);
      const key = `${to >> 5} ${bit >> 5} ${shift}`;
      const piece = pieces.get(key) ?? {
        mask: 0,
        flip: 0,
        right: Math.max(0, shift),
        left: Math.max(0, -shift),
      };
      pieces.set(key, piece);
      piece.mask |= 1 << (bit & 31);
      if (run.inverted) piece.flip |= 1 << (bit & 31);
    }
  }
  const half = (to: number): OfHalves<number> => {
    const from = (source: number): Piece[] =>
      [...pieces].flatMap(([key, piece]) => (key.startsWith(`${to} ${source} `) ? [piece] : []));
    return sum(from(0), from(1));
  };
  return { low: half(0), high: half(1) };
}

/** All pieces, two at a time: nearly every layout has at most one from each half. */
function sum(lows: readonly Piece[], highs: readonly Piece[]): OfHalves<number> {
  const pairs = Array.from({ length: Math.max(lows.length, highs.length) }, (_, i) =>
    pair(lows[i] ?? NOTHING, highs[i] ?? NOTHING),
  );
  const [first = () => 0, ...rest] = pairs;
  return rest.reduce((a, b) => (low, high) => a(low, high) | b(low, high), first);
}

function pair(a: Piece, b: Piece): OfHalves<number> {
  const { mask: lowMask, flip: lowFlip, right: lowRight, left: lowLeft } = a;
  const { mask: highMask, flip: highFlip, right: highRight, left: highLeft } = b;
  return (low, high) =>
    ((((low ^ lowFlip) & lowMask) >>> lowRight) << lowLeft) |
    ((((high ^ highFlip) & highMask) >>> highRight) << highLeft);
}

/** Whether any of these bits is set. */
export function anyOf(mask: bigint): OfHalves<boolean> {
  const lowMask = lowOf(mask);
  const highMask = highOf(mask);
  return (low, high) => ((low & lowMask) | (high & highMask)) !== 0;
}

/** Whether a predicate holds. */
export function testOf(predicate: readonly Term[]): OfHalves<boolean> {
  const [first = () => false, ...rest] = predicate.map(testTerm);
  return rest.reduce((a, b) => (low, high) => a(low, high) || b(low, high), first);
}

function testTerm({ mask, op, value }: Term): OfHalves<boolean> {
  const lowMask = lowOf(mask);
  const highMask = highOf(mask);
  const lowValue = lowOf(value) | 0;
  const highValue = highOf(value) | 0;
  return op === "=="
    ? (low, high) => (low & lowMask) === lowValue && (high & highMask) === highValue
    : (low, high) => (low & lowMask) !== lowValue || (high & highMask) !== highValue;
}
