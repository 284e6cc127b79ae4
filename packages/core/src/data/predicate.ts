/** `(pte & mask) == value`, or `!=`. */
export interface Term {
  readonly mask: bigint;
  readonly op: "==" | "!=";
  readonly value: bigint;
}

/** A term, or an OR of two. */
export type Predicate = readonly [Term] | readonly [Term, Term];

/** `(pte & mask) == value` */
export const equals = (mask: bigint, value: bigint): Predicate => [{ mask, op: "==", value }];

/** `(pte & mask) != value` */
export const differs = (mask: bigint, value: bigint): Predicate => [{ mask, op: "!=", value }];

/** Either of two one-term predicates. */
export const either = (a: Predicate, b: Predicate): Predicate => [a[0], b[0]];

/** `(pte & mask) == value`, or an OR of two such terms. */
export function matches(predicate: Predicate, pte: bigint): boolean {
  return (predicate as readonly Term[]).some(
    ({ mask, op, value }) => ((pte & mask) === value) === (op === "=="),
  );
}
