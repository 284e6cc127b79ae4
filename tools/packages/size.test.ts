import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { loadArchitectures } from "../common/architectures.ts";
import { architectures } from "../common/workspaces.ts";
import { bundled } from "./size.ts";

// Bytes after minify and gzip. A budget grows on purpose only, with a word in the commit.
const budgets: Readonly<Record<string, number>> = JSON.parse(
  fs.readFileSync("tools/packages/budgets.json", "utf8"),
);

const budgetOf = (what: string): number => budgets[what] ?? 0;

const CORE = "@ptekit/core";

describe("size budgets, after minify and gzip", () => {
  it.each<[name: string, external: string[]]>([
    [CORE, []],
    ["@ptekit/conformance-kit", [CORE]],
    ["@ptekit/bulk", [CORE]],
    ["@ptekit/uffd-wp", [CORE]],
  ])("%s stays within its budget", async (name, external) => {
    const { bytes } = await bundled(`export * from "${name}"`, external);
    expect(bytes).toBeLessThanOrEqual(budgetOf(name));
  });

  it.each(architectures())("%s, without core, stays within the budget of an architecture", async (name) => {
    const { bytes } = await bundled(`export * from "@ptekit/${name}"`, [CORE]);
    expect(bytes).toBeLessThanOrEqual(budgetOf("architecture"));
  });
});

describe("a program that decodes arm64", async () => {
  const { text, bytes } = await bundled(
    'import { arm64 } from "@ptekit/arm64"; console.log(arm64.for({ release: "6.12" }).decode(0x17c0n));',
  );
  const archs = await loadArchitectures();

  it("holds no word of another architecture", () => {
    const others = [...archs.values()].filter((arch) => arch.name !== "arm64");
    const ids = others.flatMap((arch) => [arch.header, ...arch.layouts.map((layout) => layout.id)]);
    expect(text).toContain("arm64 6.10");
    expect(ids.filter((id) => text.includes(JSON.stringify(id)))).toEqual([]);
  });

  it("stays within its budget", () => {
    expect(bytes).toBeLessThanOrEqual(budgetOf("one architecture and the core it uses"));
  });
});

it("a program that prints one word at full width takes of core what refuses a wrong word, and nothing else", async () => {
  const { text, bytes } = await bundled('import { hex } from "@ptekit/core"; console.log(hex(1n, 32));');
  expect(text).not.toContain("CONFIG_");
  expect(bytes).toBeLessThan(550);
});
