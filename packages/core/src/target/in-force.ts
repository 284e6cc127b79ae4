import type { Begin } from "../data/backport.ts";
import { hasBegun } from "../data/backport.ts";
import type { Release } from "../data/release.ts";
import { atLeast } from "../data/release.ts";

/** From which release on, and to which. */
interface Span extends Begin {
  readonly until?: string;
}

/** Whether a row with a first and a last release holds in this one. */
export function inForce(release: Release, row: Span): boolean {
  return hasBegun(release, row) && (row.until === undefined || !atLeast(release, row.until));
}
