import fs from "node:fs";
import { diagram, targetOfLayout } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { archNamed, loadArchitectures } from "./common/architectures.ts";
import { archFolder, architectures } from "./common/workspaces.ts";

const archs = await loadArchitectures();

describe.each(architectures())("%s: the rulers drawn above the layouts", (name) => {
  const arch = archNamed(archs, name);
  const backends = arch.layouts.map((layout) => arch.for(targetOfLayout(arch, layout, "on")));
  const drawn = backends.flatMap((backend) =>
    [backend.layout, backend.at("pmd", "thp")?.layout ?? []].flat(),
  );
  const generated = new Set(drawn.flatMap((layout) => diagram(layout).split("\n")));

  it("are what the data draws", () => {
    expect(drawnLines(`${archFolder(name)}/src`).filter((line) => !generated.has(line))).toEqual([]);
  });
});

/** The line under each row of bit numbers in a comment, without the remark to its right. */
function drawnLines(folder: string): string[] {
  return fs
    .readdirSync(folder)
    .flatMap((file) => {
      const lines = fs.readFileSync(`${folder}/${file}`, "utf8").split("\n");
      return lines.filter((_, index) => /^\s*\/\/ (1 0 9 8 7|3 2 1 0 9) /.test(lines[index - 1] ?? ""));
    })
    .map((line) => line.replace(/^\s*\/\/ /, "").replace(/ {2,}.*$/, ""));
}
