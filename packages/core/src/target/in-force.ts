import type { Backport, Release } from "../data/release.ts";
import { atLeast, backportOf } from "../data/release.ts";

/** From which release on, and to which. */
interface Span {
  readonly since?: string;
  readonly backported?: readonly Backport[];
  readonly until?: string;
}

/** Whether a row with a first and a last release holds in this one. */
export function inForce(release: Release, row: Span): boolean {
  const begun = row.since === undefined || atLeast(release, row.since);
  if (!begun && backportOf(release, row.backported) === null) return false;
  return row.until === undefined || !atLeast(release, row.until);
}
