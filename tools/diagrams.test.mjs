import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { diagram, targetOfLayout } from "../packages/core/dist/index.js";
import { architectures, loadArchitectures } from "./generate/packages.mjs";

const archs = await loadArchitectures();

describe.each(architectures())("%s: the rulers drawn above the layouts", (name) => {
  const arch = archs.get(name);
  const generated = new Set(
    arch.layouts.flatMap((layout) =>
      diagram(arch.for(targetOfLayout(arch, layout, "on")).layout).split("\n"),
    ),
  );

  it("are what the data draws", () => {
    expect(drawnLines(`packages/${name}/src`).filter((line) => !generated.has(line))).toEqual([]);
  });
});

/** The line under each row of bit numbers in a comment. */
function drawnLines(folder) {
  return fs
    .readdirSync(folder)
    .flatMap((file) => {
      const lines = fs.readFileSync(`${folder}/${file}`, "utf8").split("\n");
      return lines.filter((_, index) => /^\s*\/\/ (1 0 9 8 7|3 2 1 0 9) /.test(lines[index - 1] ?? ""));
    })
    .map((line) => line.replace(/^\s*\/\/ /, ""));
}
