import { describe, expect, it } from "vitest";
import { same } from "../src/util/same.ts";

describe("plain data is the same", () => {
  const equal = [1, "a", 2n, null, undefined, [], {}, [1, [2n, { a: null }]], { a: 1, b: { c: [2n] } }];
  it.each(equal.map((value, i) => [i, value] as const))("as a copy of itself: %i", (_, value) => {
    expect(same(value, structuredClone(value))).toBe(true);
  });

  it("in whatever order its properties stand", () => {
    expect(same({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  });
});

describe("plain data differs", () => {
  const different: [unknown, unknown][] = [
    [1, 2],
    [1, "1"],
    [1, 1n],
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: undefined }, { b: 1 }],
    [{ a: { b: 1n } }, { a: { b: 2n } }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [[1], [1, 2]],
    [{}, null],
    [{}, 5],
    [[], ""],
  ];
  it.each(different.map(([a, b], i) => [i, a, b] as const))("%i, and so the other way round", (_, a, b) => {
    expect(same(a, b)).toBe(false);
    expect(same(b, a)).toBe(false);
  });
});
