import { loadAll } from "@ptekit/all";
import type { Architecture, FieldKind, FlagName, Unselected } from "@ptekit/core";
import { compareNumbers, isUnfinished, NEWEST_RELEASE, parseRelease } from "@ptekit/core";
import type { Command } from "../command.ts";
import { table } from "../table.ts";
import { JSON_OPTION } from "../target.ts";

export const archs: Command = {
  name: "archs",
  summary: "list the architectures, since which release, with which flags",
  description: [
    `Each is described from the release named up to ${NEWEST_RELEASE}; a flag, from the release that has it first. A flag that is "written" stands in the headers, under a Kconfig symbol that nothing selects: no kernel has it.`,
  ],
  options: [JSON_OPTION],
  examples: [
    { line: "ptekit archs", shows: "what is supported" },
    { line: "ptekit archs --json", shows: "the same for a script" },
  ],
  async run(given, out) {
    const rows = (await loadAll()).map(rowOf);
    if (given.has("json")) {
      for (const row of rows) out.json(row);
      return 0;
    }
    const cells = rows.map((row) => [
      row.arch,
      row.unfinished ? `${row.title} (unfinished)` : row.title,
      row.pteBits.join(", "),
      row.since,
      flagText(row, "exclusive"),
      flagText(row, "softDirty"),
      flagText(row, "uffdWp"),
      row.present ? "yes" : "no",
      row.cpu.join(", ") || "-",
    ]);
    const head = [
      "name",
      "architecture",
      "PTE bits",
      "since",
      "exclusive",
      "soft-dirty",
      "uffd-wp",
      "present PTEs",
      "--cpu",
    ];
    for (const line of table([head, ...cells], out.colors.dim)) out.line(line);
    return 0;
  },
};

interface Row {
  readonly arch: string;
  readonly title: string;
  /** Whether something is still to be filled in: what it says is a guess. */
  readonly unfinished: boolean;
  readonly header: string;
  readonly pteBits: readonly number[];
  /** The oldest release described. */
  readonly since: string;
  /** Per flag the first release that has it; absent where none has. */
  readonly flags: { readonly exclusive?: string; readonly softDirty?: string; readonly uffdWp?: string };
  /** Flags that are written in the headers, and that no configuration turns on; the symbol, and where that stands. */
  readonly unselected: readonly Unselected[];
  /** Whether present PTEs are described. */
  readonly present: boolean;
  readonly cpu: readonly string[];
  readonly layouts: readonly string[];
  readonly config: readonly string[];
}

function rowOf(arch: Architecture): Row {
  return {
    arch: arch.name,
    title: arch.title,
    unfinished: isUnfinished(arch),
    header: arch.header,
    pteBits: [...new Set(arch.layouts.map(({ pteBits }) => pteBits))].sort(),
    since: oldest(arch.layouts.map(({ since }) => since)) ?? "",
    flags: { ...flag(arch, "exclusive"), ...flag(arch, "softDirty"), ...flag(arch, "uffdWp") },
    unselected: arch.unselected ?? [],
    present: (arch.present ?? []).length > 0,
    cpu: (arch.cpus ?? []).map(({ name }) => name),
    layouts: arch.layouts.map(({ id }) => id),
    config: arch.symbols.map(({ name }) => name),
  };
}

const flagText = ({ flags, unselected }: Row, name: FlagName): string =>
  flags[name] ?? (unselected.some(({ flag }) => flag === name) ? "written" : "-");

function flag(arch: Architecture, kind: FieldKind): Record<string, string> {
  const rows = arch.layouts.flatMap((layout) =>
    layout.fields
      .filter((field) => field.kind === kind)
      .map((field) => {
        // A flag under a Kconfig symbol is there since the symbol is.
        const symbols = arch.symbols.filter(({ name }) => field.when.includes(name));
        return newest([layout.since, ...symbols.flatMap(({ since }) => since ?? [])]);
      }),
  );
  const since = oldest(rows.flatMap((row) => row ?? []));
  return since === undefined ? {} : { [kind]: since };
}

const sorted = (releases: readonly string[]): string[] =>
  [...releases].sort((a, b) => compareNumbers(parseRelease(a).numbers, parseRelease(b).numbers));
const oldest = (releases: readonly string[]): string | undefined => sorted(releases)[0];
const newest = (releases: readonly string[]): string | undefined => sorted(releases).at(-1);
