import { PtekitError } from "../errors.ts";
import { given } from "../util/given.ts";
import { requireList, requireWord } from "../util/require.ts";

/** `(pte & mask) == value`, or `!=`. */
export interface Term {
  readonly mask: bigint;
  readonly op: "==" | "!=";
  readonly value: bigint;
}

/** A term, or an OR of two. The model has no OR of three: a kernel that needs one needs it in core first. */
export type Predicate = readonly [Term] | readonly [Term, Term];

/** `(pte & mask) == value` */
export const equals = (mask: bigint, value: bigint): readonly [Term] => [term("equals", mask, "==", value)];

/** `(pte & mask) != value` */
export const differs = (mask: bigint, value: bigint): readonly [Term] => [term("differs", mask, "!=", value)];

/**
 * Either of two one-term predicates.
 *
 * @throws PtekitError `BAD_ARGUMENT` where one of them has more terms: an OR of three cannot be said.
 */
export const either = (a: readonly [Term], b: readonly [Term]): readonly [Term, Term] => {
  for (const one of [a, b] as readonly unknown[]) {
    if (!Array.isArray(one) || one.length !== 1) {
      const what = Array.isArray(one) ? `a predicate of ${one.length} terms` : given(one);
      throw new PtekitError("BAD_ARGUMENT", `either() joins two predicates of one term, not ${what}`);
    }
  }
  return [a[0], b[0]];
};

function term(builder: string, mask: bigint, op: "==" | "!=", value: bigint): Term {
  for (const part of [mask, value]) {
    if (typeof part !== "bigint")
      throw new PtekitError("BAD_ARGUMENT", `${builder}() takes bigints (0x7fn), not ${given(part)}`);
  }
  return { mask, op, value };
}

/** Whether one of the terms holds of a word. */
export function matches(predicate: readonly Term[], pte: bigint): boolean {
  requireList(predicate, "the terms of a predicate");
  requireWord(pte);
  return predicate.some(({ mask, op, value }) => ((pte & mask) === value) === (op === "=="));
}
