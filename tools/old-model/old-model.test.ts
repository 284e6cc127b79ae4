import { describe, expect, it } from "vitest";
import { run } from "../common/run.ts";
import { FIRST, hasCommit, REPLAY, root } from "./model.ts";

/**
 * No life file can show these: A10 is of 4.x, whose kernels Debian no longer has; A11 of stable kernels from 6.12.11 to 6.12.116,
 * and 6.12.117 is as both models say; A12 of a migration entry that PAGEMAP_SCAN and mprotect() meet, which no program can hold;
 * A14 of a marker that no kernel makes.
 */
const WITHOUT = ["A10", "A11", "A12", "A14"];

describe("the model that was written by reading", () => {
  const has = hasCommit(FIRST) && hasCommit(REPLAY);
  it.skipIf(!has)(
    `fails on a life file for every finding${has ? "" : ": the history here does not go back so far"}`,
    () => {
      const said = run("npm", ["run", "--silent", "old-model"], { cwd: root });
      const agrees = said.split("\n").filter((line) => line.endsWith(": agrees"));
      expect(
        agrees.map((line) => line.split(":")[0]).filter((letter) => !WITHOUT.includes(letter ?? "")),
      ).toEqual([]);
      for (const letter of [
        "A1",
        "A2",
        "A3",
        "A4",
        "A5",
        "A6",
        "A7",
        "A8",
        "A9",
        "A13",
        "B1",
        "B2",
        "B3",
        "B4",
        "B5",
        "D1",
        "D2",
        "D3",
      ])
        expect(said).toMatch(new RegExp(`^${letter}: \\S`, "m"));
    },
    120_000,
  );
});
