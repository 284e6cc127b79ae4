import type { ArchBackend } from "@ptekit/core";
import { historyOf, mainlineReleases, PtekitError } from "@ptekit/core";
import { archOf } from "../arch.ts";
import type { Command, Given } from "../command.ts";
import { UsageError } from "../errors.ts";
import { table } from "../table.ts";
import { ARCH_HELP, backendAt, CONFIG_OPTIONS, JSON_OPTION, LEVEL_OPTIONS, levelOrNull } from "../target.ts";

export const history: Command = {
  name: "history",
  summary: "tell what moved when, and where that is written",
  description: [
    "Goes through the mainline releases and prints what is not as in the release before, with the header or commit that says so. Exit status 1: nothing moved.",
  ],
  arguments: [],
  options: [
    { name: "arch", value: "A", required: true, help: ARCH_HELP },
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
    const arch = await archOf(given.text("arch") ?? "");
    const at = (release: string): ArchBackend | null =>
      backendOrNull(() => levelOrNull(backendAt(arch, release, given), given));
    // What the first of them begins with is no move where it was only named to compare the next with.
    const moves = historyOf(releasesOf(given), at, arch).filter(
      ({ release }) => release !== given.text("from"),
    );
    for (const move of moves) {
      if (given.has("json")) out.json({ arch: arch.name, ...move });
      else {
        const { bold, dim } = out.colors;
        out.line(bold(move.release) + (move.layout === null ? "" : dim(`  layout ${move.layout}`)));
        const rows = move.moved.map(({ what, from, to }) => [what, from, to]);
        if (rows.length === 0) out.line(`  ${move.event}`);
        else for (const line of table([["what", "from", "to"], ...rows], dim)) out.line(`  ${line}`);
        for (const citation of move.citations) out.line(dim(`  ${citation}`));
        out.line();
      }
    }
    if (moves.length === 0 && !given.has("json")) out.line("nothing moved");
    return moves.length > 0 ? 0 : 1;
  },
};

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
