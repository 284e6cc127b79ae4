import { maskOf } from "../data/bits.ts";
import type { AddressField, UpperEntry } from "../data/geometry.ts";
import type { OfHalves } from "./halves.ts";
import { highOf, lowOf } from "./halves.ts";

// Where upper entries lead, as a number: for what is asked of millions of words.

const HALF = 2 ** 32;

/** Where an upper entry leads, from its halves. Exact: the fields of an address have fewer than 53 bits. */
export function halvesAddress(
  entry: Pick<UpperEntry, "address" | "plus">,
  ignored: bigint,
  linear: bigint,
): OfHalves<number> {
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
