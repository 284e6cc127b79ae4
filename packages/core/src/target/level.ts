import type { EntryLevel, HugePage } from "../data/layout.ts";
import { levelLayoutOf } from "../data/layout.ts";
import type { BackendParts } from "../interface/kernel.ts";
import { lazily } from "../util/lazily.ts";

/** The same kernel's entries of huge pages on a level, with the same assumptions; null where it has none. */
export function levelParts(parts: BackendParts, level: EntryLevel, of: HugePage): BackendParts | null {
  const upper = withoutAssumptions(parts, level, of);
  if (upper === null) return null;
  const assumptions = lazily(() =>
    parts.assumptions.map((assumption) => ({
      sentence: assumption.sentence,
      parts: assumption.parts && withoutAssumptions(assumption.parts, level, of),
    })),
  );
  return {
    ...upper,
    get assumptions() {
      return assumptions();
    },
  };
}

function withoutAssumptions(parts: BackendParts, level: EntryLevel, of: HugePage): BackendParts | null {
  const layout = levelLayoutOf(parts.layout, level, of);
  if (layout === null) return null;
  return {
    ...parts,
    layout,
    level,
    of,
    present: level === "pte" ? parts.present : (parts.leaves?.[level] ?? null),
  };
}
