import { requireBit, requireNumbers, requireRow, requireWord } from "../util/require.ts";

/** How many bits a row has. */
export function widthOf(row: { readonly high: number; readonly low: number }): number {
  requireRow(row);
  return row.high - row.low + 1;
}

/** `n` ones. */
export const onesMask = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

/** The bits of a row, in place. */
export const maskOf = (row: { readonly high: number; readonly low: number }): bigint =>
  onesMask(widthOf(row)) << BigInt(row.low);

/** A word at full width: `0x00001084`. */
export function hex(word: bigint, bits: 32 | 64): string {
  requireWord(word);
  requireBit(bits);
  return `0x${word.toString(16).padStart(bits / 4, "0")}`;
}

/** `bit 7` or `bits 9:8`. */
export const bitsText = (high: number, low: number): string =>
  high === low ? `bit ${high}` : `bits ${high}:${low}`;

/** Bit numbers as runs, the lowest first: `5:4, 63:62`; `none` where there are none. */
export function runsText(bits: readonly number[]): string {
  requireNumbers(bits, "bits");
  const found: [high: number, low: number][] = [];
  for (const bit of [...bits].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last && last[0] === bit - 1) last[0] = bit;
    else found.push([bit, bit]);
  }
  return found.length === 0
    ? "none"
    : found.map(([high, low]) => (high === low ? `${high}` : `${high}:${low}`)).join(", ");
}

/** The runs of set bits in a mask, the highest first. */
export function runsOf(mask: bigint): { readonly high: number; readonly low: number }[] {
  const digits = mask.toString(2);
  return [...digits.matchAll(/1+/g)].map(({ 0: run, index }) => {
    const high = digits.length - 1 - index;
    return { high, low: high - run.length + 1 };
  });
}

/** A number in hexadecimal without leading zeros: `0x1234`. */
export function shortHex(value: bigint): string {
  requireWord(value);
  return `0x${value.toString(16)}`;
}
