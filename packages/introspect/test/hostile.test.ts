import fs from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { caseOf, type HostileCase, runCase } from "./hostile.ts";

vi.setConfig({ testTimeout: 120_000 });

const corpus: readonly HostileCase[] = JSON.parse(
  fs.readFileSync(new URL("hostile.json", import.meta.url), "utf8"),
);

describe("a dump that was tampered with ends in an answer or in an error with a code", () => {
  // What was once wrong, and one of each kind.
  test.each(corpus.map((one) => [JSON.stringify(one).slice(0, 160), one] as const))("%s", async (_, one) => {
    expect((await runCase(one)).faults).toEqual([]);
  });

  test.each([11, 12, 13, 14, 15, 16, 17, 18])("case %i", async (seed) => {
    const { faults, said } = await runCase(await caseOf(seed));
    expect(faults).toEqual([]);
    expect(said).not.toBe("");
  });
});
