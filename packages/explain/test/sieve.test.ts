import { describe, expect, it, vi } from "vitest";
import { explainAll } from "../src/index.ts";
import { linesOf } from "../src/lines/lines.ts";
import { sieve, TELLING } from "../src/lines/sieve.ts";
import { texts } from "../src/lines/source.ts";
import { sightingsIn } from "../src/records/forms.ts";
import { cases, logOf } from "./judge.ts";

// A machine may be busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

const REPORT =
  "BUG: Bad page map in process a  pte:01000000 pmd:10fe4f067\nCPU: 0 PID: 1 Comm: a Not tainted 6.1.0-50-amd64 #1\n";
const QUIET = "Nov 27 17:22:34 host1 systemd[1]: Started Session 4242 of user root.\n";

describe("the sieve", () => {
  it("lets every line pass that carries a word", () => {
    for (const expected of cases()) {
      const text = new TextDecoder().decode(logOf(expected));
      for (const line of linesOf({ text, first: 1, gap: false })) {
        if (sightingsIn(line.text).length > 0) expect(TELLING.test(line.text), line.text).toBe(true);
      }
    }
  });

  it("leaves out what tells nothing, and counts its lines", async () => {
    const text = QUIET.repeat(20_000) + REPORT + QUIET.repeat(20_000);
    let size = 0;
    for await (const block of sieve(texts(text))) size += block.text.length;
    expect(size).toBeLessThan(text.length / 4);
    const { reports } = await explainAll(text);
    expect(reports.map(({ lines }) => lines)).toEqual([[20_001, 20_001]]);
  });

  it("a report that stands across two blocks is one", async () => {
    for (const size of [1, 7, 64, 100_000]) {
      const text = QUIET.repeat(10) + REPORT;
      const parts = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
        text.slice(i * size, (i + 1) * size),
      );
      const { reports } = await explainAll(parts);
      expect(reports).toHaveLength(1);
      expect(reports[0]).toMatchObject({ kernel: "6.1.0-50-amd64", lines: [11, 11] });
    }
  });
});
