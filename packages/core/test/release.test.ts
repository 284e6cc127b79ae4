import { atLeast, parseRelease } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { refusal, untyped } from "./fixture.ts";

// text → numbers, vendor, between. The forms of real `uname -r` answers.
const forms: [text: string, numbers: number[], vendor: string | null, between: boolean][] = [
  ["6.12", [6, 12], null, false],
  ["v6.12", [6, 12], null, false],
  [" 6.12\n", [6, 12], null, false],
  ["6.1.192", [6, 1, 192], null, false],
  ["6.1.0-50-amd64", [6, 1, 0], null, false],
  ["7.2.13+deb14-amd64", [7, 2, 13], null, false],
  ["7.2.13+deb14-arm64-16k", [7, 2, 13], null, false],
  ["5.14.0-427.el9.x86_64", [5, 14, 0], "el9 427", false],
  ["5.14.0-427.13.1.el9_4.x86_64", [5, 14, 0], "el9 427.13.1", false],
  ["4.18.0-553.el8_10.x86_64", [4, 18, 0], "el8 553", false],
  ["4.12.14-5.5-default", [4, 12, 14], "suse 5.5", false],
  ["4.12.14-122.37-default", [4, 12, 14], "suse 122.37", false],
  ["4.12.14-122-default", [4, 12, 14], "suse 122", false],
  ["6.12.0-55.9.1.el10_0.x86_64", [6, 12, 0], "el10 55.9.1", false],
  // A vendor's build stands right after the version, and SUSE's string ends with its flavour.
  ["5.14.0+x-427.el9.x86_64", [5, 14, 0], null, false],
  ["4.12.14+x-5.5-default", [4, 12, 14], null, false],
  ["4.12.14-5.5-default-x", [4, 12, 14], null, false],
  ["2.6.32.71", [2, 6, 32, 71], null, false],
  ["2.6.32.5", [2, 6, 32, 5], null, false],
  ["2.6.32-5-amd64", [2, 6, 32], null, false],
  ["6.0.0-rc1-v8", [6, 0, 0], null, false],
  ["6.10.0-rc2+", [6, 10, 0], null, false],
  ["6.12-rc1", [6, 12], null, false],
  ["4.1.8-v7+", [4, 1, 8], null, false],
  ["5.18.0-rc1-next-20220411", [5, 18, 0], null, true],
  ["6.17.0-rc4-mm1", [6, 17, 0], null, true],
  ["6.17.0-mm-new", [6, 17, 0], null, true],
  ["5.6.0-11490-gf45ec5ff16a75", [5, 6, 0], null, true],
  ["5.6.0-10033-generic", [5, 6, 0], null, false],
  ["10.2", [10, 2], null, false],
];

describe("release", () => {
  for (const [text, numbers, vendor, between] of forms) {
    it(`${JSON.stringify(text)} is ${numbers.join(".")}`, () => {
      const release = parseRelease(text);
      expect(release.numbers).toEqual(numbers);
      expect(release.vendor && `${release.vendor.name} ${release.vendor.build.join(".")}`).toBe(vendor);
      expect(release.between).toBe(between);
    });
  }

  for (const text of [
    "",
    "6",
    "six",
    "latest",
    "6.",
    "6.12.",
    "6..1",
    "6.1.2.3.4",
    "-6.1",
    "6.12garbage",
    "6.12garbage-1",
    "6.12 x",
  ]) {
    it(`${JSON.stringify(text)} is refused by name`, () => {
      expect(refusal(() => parseRelease(text))).toMatch(
        `UNKNOWN_RELEASE: ${JSON.stringify(text)} is not a kernel release`,
      );
    });
  }

  it("a number, null and an object are refused by name", () => {
    expect(parseRelease(" 6.12\n").text).toBe("6.12");
    expect(refusal(() => parseRelease(untyped(6n)))).toMatch(/^UNKNOWN_RELEASE: 6 is not a kernel release/);
    for (const value of [6.12, null, undefined, {}]) {
      expect(refusal(() => parseRelease(untyped(value)))).toMatch(/^UNKNOWN_RELEASE: /);
    }
  });

  it("releases that never were are refused: each series has its last", () => {
    for (const [text, last] of [
      ["2.6.40", "2.6.39"],
      ["2.7", "2.6.39"],
      ["3.20", "3.19"],
      ["4.21", "4.20"],
      ["5.20.1-amd64", "5.19"],
      ["6.120", "6.19"],
    ] as const) {
      expect(refusal(() => parseRelease(text))).toBe(
        `UNKNOWN_RELEASE: there is no ${JSON.stringify(text)}: that series ends with ${last}`,
      );
    }
    for (const text of ["2.6.39.4", "3.19.8", "4.20.17", "5.19.17", "6.19.1", "7.0"]) parseRelease(text);
  });

  it("numbers are compared as numbers, not as text", () => {
    expect(atLeast(parseRelease("6.12"), "6.3")).toBe(true);
    expect(atLeast(parseRelease("6.3"), "6.12")).toBe(false);
    expect(atLeast(parseRelease("6.3.0-1-armmp"), "6.3")).toBe(true);
    expect(atLeast(parseRelease("6.3-rc1"), "6.3")).toBe(true);
    expect(atLeast(parseRelease("6.2.16"), "6.3")).toBe(false);
    expect(atLeast(parseRelease("2.6.32.5"), "2.6.29")).toBe(true);
    expect(atLeast(parseRelease("2.6.32.5"), "4.0")).toBe(false);
    expect(atLeast(parseRelease("7.0"), "6.19")).toBe(true);
  });
});
