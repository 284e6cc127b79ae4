import { tablesOf } from "../codec/tables.ts";
import { namesOf } from "../data/geometry.ts";
import type { BackendParts } from "../interface/kernel.ts";

/** What an entry above the PTEs is, before anything is read out of it. */
export interface UpperKind {
  readonly kind: "none" | "table" | "leaf" | "other";
  /** Physical address of the table that it leads to. */
  readonly table: bigint | null;
}

/** Tells the entries of the level that the parts are about; null for PTEs, and where no geometry is described. */
export function upperKindOf(parts: BackendParts): ((word: bigint) => UpperKind) | null {
  // Most words are PTEs: the geometry, which is made when it is asked for, is not asked for them.
  const { level = "pte" } = parts;
  if (level === "pte") return null;
  const { geometry, layout, kernel } = parts;
  if (!geometry) return null;
  const at = geometry.levels.findIndex((_, i) => namesOf(geometry.levels, i).includes(level));
  const codec = tablesOf(geometry, layout, kernel.byteOrder)[at];
  if (codec?.level.entry === undefined) return null;
  return (word) => {
    const kind = codec.kindOf(word);
    return { kind, table: kind === "table" ? codec.below(word) : null };
  };
}
