import type { ArchData } from "../data/arch.ts";
import type { ArchBackend } from "../interface/backend.ts";
import { requireKernel, requireTexts, requireVerb } from "../util/require.ts";
import type { Change } from "./changes.ts";
import { changes } from "./changes.ts";

/** What a release brought. */
export interface Move {
  readonly release: string;
  /** The release before it. */
  readonly before: string | null;
  /** The layout's id; null where the release has none. */
  readonly layout: string | null;
  /** `begins`: the first release that is known; `ends`: the first without the architecture, or that entry. */
  readonly event: "begins" | "moves" | "ends";
  readonly moved: readonly Change[];
  /** Where it is written: headers and commits of what came, never none. */
  readonly citations: readonly string[];
}

/**
 * What moved over releases, oldest first: one row for each that is not as the one before.
 *
 * @param at gives the kernel of a release, null where it has none.
 * @param arch says where its removal is written.
 */
export function historyOf(
  releases: readonly string[],
  at: (release: string) => ArchBackend | null,
  arch: Pick<ArchData, "removed"> = {},
): readonly Move[] {
  requireTexts(releases, "releases");
  requireVerb(at, "what gives the kernel of a release");
  let before: ArchBackend | null = null;
  let last: string | null = null;
  const moves: Move[] = [];
  for (const release of releases) {
    const now = at(release);
    const move = moveOf(before, now, arch);
    if (move !== null) moves.push({ release, before: last, ...move });
    [before, last] = [now, release];
  }
  return moves;
}

function moveOf(
  before: ArchBackend | null,
  now: ArchBackend | null,
  { removed }: Pick<ArchData, "removed">,
): Omit<Move, "release" | "before"> | null {
  if (now === before) return null;
  if (now === null) {
    const citations = [removed?.citation ?? before?.layout.citation ?? ""];
    return before && { layout: null, event: "ends", moved: [], citations };
  }
  requireKernel(now);
  const layout = now.layout.id;
  if (before === null) return { layout, event: "begins", moved: [], citations: [now.layout.citation] };
  // Of a new layout something is said, be it that its PTEs are as before and only other levels are not.
  const isNew = before.layout.id !== layout;
  const moved = [
    ...(isNew ? [{ what: "layout", from: before.layout.id, to: layout }] : []),
    ...changes(before, now),
  ];
  if (moved.length === 0) return null;
  // Two layouts can stand in one header.
  const citations = [...new Set([...(isNew ? [now.layout.citation] : []), ...newCitations(before, now)])];
  return { layout, event: "moves", moved, citations };
}

/** What the newer of two kernels cites and the older does not. */
export function newCitations(from: ArchBackend, to: ArchBackend): string[] {
  requireKernel(from);
  requireKernel(to);
  return to.citations.filter((citation) => !from.citations.includes(citation));
}
