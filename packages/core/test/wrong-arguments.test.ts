// What JavaScript's callers may hand over first: always refused by a PtekitError.
import * as core from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { arm, untyped } from "./fixture.ts";

const backend = arm.for({ release: "6.12" });
const wrong: readonly unknown[] = [undefined, null, 5, "x", {}, [], 1n, () => 1];
const exported: Readonly<Record<string, unknown>> = { ...core };
type Any = (...values: readonly unknown[]) => unknown;

const said = (value: unknown): string => (typeof value === "function" ? "a function" : String(value));

function thrownBy(act: Any, values: readonly unknown[]): unknown {
  try {
    return act(...values);
  } catch (error) {
    return error;
  }
}

const functions = Object.keys(exported).filter(
  (name) => typeof exported[name] === "function" && name !== "PtekitError",
);

describe("every exported function refuses what it cannot take, or answers", () => {
  it("there are many", () => expect(functions.length).toBeGreaterThan(90));

  it.each(functions)("%s()", (name) => {
    for (const value of wrong) {
      for (const values of [[value], [value, value], [value, value, value]]) {
        const got = thrownBy(untyped<Any>(exported[name]), values);
        if (got instanceof Error)
          expect([values.map(said), got]).toEqual([values.map(said), expect.any(core.PtekitError)]);
      }
    }
  });
});

it("an architecture in the place of a backend gets the hint that is missing", () => {
  expect(String(thrownBy(untyped<Any>(core.priceOf), [arm]))).toBe(
    "BAD_ARGUMENT: a backend (call .for({ release }) first) is meant, not an object",
  );
});

it("texts and words are refused where they are none", () => {
  for (const name of ["parseConfigText", "parseConfigValue", "printable", "hex"] as const) {
    expect(thrownBy(untyped<Any>(exported[name]), [{}, 64])).toBeInstanceOf(core.PtekitError);
  }
});

const hostile: readonly unknown[] = [
  ...wrong,
  Object.create(null),
  {
    toString() {
      throw new Error("hostile");
    },
  },
];

it.each([
  "decode",
  "encode",
  "encodePfn",
  "toSwpEntry",
  "fromSwpEntry",
  "isSpecialPte",
  "stored",
  "toBytes",
  "fromBytes",
] as const)("%s() throws a PtekitError for everything that is wrong, even what has no text", (verb) => {
  for (const value of hostile) {
    const got = thrownBy(untyped<Any>(backend[verb]), [value, value]);
    if (got instanceof Error) expect(got).toBeInstanceOf(core.PtekitError);
  }
});
