import type { ArchData, Field, Layout } from "@ptekit/core";
import {
  checkArch,
  checkLayout,
  defineArch,
  differs,
  equals,
  exclusive,
  inverted,
  spare,
  swpOffset,
  swpType,
  zeros,
} from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { arm63, armData, refusal } from "./fixture.js";

const low = [exclusive(7), swpType(6, 2), zeros(1, 0, "P")];
const fields = (...rows: Field[]): Partial<Layout> => ({ fields: rows });
const none = equals(0xffff_ffffn, 0n);

// What is wrong → the sentence that says so.
const layouts: [sentence: string, wrong: Partial<Layout>][] = [
  ["bits 1:0 are unclaimed", fields(swpOffset(31, 8), exclusive(7), swpType(6, 2))],
  ["bit 7 is unclaimed", fields(swpOffset(31, 8), swpType(6, 2), zeros(1, 0, "P"))],
  ["bit 31 is unclaimed", fields(swpOffset(30, 8), ...low)],
  ["bit 7 is claimed twice", fields(swpOffset(31, 7), ...low)],
  ["bits 7:2 are claimed twice", fields(swpOffset(31, 7), swpType(7, 2), zeros(1, 0, "P"))],
  ["bits 31:8 are out of order", fields(...low.slice(0, 1), swpOffset(31, 8), ...low.slice(1))],
  ["bits 32:8 are above the 32 bits of a PTE", fields(swpOffset(32, 8), ...low)],
  ["8:31 is not a run of bits, highest first", fields(swpOffset(8, 31), ...low)],
  ["swpType is missing", fields(swpOffset(31, 8), exclusive(7), spare(6, 2), zeros(1, 0, "P"))],
  ["swpOffset is missing", fields(spare(31, 8), ...low)],
  [
    "swpOffset: the rows do not hold each bit of the value once",
    fields(swpOffset(31, 20, 11), swpOffset(19, 8), ...low),
  ],
  [
    "swpOffset: the rows do not hold each bit of the value once",
    fields(swpOffset(31, 20, 13), swpOffset(19, 8), ...low),
  ],
  [
    "bit 7: only type and offset can be split, inverted or unmasked",
    fields(swpOffset(31, 8), inverted(exclusive(7)), swpType(6, 2), zeros(1, 0, "P")),
  ],
  [
    "bits 8:7: a flag is one bit",
    fields(swpOffset(31, 9), { ...exclusive(7), high: 8 }, swpType(6, 2), zeros(1, 0, "P")),
  ],
  ["exclusive has 2 bits", fields(swpOffset(31, 9), exclusive(8), ...low)],
  ["bits 1:0: zeros says no reason", fields(swpOffset(31, 8), exclusive(7), swpType(6, 2), zeros(1, 0, ""))],
  ["present: mask 0x100000001 is wider than a PTE", { present: differs(0x1_0000_0001n, 0n) }],
  ["none: value 0x3 has bits outside the mask", { none: equals(1n, 3n) }],
  ["the empty PTE is wider than a PTE", { empty: 1n << 32n }],
  ["the empty PTE is not none", { empty: 0x400n, none }],
  ["the empty PTE is present", { present: equals(1n, 0n) }],
  ["sixthree is not a release", { since: "sixthree" }],
  ["6.40 is not a release", { since: "6.40" }],
  ["elnine is not a release", { backported: [{ release: "elnine-179", vendor: "el9" }] }],
  ["the citation names no file or commit with its release", { citation: "trust me" }],
  ["the citation names no file or commit with its release", { citation: "arch/arm/include/asm/pgtable.h" }],
  [
    `the citation of exception "x" names no file or commit with its release`,
    { exceptions: [{ property: "x", words: none, reason: "because", citation: "" }] },
  ],
  [
    `exception "x": mask 0x100000000 is wider than a PTE`,
    {
      exceptions: [
        { property: "x", words: equals(1n << 32n, 0n), reason: "because", citation: arm63.citation },
      ],
    },
  ],
];

describe("checkLayout", () => {
  it("has no problem with a real layout", () => expect(checkLayout(arm63)).toEqual([]));

  for (const [sentence, wrong] of layouts) {
    it(`says: ${sentence}`, () => {
      expect(checkLayout({ ...arm63, ...wrong })).toContain(`arm 6.3: ${sentence}`);
    });
  }

  it("takes a field split in rows that hold each bit once", () => {
    expect(checkLayout({ ...arm63, ...fields(swpOffset(31, 20, 12), swpOffset(19, 8), ...low) })).toEqual([]);
  });
});

const archs: [sentence: string, wrong: Partial<ArchData>][] = [
  ["arm: there is no layout", { layouts: [] }],
  ["arm 6.3 is the id of more than one layout", { layouts: [arm63, arm63] }],
  ["arm: mips 6.3: an id begins with arm", { layouts: [{ ...arm63, id: "mips 6.3" }] }],
  [
    "arm: layouts stand newest first, but 6.3 stands below 4.0",
    { layouts: [{ ...arm63, id: "arm 4.0", since: "4.0" }, arm63] },
  ],
  [
    "arm: CONFIG_ARM_LPEA is a condition, but neither in symbols nor in cpus",
    { layouts: [{ ...arm63, when: ["!CONFIG_ARM_LPEA"] }] },
  ],
  [
    "arm: lpa3 is a condition, but neither in symbols nor in cpus",
    { physBits: [{ bits: 40, when: ["lpa3"] }] },
  ],
  [
    "arm: CONFIG_MIGRATION: the citation names no file or commit with its release",
    { symbols: [...armData.symbols, { name: "CONFIG_MIGRATION", default: "y", citation: "Kconfig" }] },
  ],
  [
    "arm: present PTE 4.0: bits 31:0 are unclaimed",
    {
      present: [
        {
          since: "4.0",
          fields: [{ kind: "free", high: 63, low: 32, name: "", from: 0, when: [] }],
          citation: arm63.citation,
        },
      ],
    },
  ],
  [
    "arm: present PTE 4.0: pfn: the rows do not hold each bit of the value once",
    {
      present: [
        {
          since: "4.0",
          fields: [{ kind: "pfn", high: 31, low: 0, name: "", from: 1, when: [] }],
          citation: arm63.citation,
        },
      ],
    },
  ],
];

describe("checkArch", () => {
  it("has no problem with a real architecture", () => expect(checkArch(armData)).toEqual([]));

  for (const [sentence, wrong] of archs) {
    it(`says: ${sentence}`, () => expect(checkArch({ ...armData, ...wrong })).toContain(sentence));
  }

  it("defineArch refuses with every problem, in sentences", () => {
    const wrong = { ...arm63, citation: "", fields: [swpOffset(31, 8), exclusive(7), swpType(6, 2)] };
    expect(refusal(() => defineArch({ ...armData, layouts: [wrong] }))).toBe(
      "BAD_LAYOUT: arm 6.3: bits 1:0 are unclaimed; arm 6.3: the citation names no file or commit with its release",
    );
  });
});
