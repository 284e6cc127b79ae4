import fs from "node:fs";
import { describe, expect, it, vi } from "vitest";
import type { Case } from "../fuzz/case.ts";
import { caseOf } from "../fuzz/grammar.ts";
import { faultsOf } from "../fuzz/run.ts";

vi.setConfig({ testTimeout: 600_000 });

const corpus: readonly Case[] = JSON.parse(
  fs.readFileSync(new URL("../fuzz/corpus.json", import.meta.url), "utf8"),
);

/** So many of those that a grammar makes; `npm run fuzz:cli` goes on for as long as it is let. */
const SEEDS = 24;

describe("whatever it is given, the command ends with a status and a sentence", () => {
  it.each(corpus.map((one, i) => [i, one.args.join(" ").slice(0, 60), one] as const))(
    "case %i of the corpus: ptekit %s",
    async (_, __, one) => expect(await faultsOf(one)).toEqual([]),
  );

  it(`${SEEDS} cases made from seeds`, async () => {
    const faults = new Map<number, readonly string[]>();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const found = await faultsOf(await caseOf(seed));
      if (found.length > 0) faults.set(seed, found);
    }
    expect([...faults]).toEqual([]);
  });

  it("the judge sees what it looks for: a fault is made, and told", async () => {
    const bin = new URL("../fuzz/faulty.mjs", import.meta.url).pathname;
    const run = (what: string): Promise<string[]> =>
      faultsOf({ args: [what], files: {}, stdout: "reader" }, bin);
    expect(await run("stack")).toEqual(expect.arrayContaining(["a stack trace"]));
    expect(await run("status")).toEqual(["exit status 13"]);
    expect(await run("raw")).toEqual(["standard output has the character U+001b as it is"]);
    expect(await run("silent")).toEqual(["exit status 2 without a word"]);
    expect(await run("draft")).toEqual(['leaves "x.tmp" behind']);
    expect(await run("fine")).toEqual([]);
  });
});
