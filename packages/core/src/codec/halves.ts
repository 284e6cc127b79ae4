import { maskOf } from "../data/bits.ts";
import type { AddressField, UpperEntry } from "../data/geometry.ts";
import type { Predicate, Term } from "../data/predicate.ts";

// The same arithmetic as that of tables, on the two halves of a word as numbers: for what is asked of millions of words.

const HALF = 2 ** 32;
const lowOf = (word: bigint): number => Number(BigInt.asIntN(32, word));
const highOf = (word: bigint): number => Number(BigInt.asIntN(32, word >> 32n));

/** A predicate of the halves of a word. */
export function halvesTest(predicate: Predicate): (low: number, high: number) => boolean {
  const terms = (predicate as readonly Term[]).map(({ mask, op, value }) => {
    const [maskLow, maskHigh, low, high] = [lowOf(mask), highOf(mask), lowOf(value), highOf(value)];
    const wanted = op === "==";
    return (a: number, b: number): boolean => ((a & maskLow) === low && (b & maskHigh) === high) === wanted;
  });
  const [first, second] = terms as [(a: number, b: number) => boolean, ((a: number, b: number) => boolean)?];
  return second === undefined ? first : (a, b) => first(a, b) || second(a, b);
}

/** Where an upper entry leads, from its halves. Exact: the fields of an address have fewer than 53 bits. */
export function halvesAddress(
  entry: Pick<UpperEntry, "address" | "plus">,
  ignored: bigint,
  linear: bigint,
): (low: number, high: number) => number {
  const parts = entry.address.map((field: AddressField) => {
    const mask = maskOf(field) & ~ignored;
    return { low: lowOf(mask), high: highOf(mask), scale: 2 ** (field.to - field.low) };
  });
  const plus = Number((entry.plus ?? 0n) - linear);
  return (low, high) => {
    let address = plus;
    for (const part of parts) {
      address += (((high & part.high) >>> 0) * HALF + ((low & part.low) >>> 0)) * part.scale;
    }
    return address;
  };
}
