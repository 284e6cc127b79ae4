// From two sides to what moved between them.
import type { ArchBackend, Architecture, Change, Move } from "@ptekit/core";
import { changes, historyOf, mainlineReleases, newCitations, PtekitError } from "@ptekit/core";
import { targetOf } from "../kernel.ts";
import { START } from "../link.ts";
import type { Side } from "./link.ts";

/** What is not the same on two kernels, and where it is written. */
export interface Comparison {
  readonly from: ArchBackend;
  readonly to: ArchBackend;
  readonly moved: readonly Change[];
  /** What the second cites and the first does not. */
  readonly citations: readonly string[];
  /** Of one architecture, release by release between the two; empty where they are next to each other, or of two. */
  readonly moves: readonly Move[];
}

/**
 * What moved from one side to the other.
 *
 * @throws PtekitError where one of them is no kernel, as `for()` does.
 */
export function compare(from: Architecture, a: Side, to: Architecture, b: Side): Comparison {
  const [first, second] = [backendFor(from, a), backendFor(to, b)];
  return {
    from: first,
    to: second,
    moved: changes(first, second),
    citations: newCitations(first, second),
    moves: from === to ? movesBetween(from, a, b) : [],
  };
}

const backendFor = (arch: Architecture, side: Side): ArchBackend => arch.for(targetOf({ ...START, ...side }));

/** What came in each release between two, under the settings of the newer one. */
function movesBetween(arch: Architecture, a: Side, b: Side): Move[] {
  const releases = mainlineReleases();
  const [first, last] = [a, b].map((side) => releases.indexOf(mainlineOf(side))).sort((x, y) => x - y);
  if (first === undefined || last === undefined || first < 0 || last - first < 2) return [];
  const side = releases.indexOf(mainlineOf(a)) > releases.indexOf(mainlineOf(b)) ? a : b;
  const at = (release: string): ArchBackend | null => kernelOrNull(arch, { ...side, release });
  // What the first of them begins with is no move: it was only named to compare the next with.
  return historyOf(releases.slice(first, last + 1), at, arch).filter(
    ({ release }) => release !== releases[first],
  );
}

/** The mainline release that a release string begins with: `6.1` of `6.1.0-50-amd64`. */
function mainlineOf(side: Side): string {
  const { release } = targetOf({ ...START, ...side });
  return /^2\.6\.\d+|^\d+\.\d+/.exec(release)?.[0] ?? release;
}

function kernelOrNull(arch: Architecture, side: Side): ArchBackend | null {
  try {
    return backendFor(arch, side);
  } catch (error) {
    if (error instanceof PtekitError) return null;
    throw error;
  }
}
