import { given } from "../util/given.ts";
import type { Backport, Begin } from "./backport.ts";
import { isCitation, UNCITED } from "./citation.ts";
import type { Term } from "./predicate.ts";
import type { Check, Keys } from "./shape.ts";
import { list, oneOf, optional, record, text, word } from "./shape.ts";

// The shapes that stand in many places of an architecture's data.

/** A text that parseCitation() reads. */
export const citation: Check = (value, at) => {
  if (isCitation(value)) return [];
  return [
    `${at}: the citation ${value === undefined || value === "" ? "" : `${typeof value === "string" ? JSON.stringify(value) : given(value)} `}${UNCITED}`,
  ];
};

/** Kconfig symbols and CPU features. */
export const conditions: Check = list(text);

const term = record<Term>("a term", { mask: word, op: oneOf("==", "!="), value: word });
/** Terms, one of which is to hold. */
export const terms: Check = list(term);
/** One term, or two. */
export const predicate: Check = (value, at, name) =>
  Array.isArray(value) && (value.length === 0 || value.length > 2)
    ? [`${at}: ${name} is one term, or either of two, not ${value.length}`]
    : terms(value, at, name);

const backport = record<Backport>("a backport", {
  release: text,
  vendor: optional(text),
  before: optional(text),
  uncertain: optional(text),
});

/** From which release on a row holds. */
export const begin: Keys<Begin> = {
  since: optional(text),
  backported: optional(list(backport)),
  onlyIn: optional(list(backport)),
};
