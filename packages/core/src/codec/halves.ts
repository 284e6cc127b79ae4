// A word of up to 64 bits as two halves of 32: numbers, which are masked and shifted without making an object each time,
// as a bigint must be.

/** What is worked out from the two halves of a word. */
export type OfHalves<T> = (low: number, high: number) => T;

const word = new BigUint64Array(1);
const halves = new Uint32Array(word.buffer);
word[0] = 1n;
// Where the halves stand in this machine's memory.
const LOW = halves[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;

/** The lowest 32 bits, from 0 on. */
export function lowOf(value: bigint): number {
  word[0] = value;
  return halves[LOW] as number;
}

/** The 32 bits above them, from 0 on. */
export function highOf(value: bigint): number {
  word[0] = value;
  return halves[HIGH] as number;
}

/** The word of two halves, each cut to 32 bits. */
export function joined(low: number, high: number): bigint {
  halves[LOW] = low;
  halves[HIGH] = high;
  return word[0] as bigint;
}
