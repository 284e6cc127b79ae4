// What callers may get wrong: always refused by a PtekitError, with the sentence that says what is right.
import type { Architecture } from "@ptekit/core";
import type { EventText, Life } from "@ptekit/uffd-wp";
import { begin, compare, EVENT_NAMES, EVENTS, RULES, run, step, transitions } from "@ptekit/uffd-wp";
import { describe, expect, expectTypeOf, it } from "vitest";
import { architectures } from "./subjects.ts";

const x86 = (await architectures()).find(({ name }) => name === "x86_64") as Architecture;
const backend = x86.for({ release: "7.2" });
const untyped = <T>(value: unknown): T => value as T;

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return String(error);
  }
  throw new Error("nothing is refused");
}

describe("what callers may get wrong", () => {
  it.each([undefined, null, 1, {}, [], "x"])("step() refuses %j for a life, and for an event", (value) => {
    expect(refusal(() => step(untyped<Life>(value), "read"))).toMatch(/^BAD_ARGUMENT: a life is/);
    expect(refusal(() => step(begin(backend), untyped<EventText>(value)))).toMatch(/^BAD_ARGUMENT: /);
  });

  it.each([
    [null, /^UNKNOWN_OPTION: options are/],
    [{ zz: 1 }, /^UNKNOWN_OPTION: a life begins with vma, design, features, pte, file, not zz/],
    [{ features: null }, /^UNKNOWN_OPTION: features are a list/],
    [{ design: null }, /^UNKNOWN_OPTION: a design is/],
    [{ design: { by: "bit", bit: -1 } }, /^NO_SUCH_BIT: /],
    [{ design: { by: "bit", bit: 64 } }, /^NO_SUCH_BIT: /],
    [{ design: { by: "bit", bit: "5" } }, /^NO_SUCH_BIT: /],
  ])("begin() refuses the options %j", (options, sentence) => {
    expect(refusal(() => begin(backend, untyped(options)))).toMatch(sentence);
    expect(refusal(() => run(backend, ["read"], untyped(options)))).toMatch(sentence);
  });

  it("begin() and compare() refuse what is no backend", () => {
    expect(refusal(() => begin(untyped({})))).toMatch(/^BAD_ARGUMENT: a life begins on a backend/);
    expect(refusal(() => compare(untyped(undefined), ["read"]))).toMatch(/^BAD_ARGUMENT: /);
  });

  it("an event that takes nothing has no value in its type, and one that takes something may", () => {
    expectTypeOf<"write">().toExtend<EventText>();
    expectTypeOf<"write=0x9682">().toExtend<EventText>();
    expectTypeOf<"reclaim=0:0x1a0">().toExtend<EventText>();
    expectTypeOf<"wirte">().not.toExtend<EventText>();
    expectTypeOf<"munmap=1">().not.toExtend<EventText>();
  });

  it.each(EVENT_NAMES)("%s takes a value where its type says so", (name) => {
    const valued = { pfn: `${name}=0x1000`, slot: `${name}=0:0x10` };
    const { takes } = EVENTS[name];
    const text = valued[takes ?? "pfn"] as EventText;
    const said = (() => {
      try {
        step(begin(backend), text);
        return "";
      } catch (error) {
        return String(error);
      }
    })();
    expect(/takes no value/.test(said)).toBe(takes === undefined);
  });

  it("the tables cannot be changed", () => {
    for (const table of [EVENTS, EVENT_NAMES, RULES, transitions, transitions[0], transitions[0]?.moves]) {
      expect(Object.isFrozen(table)).toBe(true);
    }
  });
});
