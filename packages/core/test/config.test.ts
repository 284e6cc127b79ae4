import { parseConfigText, parseConfigValue } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { arm, arm64, refusal, untyped, x86 } from "./fixture.ts";

const WHOLE = `#
# Automatically generated file; DO NOT EDIT.
# Linux/arm64 6.12.0 Kernel Configuration
#
CONFIG_CC_VERSION_TEXT="gcc-14 (Debian 14.2.0-19) 14.2.0"
CONFIG_GCC_VERSION=140200
CONFIG_ARM64_64K_PAGES=y
# CONFIG_ARM64_4K_PAGES is not set
CONFIG_ARM64_PA_BITS=52
CONFIG_PHYS_OFFSET=0x80000000
CONFIG_MIGRATION=y\r
CONFIG_ZRAM=m

CONFIG_LSM="landlock,lockdown=y"
`;

describe("config", () => {
  it("a whole .config gives y, m, n and numbers, and leaves texts out", () => {
    expect(Object.fromEntries(parseConfigText(WHOLE))).toEqual({
      CONFIG_GCC_VERSION: 140200,
      CONFIG_ARM64_4K_PAGES: "n",
      CONFIG_ARM64_64K_PAGES: "y",
      CONFIG_ARM64_PA_BITS: 52,
      CONFIG_PHYS_OFFSET: 0x80000000,
      CONFIG_MIGRATION: "y",
      CONFIG_ZRAM: "m",
    });
  });

  it("values are y, m, n, decimal or hex", () => {
    const texts = ["y", "m", "n", "-5", "0x34", "0XAB", '"y"', "yes", "", "a5", "5a", "x0x34", "0x34g"];
    expect(texts.map(parseConfigValue)).toEqual([
      ...["y", "m", "n", -5, 52, 171],
      ...[null, null, null, null, null, null, null],
    ]);
  });

  it("in a text an absent symbol is off; in an object it takes the default", () => {
    const text = arm64.for({ release: "6.12", config: WHOLE });
    expect(text.kernel.pageShift).toBe(16);
    expect(text.kernel.physBits).toBe(52);
    // MIGRATION alone: 3 types and the marker, which is always there from 6.2 on.
    expect(text.types.maxSwapfiles).toBe(28);
    // With 64K pages lpa2 changes nothing.
    expect(text.assumed.filter((sentence) => sentence.includes("not given"))).toEqual([]);
    const object = arm64.for({ release: "6.12", config: { CONFIG_MIGRATION: "y" } });
    expect(object.kernel.pageShift).toBe(12);
    expect(object.types.maxSwapfiles).toBe(23);
  });

  it("m counts as on", () => {
    const on = arm64.for({ release: "6.12", config: { CONFIG_MEMORY_FAILURE: "m" } });
    expect(on.types.maxSwapfiles).toBe(23);
  });

  it("a line that is not a line of a .config is refused with its number", () => {
    expect(refusal(() => arm64.for({ release: "6.12", config: "CONFIG_MIGRATION=y\nMIGRATION=y\n" }))).toBe(
      "UNKNOWN_CONFIG: line 2 is not a line of a .config: MIGRATION=y",
    );
    expect(refusal(() => parseConfigText(" CONFIG_MIGRATION=y"))).toMatch(/^UNKNOWN_CONFIG: line 1 is not/);
    expect(refusal(() => parseConfigText("x".repeat(61)))).toBe(
      `UNKNOWN_CONFIG: line 1 is not a line of a .config: ${"x".repeat(60)}`,
    );
    expect(parseConfigText("  \n\t\n").size).toBe(0);
  });

  it("an unknown symbol in an object is refused by name, in a text it is not", () => {
    expect(refusal(() => arm.for({ release: "6.12", config: { CONFIG_ARM_LPEA: "y" } }))).toMatch(
      /^UNKNOWN_CONFIG: CONFIG_ARM_LPEA decides nothing on arm; the symbols that do are CONFIG_ARM_LPAE, /,
    );
    arm.for({ release: "6.12", config: "CONFIG_ARM_LPEA=y\n" });
  });

  it("a value of the wrong kind is refused by name", () => {
    const config = (value: unknown) => () => x86.for({ release: "6.12", config: untyped(value) });
    expect(refusal(config({ CONFIG_MIGRATION: true }))).toBe(
      `UNKNOWN_CONFIG: CONFIG_MIGRATION=true: its value is "y", "m" or "n"`,
    );
    expect(refusal(config({ CONFIG_MIGRATION: 1 }))).toMatch(/^UNKNOWN_CONFIG: CONFIG_MIGRATION=1: /);
    for (const value of [null, 5, ["CONFIG_MIGRATION"], true]) {
      expect(refusal(config(value))).toMatch(/^UNKNOWN_CONFIG: config is an object/);
    }
    const bits = (value: unknown) => () =>
      arm64.for({ release: "6.12", config: untyped({ CONFIG_ARM64_PA_BITS: value }) });
    for (const value of ["y", Number.NaN, 52.5, "52"]) {
      expect(refusal(bits(value))).toBe(
        `UNKNOWN_CONFIG: CONFIG_ARM64_PA_BITS=${value}: its value is a whole number`,
      );
    }
  });

  it("the last line on a symbol wins, and is-not-set clears it, as in Kconfig", () => {
    const last = (text: string): unknown => parseConfigText(text).get("CONFIG_X");
    expect(last("CONFIG_X=y\n# CONFIG_X is not set\n")).toBe("n");
    expect(last("# CONFIG_X is not set\nCONFIG_X=y\n")).toBe("y");
    expect(last("CONFIG_X=1\nCONFIG_X=2\n")).toBe(2);
    expect(last("\uFEFFCONFIG_X=m\r\n")).toBe("m");
    expect(last('CONFIG_X=y\nCONFIG_X="text"\n')).toBeUndefined();
  });
});
