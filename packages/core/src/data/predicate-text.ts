import { requireList } from "../util/require.ts";
import { hex } from "./bits.ts";
import type { Predicate, Term } from "./predicate.ts";

/** A predicate in C: `(pte & 0x0000000000000801) != 0`, joined by `or`. */
export function predicateText(predicate: Predicate, bits: 32 | 64): string {
  requireList(predicate, "the terms of a predicate");
  return (predicate as readonly Term[])
    .map(({ mask, op, value }) => `(pte & ${hex(mask, bits)}) ${op} ${value === 0n ? "0" : hex(value, bits)}`)
    .join(" or ");
}
