import type { Term } from "@ptekit/core";

// A layout's rows and predicates on the two 32-bit halves of a PTE; a 32-bit PTE has the low one only.

/** A run of `width` bits: at bit `pte` of the PTE, at bit `value` of the type, the offset or the flags. */
export interface Run {
  readonly pte: number;
  readonly value: number;
  readonly width: number;
}

/** Bits of one half that go the same way: shifted right by `right` (left where negative), then masked. */
export interface Move {
  readonly half: 0 | 1;
  readonly right: number;
  /** After the shift. */
  readonly mask: number;
}

/** How a number is read from a PTE: its runs, and the bits that are stored inverted. */
export interface Reading {
  readonly runs: readonly Run[];
  readonly flip: bigint;
  /** The runs as moves; for numbers of at most 32 bits. */
  readonly moves: readonly Move[];
}

export const readingOf = (runs: readonly Run[], flip = 0n): Reading => ({ runs, flip, moves: movesOf(runs) });

/** The runs, cut at bit 32 of the PTE, those that go the same way together. */
function movesOf(runs: readonly Run[]): Move[] {
  const moves: Move[] = [];
  for (const run of runs) {
    for (const half of [0, 1] as const) {
      const low = Math.max(run.pte, 32 * half);
      const width = Math.min(run.pte + run.width, 32 * half + 32) - low;
      if (width <= 0) continue;
      const to = run.value + low - run.pte;
      const right = low - 32 * half - to;
      const index = moves.findIndex((move) => move.half === half && move.right === right);
      const mask = (onesAt(to, width) | (moves[index]?.mask ?? 0)) >>> 0;
      moves.splice(index < 0 ? moves.length : index, 1, { half, right, mask });
    }
  }
  return moves;
}

/** `width` ones from bit `low` on, as far as 32 bits go. */
export const onesAt = (low: number, width: number): number =>
  low > 31 ? 0 : ((width > 31 ? -1 : (1 << width) - 1) << low) >>> 0;

/** A term of a predicate, by halves. */
export interface HalfTerm {
  readonly maskLow: number;
  readonly maskHigh: number;
  readonly low: number;
  readonly high: number;
  /** True for `==`, false for `!=`. */
  readonly wanted: boolean;
}

export const halfTerm = ({ mask, op, value }: Term): HalfTerm => ({
  maskLow: low32(mask),
  maskHigh: high32(mask),
  low: low32(value),
  high: high32(value),
  wanted: op === "==",
});

export const low32 = (word: bigint): number => Number(word & 0xffff_ffffn) | 0;
export const high32 = (word: bigint): number => Number(word >> 32n) | 0;
