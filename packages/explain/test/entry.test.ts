import { load } from "@ptekit/all";
import { describe, expect, it } from "vitest";
import { explainEntry } from "../src/index.ts";

const target = { release: "6.1.0-50-amd64" };
const explained = async (word: bigint, more: object = {}) =>
  explainEntry({ backend: (await load("x86_64")).for(target), target, level: "pte", word, ...more });

describe("an entry of a page table itself", () => {
  it("one bit that mends it is told, with what the entry was", async () => {
    const [first] = await explained(0x8000_0004_0c5e_1045n, { mending: [34], memory: 1n << 29n });
    expect(first).toMatchObject({
      rule: "one-bit-off",
      cause: "one-bit",
      strength: "likely",
      sentence:
        "bit 34 is flipped, as by faulty memory or a stray write: turned round it is a present PTE of pfn 0xc5e1, and everything fits",
    });
  });

  it("of several that would mend it none is more than possible", async () => {
    const findings = await explained(0x8000_0000_0c57_5c67n, { mending: [1, 10] });
    expect(findings.find(({ rule }) => rule === "one-bit-off")).toMatchObject({
      strength: "possible",
      sentence: expect.stringContaining("bit 1 or 10"),
    });
  });

  it("nothing is said of flipped bits where none mends it", async () => {
    expect(
      (await explained(0x8000_0004_0c5e_1045n, { memory: 1n << 29n })).map(({ cause }) => cause),
    ).toEqual(["pfn-out-of-range"]);
  });

  it("text is text, whatever would mend it; its neighbours are told", async () => {
    const [first] = await explained(0x7069_206d_6572_6f4cn, {
      mending: [3],
      beside: [0x6f6c_6f64_206d_7573n],
    });
    expect(first).toMatchObject({ cause: "text", strength: "sure" });
    expect(first?.sentence).toContain('"sum dolo"');
  });

  it("an upper entry is judged as such", async () => {
    const [first] = await explained(0x0000_7069_206d_6570n, { level: "pmd" });
    expect(first?.cause).toBe("table-overwritten");
  });
});
