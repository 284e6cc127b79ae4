import {
  decodeOnly,
  defineArch,
  diagram,
  encodeOnly,
  exclusive,
  inverted,
  legend,
  ruler,
  rulerRows,
  rulerWithWords,
  swpOffset,
  swpType,
  zeros,
} from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { arm, arm63, arm64, armData, armLpae63, CITATION, x86 } from "./fixture.ts";

/** Dashes stand where the author liked: a field is its ends, its name and its width. */
const shape = (ruler: string): string =>
  ruler.replace(
    /([<-])(-*) (~?\w+) (-*)([->])/g,
    (all, left, _a, name, _b, right) => `${left}${name}${all.length}${right}`,
  );

describe("diagram", () => {
  // Copied from the comment above __swp_type() in arch/arm/include/asm/pgtable.h (as of Linux v6.12).
  const arm612 = `
3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
<------------------- offset ------------------> E < type -> 0 0`.slice(1);
  // The same header (as of Linux v6.1).
  const arm61 = `
3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
<--------------- offset ------------------------> < type -> 0 0`.slice(1);

  it("arm is the ruler of its header", () => {
    expect(shape(diagram(arm.for({ release: "6.12" }).layout))).toBe(shape(arm612));
    expect(shape(diagram(arm.for({ release: "6.1" }).layout))).toBe(shape(arm61));
    expect(shape(arm612)).not.toBe(shape(arm61));
  });

  it("a 64-bit PTE has two bands, and a field that goes on in the next has an open end", () => {
    expect(diagram(arm64.for({ release: "6.12" }).layout)).toBe(
      `
6 6 6 6 5 5 5 5 5 5 5 5 5 5 4 4 4 4 4 4 4 4 4 4 3 3 3 3 3 3 3 3
3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2
X X <------------------------ offset --------------------------

3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
--------------- offset ---------------> 0 < type -> X X F E 0 0`.slice(1),
    );
  });

  // Copied from the comment in arch/x86/include/asm/pgtable-3level.h (as of Linux v6.12), which has the same upper band
  // and draws the inverted offset without the tilde.
  it("x86 has the upper band of its header", () => {
    const header = "< type -> <---------------------- offset ----------------------";
    const upper = diagram(x86.for({ release: "6.12" }).layout).split("\n")[2] ?? "";
    expect(shape(upper.replace(" ~offset ", " offset -"))).toBe(shape(header));
  });

  it("every line is as wide as its bits: 32 columns of two, at most", () => {
    for (const layout of [...arm.layouts, ...arm64.layouts, ...x86.layouts]) {
      const lines = diagram(layout).split("\n").filter(Boolean);
      expect(lines).toHaveLength(layout.pteBits === 64 ? 6 : 3);
      for (const [index, line] of lines.entries()) if (index % 3 === 2) expect(line).toHaveLength(63);
    }
  });

  it("a field with no room for its name is drawn by its letter", () => {
    const fields = [swpOffset(31, 4), swpType(3, 2), ...arm63.fields.slice(-1)];
    expect(diagram({ ...arm63, fields }).split("\n")[2]).toMatch(/t t 0 0$/);
  });

  it("two words stand one over the other, and a mark under each bit in which they differ", () => {
    const { layout } = arm.for({ release: "6.12" });
    const words = [
      { word: 0x1084n, label: "expected" },
      { word: 0x1004n, label: "got" },
    ];
    expect(rulerWithWords(rulerRows(layout), 32, words).split("\n").slice(-3)).toEqual([
      "expected 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1 0 0",
      "got      0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0 0 0 1 0 0",
      `         ${"  ".repeat(24)}^`,
    ]);
  });

  it("words that are the same have no mark", () => {
    const { layout } = arm.for({ release: "6.12" });
    const text = rulerWithWords(rulerRows(layout), 32, [
      { word: 5n, label: "a" },
      { word: 5n, label: "b" },
    ]);
    expect(text).not.toContain("^");
  });

  it("a field has room for its name, its arrows, and a blank on either side where that fits too", () => {
    const type = (high: number): string =>
      ruler(
        [
          { high: 31, low: high + 1, letter: "0" },
          { high, low: 0, name: "type", letter: "t" },
        ],
        32,
      )
        .split("\n")[2]
        ?.slice(2 * (31 - high)) ?? "";
    expect([2, 3, 4, 5, 6].map(type)).toEqual([
      "t t t",
      "<type->",
      "< type ->",
      "<- type -->",
      "<-- type --->",
    ]);
    const rows = [
      { high: 31, low: 5, letter: "0" },
      { high: 4, low: 2, name: "pfn", letter: "p" },
      { high: 1, low: 0, name: "pfn", letter: "p" },
    ];
    expect(ruler(rows, 32)).toMatch(/ 0 <pfn> p p$/);
  });

  it("only type and offset are named", () => {
    expect(rulerRows(arm64.for({ release: "6.1" }).layout)).toEqual([
      { high: 63, low: 59, letter: "X" },
      { high: 58, low: 58, letter: "0" },
      { high: 57, low: 8, letter: "o", name: "offset" },
      { high: 7, low: 3, letter: "t", name: "type" },
      { high: 2, low: 2, letter: "E" },
      { high: 1, low: 0, letter: "0" },
    ]);
  });

  it("words of 64 bits stand in both bands, and are marked in the one where they differ", () => {
    const { layout } = arm64.for({ release: "6.12" });
    const words = [
      { word: 0xc000_0000_0012_3400n, label: "a" },
      { word: 0x4000_0000_0012_3400n, label: "bc" },
    ];
    const [upper, lower] = rulerWithWords(rulerRows(layout), 64, words).split("\n\n") as [string, string];
    const zeros = "0 ".repeat(29).trimEnd();
    expect(upper.split("\n").slice(3)).toEqual([`a  1 1 0 ${zeros}`, `bc 0 1 0 ${zeros}`, "   ^"]);
    expect(upper.split("\n")[2]).toMatch(/^ {3}X X <-/);
    const low = "0 0 0 0 0 0 0 0 0 0 0 1 0 0 1 0 0 0 1 1 0 1 0 0 0 0 0 0 0 0 0 0";
    expect(lower.split("\n").slice(3)).toEqual([`a  ${low}`, `bc ${low}`]);
    // Drawn again, under the same rows, it is the same.
    expect(rulerWithWords(rulerRows(layout), 64, words)).toBe(`${upper}\n\n${lower}`);
  });

  it("without words it is the ruler, moved by a blank", () => {
    const rows = rulerRows(arm63);
    const lines = ruler(rows, 32).split("\n");
    expect(rulerWithWords(rows, 32, []).split("\n")).toEqual(lines.map((line) => ` ${line}`));
  });

  it("the legend says which part of a value a row holds, and what only one direction does", () => {
    const fields = [
      decodeOnly(swpOffset(31, 8), "never written"),
      encodeOnly(exclusive(7), "never read"),
      swpType(6, 2, 3),
      zeros(1, 0, ""),
    ];
    expect(legend({ ...arm63, fields })).toEqual([
      "o bits 31:8: swap offset, read but never written, never written",
      "E bit 7: exclusive, written but never read, never read",
      "t bits 6:2: swap type, its bits 7:3",
      "0 bits 1:0: zero",
    ]);
  });

  it("the legend has a line for each row, with what is odd about it", () => {
    const layout = {
      ...armLpae63,
      fields: [inverted(swpOffset(63, 40, 3)), ...armLpae63.fields.slice(1)],
    };
    expect(legend(layout)[0]).toBe("o bits 63:40: swap offset, its bits 26:3, stored as its bitwise NOT");
    expect(legend(arm64.for({ release: "6.12" }).layout)).toEqual([
      "X bits 63:62: spare",
      "o bits 61:12: swap offset, not masked on encode",
      "0 bit 11: zero, pte_present() reads it",
      "t bits 10:6: swap type, not masked on encode",
      "X bits 5:4: spare",
      "F bit 3: uffd-wp",
      "E bit 2: exclusive",
      "0 bits 1:0: zero, pte_present() reads it",
    ]);
    expect(defineArch({ ...armData }).layouts[0]?.citation).toBe(CITATION);
  });
});
