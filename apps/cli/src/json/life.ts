import { hex, PtekitError } from "@ptekit/core";
import type { Comparison, Step } from "@ptekit/uffd-wp";

/** One step of a life. */
export function stepJson({
  event,
  before,
  after,
  from,
  to,
  transition,
  sees,
}: Step): Record<string, unknown> {
  const bits = after.backend.layout.pteBits;
  return {
    event: event.name,
    from,
    to,
    before: hex(before.pte, bits),
    pte: hex(after.pte, bits),
    sees,
    drops: transition.drops,
    rule: transition.rule,
    citation: transition.citation,
    uncertain: transition.uncertain,
  };
}

/** One step of both designs. */
export function comparisonJson({
  event,
  merged,
  proposed,
  agree,
  differences,
}: Omit<Comparison, "before">): Record<string, unknown> {
  const side = (result: Step | PtekitError): object =>
    result instanceof PtekitError ? { refused: String(result) } : stepJson(result);
  return { event: event.name, agree, differences, merged: side(merged), proposed: side(proposed) };
}
