import { loadAll } from "@ptekit/all";
import { targetOfLayout } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { definePteBits, isSet, rowsOfBits, runsOf, toggled } from "../src/index.ts";

describe("the runs of a word", async () => {
  const backends = (await loadAll()).flatMap((arch) =>
    arch.layouts.map((layout) => [layout.id, arch.for(targetOfLayout(arch, layout, "on"))] as const),
  );

  it.each(backends)("of %s claim every bit once, the highest first", (_, backend) => {
    const bits = backend.layout.pteBits;
    for (const word of [0n, 1n, (1n << BigInt(bits)) - 1n, 0x17c0n, 0x8000_0067n]) {
      const runs = runsOf(backend, backend.decode(word & ((1n << BigInt(bits)) - 1n)));
      const claimed = runs.flatMap(({ high, low }) =>
        Array.from({ length: high - low + 1 }, (_, i) => high - i),
      );
      expect(claimed).toEqual(Array.from({ length: bits }, (_, i) => bits - 1 - i));
      for (const { name, letter } of runs) expect([name, letter].every((text) => text !== "")).toBe(true);
    }
  });
});

it("a bit turned round twice is as it was", () => {
  for (const bit of [0, 31, 63]) {
    expect(isSet(toggled(0n, bit), bit)).toBe(true);
    expect(toggled(toggled(0x17c0n, bit), bit)).toBe(0x17c0n);
  }
});

it("rows begin with the highest bit", () => {
  expect(rowsOfBits(32, 16).map((row) => [row[0], row.at(-1)])).toEqual([
    [31, 16],
    [15, 0],
  ]);
});

it("the package can be imported without a document; to define the element needs one, and what loads", () => {
  expect(() => definePteBits(async () => Promise.reject(new Error()))).toThrow(
    "there are no custom elements here",
  );
  expect(() => definePteBits(undefined as never)).toThrow("what loads an architecture");
});
