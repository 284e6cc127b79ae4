import { loadAll } from "@ptekit/all";
import type { FlagName } from "@ptekit/core";
import { NEWEST_RELEASE } from "@ptekit/core";
import type { Command } from "../command.ts";
import type { ArchJson } from "../json/arch.ts";
import { archJson } from "../json/arch.ts";
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
    const rows = (await loadAll()).map(archJson);
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

const flagText = ({ flags, unselected }: ArchJson, name: FlagName): string =>
  flags[name] ?? (unselected.some(({ flag }) => flag === name) ? "written" : "-");
