import { PtekitError } from "../errors.ts";
import { given } from "./given.ts";
import { requireText } from "./require.ts";
/** `; did you mean arm64?` where a typing error most likely meant one of the names; else an empty text. */
export function didYouMean(word: string, names: readonly string[]): string {
  requireText(word, "the word that was not known");
  if (!Array.isArray(names))
    throw new PtekitError("BAD_ARGUMENT", `the known names are a list, not ${given(names)}`);
  const name = nearest(word, names);
  return name === undefined ? "" : `; did you mean ${name}?`;
}

/** The name that a typing error most likely meant, or undefined where none is near. */
function nearest(word: string, names: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const ranked = names
    .map((name) => ({ name, distance: distance(lower, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, Math.floor(best.name.length / 3)) ? best.name : undefined;
}

/** Insertions, deletions and changes from one word to the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
