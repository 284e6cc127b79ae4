import type { ArchBackend } from "@ptekit/core";
import { changes, diagram } from "@ptekit/core";
import { archOf } from "../arch.ts";
import type { Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import { diffJson } from "../json/diff.ts";
import { table } from "../table.ts";
import { backendAt, CONFIG_OPTIONS, JSON_OPTION, LEVEL_OPTIONS, levelOf } from "../target.ts";
import { indented } from "../words.ts";

export const diff: Command = {
  name: "diff",
  summary: "show what moved between two releases or two architectures",
  description: [
    "Both sides are ARCH@RELEASE; ARCH may be a module of your own, as in arm64@7.3 ./mine.js@7.3. The settings hold for both. Exit status 1: nothing moved.",
  ],
  arguments: [
    { name: "A@R1", required: true, help: "one side" },
    { name: "B@R2", required: true, help: "the other" },
  ],
  options: [...CONFIG_OPTIONS, ...LEVEL_OPTIONS, JSON_OPTION],
  examples: [
    { line: "ptekit diff arm64@6.9 arm64@6.10", shows: "PTE_PRESENT_INVALID moved type and offset" },
    { line: "ptekit diff x86_64@4.18 x86_64@4.19 --json", shows: "what L1TF changed" },
  ],
  async run(given, out) {
    const [a, b] = await Promise.all(
      [0, 1].map((i) => sideOf(given.args[i] ?? "", (name, release) => backendFor(name, release))),
    );
    if (!a || !b) throw new UsageError("diff takes two sides, as in arm64@6.9 arm64@6.10");
    const moved = changes(a, b);
    if (given.has("json")) {
      out.json(diffJson(a, b, moved));
      return moved.length > 0 ? 0 : 1;
    }
    const { bold, dim } = out.colors;
    for (const side of [a, b]) {
      out.line(bold(`${side.arch} ${side.kernel.release}`) + dim(`  layout ${side.layout.id}`));
      for (const line of indented(diagram(side.layout))) out.line(line);
      out.line();
    }
    if (moved.length === 0) out.line("nothing moved");
    else
      for (const line of table(
        [["what", "from", "to"], ...moved.map(({ what, from, to }) => [what, from, to])],
        dim,
      ))
        out.line(line);
    return moved.length > 0 ? 0 : 1;

    async function backendFor(name: string, release: string): Promise<ArchBackend> {
      return levelOf(backendAt(await archOf(name), release, given), given);
    }
  },
};

async function sideOf(
  text: string,
  backend: (name: string, release: string) => Promise<ArchBackend>,
): Promise<ArchBackend> {
  const found = /^(.+)@([^@/\\]+)$/.exec(text);
  if (!found) throw new UsageError(`${JSON.stringify(text)} is not ARCH@RELEASE, as in arm64@6.10`);
  return backend(found[1] ?? "", found[2] ?? "");
}
