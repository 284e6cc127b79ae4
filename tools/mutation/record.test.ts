import { expect, it } from "vitest";
import { recordOf } from "./record.ts";

const at = (line: number, column: number, endLine: number, endColumn: number) => ({
  start: { line, column },
  end: { line: endLine, column: endColumn },
});
const mutant = (status: string, location: ReturnType<typeof at>, replacement = "true") => ({
  status,
  mutatorName: "X",
  replacement,
  location,
});
const report = {
  files: {
    "packages/core/src/b.ts": {
      source: "if (a < b) {\n  return 1;\n}\n",
      mutants: [
        mutant("Survived", at(1, 12, 3, 2), "{}"),
        mutant("NoCoverage", at(1, 5, 1, 10), "a <= b"),
        mutant("Timeout", at(1, 1, 1, 3)),
        mutant("Killed", at(1, 1, 1, 3)),
        mutant("Ignored", at(1, 1, 1, 3)),
      ],
    },
    "packages/core/src/a.ts": { source: "", mutants: [mutant("Ignored", at(1, 1, 1, 1))] },
  },
};

it("counts each file's mutants by what became of them, and leaves out files without any", () => {
  expect(recordOf(report, { withSurvivors: false })).toEqual({
    files: { "b.ts": { killed: 1, timeout: 1, survived: 1, noCoverage: 1 } },
  });
});

it("says of each survivor where it stands, what stood there and what it became, on one line", () => {
  expect(recordOf(report, { withSurvivors: true }).survivors).toEqual([
    { file: "b.ts", line: 1, mutator: "X", was: "{ return 1; }", becomes: "{}" },
    { file: "b.ts", line: 1, mutator: "X", was: "a < b", becomes: "a <= b" },
  ]);
});
