import { describe, expect, it, vi } from "vitest";
import { answerTo, cases, judge, logOf } from "./judge.ts";

// A machine may be busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

describe("the report of somebody else gets the right answer", () => {
  for (const expected of cases()) {
    it(`${expected.file}: ${expected.cause}`, async () => {
      const problems = judge(expected, await answerTo(logOf(expected), expected.options));
      expect(problems).toEqual([]);
    });
  }
});
