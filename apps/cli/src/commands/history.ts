import { load } from "@ptekit/all";
import type { ArchBackend } from "@ptekit/core";
import { mainlineReleases, PtekitError } from "@ptekit/core";
import type { Change } from "../changes.ts";
import { changes } from "../changes.ts";
import type { Command, Given } from "../command.ts";
import { UsageError } from "../errors.ts";
import { table } from "../table.ts";
import { backendAt, CONFIG_OPTIONS, JSON_OPTION, LEVEL_OPTIONS, levelOrNull } from "../target.ts";

export const history: Command = {
  name: "history",
  summary: "tell what moved when, and where that is written",
  description: [
    "Goes through the mainline releases and prints what is not as in the release before, with the header or commit that says so. Exit status 1: nothing moved.",
  ],
  arguments: [],
  options: [
    { name: "arch", value: "A", required: true, help: "the architecture, as ptekit archs lists them" },
    { name: "from", value: "R", help: "begin after this release; without it, with the first that is known" },
    { name: "to", value: "R", help: "end with this release; without it, with the newest one" },
    ...CONFIG_OPTIONS,
    ...LEVEL_OPTIONS,
    JSON_OPTION,
  ],
  examples: [
    { line: "ptekit history --arch arm64 --from 5.18", shows: "what moved on arm64 since 5.18" },
    { line: "ptekit history --arch riscv --from 6.18 --json", shows: "an object a release" },
  ],
  async run(given, out) {
    const arch = await load(given.text("arch") ?? "");
    const at = (release: string): ArchBackend | null =>
      backendOrNull(() => levelOrNull(backendAt(arch, release, given), given));
    let before: ArchBackend | null = null;
    let moves = 0;
    for (const release of releasesOf(given)) {
      const now = at(release);
      const move = moveOf(before, now, release);
      before = now;
      if (move === null || release === given.text("from")) continue;
      moves += 1;
      if (given.has("json")) out.json({ arch: arch.name, ...move });
      else {
        const { bold, dim } = out.colors;
        out.line(bold(release) + (move.layout === null ? "" : dim(`  layout ${move.layout}`)));
        const rows = move.moved.map(({ what, from, to }) => [what, from, to]);
        if (rows.length === 0) out.line(`  ${move.event}`);
        else for (const line of table([["what", "from", "to"], ...rows], dim)) out.line(`  ${line}`);
        for (const citation of move.citations) out.line(dim(`  ${citation}`));
        out.line();
      }
    }
    if (moves === 0 && !given.has("json")) out.line("nothing moved");
    return moves > 0 ? 0 : 1;
  },
};

interface Move {
  readonly release: string;
  readonly layout: string | null;
  /** `begins`: the first release that is known; `ends`: the first without the architecture, or that entry. */
  readonly event: "begins" | "moves" | "ends";
  readonly moved: readonly Change[];
  readonly citations: readonly string[];
}

function moveOf(before: ArchBackend | null, now: ArchBackend | null, release: string): Move | null {
  if (now === null) return before && { release, layout: null, event: "ends", moved: [], citations: [] };
  const said = { release, layout: now.layout.id };
  if (before === null) return { ...said, event: "begins", moved: [], citations: [now.layout.citation] };
  // Of a new layout something is said, be it that its PTEs are as before and only other levels are not.
  const isNew = before.layout.id !== now.layout.id;
  const layout = { what: "layout", from: before.layout.id, to: now.layout.id };
  const moved = [...(isNew ? [layout] : []), ...changes(before, now)];
  return moved.length === 0 ? null : { ...said, event: "moves", moved, citations: citationsOf(before, now) };
}

/** Where it is written: the layout's header or commit, and those of swap types and markers that came. */
function citationsOf(before: ArchBackend, now: ArchBackend): string[] {
  const old = new Set(
    [before.layout, ...before.types.special, ...before.types.markers].map(({ citation }) => citation),
  );
  return [
    ...new Set([now.layout, ...now.types.special, ...now.types.markers].map(({ citation }) => citation)),
  ].filter((citation) => !old.has(citation));
}

/** The releases from --from on, which is what the next is compared with, to --to. */
function releasesOf(given: Given): readonly string[] {
  const releases = mainlineReleases();
  const [from, to] = [given.text("from") ?? releases[0], given.text("to") ?? releases.at(-1)];
  for (const release of [from, to]) {
    if (!releases.includes(release ?? ""))
      throw new UsageError(
        `${release} is no mainline release from ${releases[0]} to ${releases.at(-1)}, as in 6.12`,
      );
  }
  if (releases.indexOf(from ?? "") > releases.indexOf(to ?? ""))
    throw new UsageError(`--from ${from} comes after --to ${to}`);
  return releases.slice(releases.indexOf(from ?? ""), releases.indexOf(to ?? "") + 1);
}

/** Null where the release has no such entries: it is before the first that is known, or the architecture is gone. */
function backendOrNull(make: () => ArchBackend | null): ArchBackend | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof PtekitError && error.code === "NO_LAYOUT") return null;
    throw error;
  }
}
