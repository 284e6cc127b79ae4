import { pmdLayoutOf } from "../data/layout.ts";
import type { BackendParts } from "../interface/kernel.ts";
import { lazily } from "../util/lazily.ts";

/** The same kernel's PMD swap entries, with the same assumptions; null where it has none. */
export function pmdParts(parts: BackendParts): BackendParts | null {
  const pmd = withoutAssumptions(parts);
  if (pmd === null) return null;
  const assumptions = lazily(() =>
    parts.assumptions.map((assumption) => ({
      sentence: assumption.sentence,
      parts: assumption.parts && withoutAssumptions(assumption.parts),
    })),
  );
  return {
    ...pmd,
    get assumptions() {
      return assumptions();
    },
  };
}

function withoutAssumptions(parts: BackendParts): BackendParts | null {
  const layout = pmdLayoutOf(parts.layout);
  return layout && { ...parts, layout, present: null };
}
