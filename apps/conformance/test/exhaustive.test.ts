import { loadAll } from "@ptekit/all";
import { arm } from "@ptekit/arm";
import { createBackend, decodeOnly, spare, swpOffset, swpType, zeros } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { exhaust, exhaustiveText, narrowBackends } from "../src/exhaustive.ts";

const progress = (): void => {};
const SOME = { from: 2 ** 14, to: 2 ** 15 };
const backends = narrowBackends(await loadAll());

describe("all words of a layout with 32-bit PTEs", () => {
  it("are those of every such layout, each once", () => {
    const ids = new Set(backends.map(({ layout }) => layout.id));
    expect(ids).toContain("arm 6.3");
    expect(ids).not.toContain("arm 6.3 LPAE");
    expect(backends.every(({ layout }) => layout.pteBits === 32)).toBe(true);
  });

  // The whole space takes minutes: `npm run conformance -- --exhaustive`. Here: its start, its end, and one in between.
  it.each(backends.map((backend) => [backend.layout.id, backend] as const))(
    "%s: none fails",
    async (_, backend) => {
      for (const from of [0, 0x7fff_8000, 0xffff_c000]) {
        const result = await exhaust(backend, { from, to: from + 2 ** 14 }, progress);
        expect(result.failures).toEqual([]);
        expect(result.words).toBe(2 ** 14);
      }
    },
  );

  it("arm 6.3: the words that decode as an entry but are never written have bit 1 set", async () => {
    const backend = arm.for({ release: "6.12" });
    const { entries, written } = await exhaust(backend, SOME, progress);
    // Bit 0 clear: half of them; bits 1:0 clear: a quarter.
    expect([entries, written]).toEqual([2 ** 13, 2 ** 12]);
  });

  it("fail where a layout is wrong: a spare bit that pte_present() reads, a type that encode cannot write", async () => {
    const { kernel, types, layout } = arm.for({ release: "6.12" });
    const wrong = (fields: (typeof layout)["fields"]) =>
      createBackend({
        arch: "arm",
        layout: { ...layout, id: "arm wrong", fields },
        present: null,
        types,
        kernel,
        assumptions: [],
      });
    const reads = wrong([swpOffset(31, 8), swpType(7, 3), zeros(2, 1, "so"), spare(0, 0)]);
    const spares = await exhaust(reads, SOME, progress);
    expect(spares.failed).toBe(2 ** 12 / 2);
    expect(exhaustiveText(spares)).toMatch(
      /arm wrong: .* failed\n {2}0x00004000: spare bit 0 changes what it says/,
    );
    const partly = wrong([
      swpOffset(31, 8),
      decodeOnly(swpType(7, 7, 4), "so"),
      swpType(6, 3),
      zeros(2, 0, "so"),
    ]);
    const { written, failed } = await exhaust(partly, SOME, progress);
    expect([written, failed]).toEqual([2 ** 14 / 16, 0]);
  });
});
