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

/** The functions that take a layout, a backend, an architecture … and what is none for each. */
const TAKERS: Readonly<Record<string, readonly (keyof typeof core)[]>> = {
  layout: [
    "bitClaims",
    "claimSentence",
    "checkLayout",
    "diagram",
    "emptyPte",
    "freeBits",
    "freePresentBits",
    "layoutSvg",
    "legend",
    "longBitsOf",
    "presentRulerRows",
    "pteBytesOf",
    "reserveBit",
    "rowAt",
    "rowsOf",
    "rulerRows",
  ],
  backend: [
    "accessOf",
    "changePresent",
    "createBackend",
    "encodePresent",
    "entries",
    "findRoot",
    "meaningOf",
    "priceOf",
    "walk",
    "withLayout",
  ],
  architecture: ["checkArch", "defineArch", "select", "targetOfHead", "targetOfLayout", "targetsAt"],
  release: ["atLeast", "parseRelease", "swapTypes"],
  types: ["typeMeaning", "typeNumber"],
};

describe.each(Object.entries(TAKERS))("what is no %s", (_, names) => {
  it.each(names)("%s() refuses, or answers with sentences", (name) => {
    for (const value of wrong) {
      const got = thrownBy(untyped<Any>(exported[name]), [value, value]);
      if (got instanceof Error)
        expect([said(value), got]).toEqual([said(value), expect.any(core.PtekitError)]);
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
