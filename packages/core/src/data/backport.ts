import { requireKey, requireList, requireRelease } from "../util/require.ts";
import type { Release } from "./release.ts";
import { atLeast, compared, numbersOf } from "./release.ts";
import { exampleOf } from "./vendor.ts";

/**
 * Where a change arrived outside the release that introduced it: `4.18.1` (that stable series from there on),
 * or a vendor's build (`{ vendor: "el9", release: "5.14.0-179" }`).
 */
export interface Backport {
  /** A point release `4.18.1`, or the vendor's base and build `5.14.0-179`. */
  readonly release: string;
  /** `el9`, `suse`: the change is in that vendor's builds from there on. Absent: in the stable series. */
  readonly vendor?: string;
  /** The vendor's first build after them that this says nothing of: `3.10.0-694`, where a branch ends. */
  readonly before?: string;
  /** Set where it is likely, not seen in headers. */
  readonly uncertain?: string;
}

/** From which release on a row of the data holds. */
export interface Begin {
  /** The first mainline release. Default: always. */
  readonly since?: string;
  /** Point releases and vendors' builds that have it before. */
  readonly backported?: readonly Backport[];
  /** The point releases and vendors' builds that alone have it: no mainline release does, `since` is where they branched off. */
  readonly onlyIn?: readonly Backport[];
}

/** Whether a release has what a row describes. */
export function hasBegun(release: Release, { since, backported, onlyIn }: Begin): boolean {
  if (onlyIn !== undefined) return backportOf(release, onlyIn) !== null;
  return since === undefined || atLeast(release, since) || backportOf(release, backported) !== null;
}

/** The backport by which `release` has a change, or null. The first that says so decides. */
export function backportOf(release: Release, backports: readonly Backport[] = []): Backport | null {
  if (!Array.isArray(backports)) requireList(backports, "backports");
  if (backports.length === 0) return null;
  requireRelease(release);
  return backports.find((backport) => hasBackport(release, backport) && !lacks(release, backport)) ?? null;
}

/** Whether it is the backport that a release is read without. */
function lacks({ without }: Release, { vendor, release }: Backport): boolean {
  return without !== undefined && without.vendor === vendor && without.release === release;
}

function hasBackport(release: Release, { release: from, vendor, before }: Backport): boolean {
  if (vendor !== release.vendor?.name && vendor !== undefined) return false;
  const { base, build } = taken(from);
  if (vendor === undefined) {
    return sameSeries(release.numbers, base) && compared(release.numbers, base) >= 0;
  }
  const own = release.vendor?.build ?? [];
  if (own.length === 0 || compared(release.numbers, base) !== 0) return false;
  return compared(own, build) >= 0 && (before === undefined || compared(own, taken(before).build) < 0);
}

/** Whether it is a build of one of these branches, an older one perhaps. */
export function couldBe(release: Release, onlyIn: readonly Backport[]): boolean {
  return onlyIn.some(({ release: from, vendor }) => {
    const { base } = taken(from);
    if (vendor === undefined) return sameSeries(release.numbers, base);
    return vendor === release.vendor?.name && compared(release.numbers, base) === 0;
  });
}

interface Taken {
  readonly base: readonly number[];
  readonly build: readonly number[];
}

const takenApart = new Map<string, Taken>();

/** `3.10.0-862.11.6` taken apart: few stand in the data, and they are asked for at every selection. */
function taken(text: string): Taken {
  const known = takenApart.get(text);
  if (known) return known;
  const [base = "", build = ""] = text.split("-");
  const parts = { base: numbersOf(base), build: build === "" ? [] : numbersOf(build) };
  takenApart.set(text, parts);
  return parts;
}

/** 4.18.1 and 4.18.20 are one series; 2.6.32.5 and 2.6.32.9 too. */
function sameSeries(a: readonly number[], b: readonly number[]): boolean {
  const length = a[0] === 2 ? 3 : 2;
  return compared(a.slice(0, length), b.slice(0, length)) === 0;
}

/** A release that has what a row describes, as a target names it: the first one that is known to. */
export function firstReleaseOf(row: Begin & { readonly since: string }): string {
  requireKey(row, "since", "a row with its release");
  const { since, onlyIn } = row;
  const first = onlyIn?.[0];
  if (first === undefined) return since;
  return first.vendor === undefined ? first.release : exampleOf(first.vendor, first.release);
}
