import type { ArchData, Field, Layout, PresentField } from "@ptekit/core";
import {
  checkArch,
  checkLayout,
  defineArch,
  differs,
  dropped,
  either,
  equals,
  exclusive,
  hardware,
  inverted,
  isAboutCitation,
  ones,
  onlyWith,
  otherwise,
  pfn,
  setPteKeeps,
  softDirty,
  software,
  spare,
  swpOffset,
  swpType,
  uffdWp,
  unmasked,
  zeros,
} from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { arm63, armData, modified, refusal } from "./fixture.ts";

const low = [exclusive(7), swpType(6, 2), zeros(1, 0, "P")];
const fields = (...rows: Field[]): Partial<Layout> => ({ fields: rows });
const none = equals(0xffff_ffffn, 0n);
const { citation } = arm63;
const pmd = { present: differs(9n, 0n), citation };
const exception = { property: "every type survives", words: equals(1n, 1n), reason: "so it is", citation };

// What is wrong → the sentence that says so.
const layouts: [sentence: string, wrong: Partial<Layout>][] = [
  ["bits 1:0 are unclaimed", fields(swpOffset(31, 8), exclusive(7), swpType(6, 2))],
  ["bit 7 is unclaimed", fields(swpOffset(31, 8), swpType(6, 2), zeros(1, 0, "P"))],
  ["bit 31 is unclaimed", fields(swpOffset(30, 8), ...low)],
  ["bit 7 is claimed twice", fields(swpOffset(31, 7), ...low)],
  ["bit 7 is claimed twice", fields(swpOffset(31, 7), swpType(7, 2), zeros(1, 0, "P"))],
  ["bits 31:8 are out of order", fields(...low.slice(0, 1), swpOffset(31, 8), ...low.slice(1))],
  ["bit 32 is above the 32 bits of a PTE", fields(swpOffset(32, 8), ...low)],
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
  [
    "present holds of entries that encode writes: its mask 0x00000004 does not tell them",
    { present: differs(4n, 0n) },
  ],
  [
    "present holds of entries that encode writes: its mask 0x00000100 does not tell them",
    { present: equals(0x100n, 0x100n) },
  ],
  [
    "none holds of entries that encode writes: its mask 0x000000ff does not tell them",
    { none: equals(0xffn, 0n) },
  ],
  ["the empty PTE is wider than a PTE", { empty: 1n << 32n }],
  ["the empty PTE is not none", { empty: 0x400n, none }],
  ["the empty PTE is present", { present: equals(1n, 0n) }],
  ["sixthree is not a release", { since: "sixthree" }],
  ["6.40 is not a release", { since: "6.40" }],
  ["elnine is not a release", { backported: [{ release: "elnine-179", vendor: "el9" }] }],
  ['the citation "trust me" names no file or commit with its release', { citation: "trust me" }],
  [
    'the citation "arch/arm/include/asm/pgtable.h" names no file or commit with its release',
    { citation: "arch/arm/include/asm/pgtable.h" },
  ],
  [
    `exception "x": the citation names no file or commit with its release`,
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

// A layout with one mistake has one problem: the sentence, and nothing else.
const alone: [sentence: string, wrong: Partial<Layout>][] = [
  ["bit 0 is unclaimed", fields(swpOffset(31, 8), exclusive(7), swpType(6, 2), zeros(1, 1, "P"))],
  ["bits 31:30 are unclaimed", fields(swpOffset(29, 8), ...low)],
  ["bit 32 is above the 32 bits of a PTE", fields(spare(32, 32), swpOffset(31, 8), ...low)],
  ["bit 2 is claimed twice", fields(swpOffset(31, 8), ...low, spare(2, 2))],
  ["bit 7 is claimed twice", fields(swpOffset(31, 8), ...low.slice(0, 2), spare(7, 7), ...low.slice(2))],
  ["31.5:8 is not a run of bits, highest first", fields(swpOffset(31, 8), spare(31.5, 8), ...low)],
  ["31:8.5 is not a run of bits, highest first", fields(swpOffset(31, 8), spare(31, 8.5), ...low)],
  ["1:-1 is not a run of bits, highest first", fields(swpOffset(31, 8), ...low, spare(1, -1))],
  [
    "bit 7: only type and offset can be split, inverted or unmasked",
    fields(swpOffset(31, 8), { ...exclusive(7), from: 1 }, ...low.slice(1)),
  ],
  [
    "bit 7: only type and offset can be split, inverted or unmasked",
    fields(swpOffset(31, 8), unmasked(exclusive(7)), ...low.slice(1)),
  ],
  ["softDirty has 2 bits", fields(swpOffset(31, 10), softDirty(9), softDirty(8), ...low)],
  ["uffdWp has 2 bits", fields(swpOffset(31, 10), uffdWp(9), uffdWp(8), ...low)],
  ["bits 9:8: a flag is one bit", fields(swpOffset(31, 10), { ...softDirty(8), high: 9 }, ...low)],
  ["bits 9:8: a flag is one bit", fields(swpOffset(31, 10), { ...uffdWp(8), high: 9 }, ...low)],
  ["bit 8: ones says no reason", fields(swpOffset(31, 9), ones(8, 8, ""), ...low)],
  ["bit 8: hardware says no reason", fields(swpOffset(31, 9), hardware(8, 8, ""), ...low)],
  ["bit 8: setPte says no reason", fields(swpOffset(31, 9), setPteKeeps(8, 8, ""), ...low)],
  ["bit 8: dropped says no reason", fields(swpOffset(31, 9), dropped(8, 8, ""), ...low)],
  ["seven is not a release", { until: "seven" }],
  [
    "bit 8: zeros says no reason",
    fields(swpOffset(31, 9), otherwise(softDirty(8, "CONFIG_X"), zeros(8, 8, "")), ...low),
  ],
  [
    "bit 8: what it is otherwise can never be",
    fields(
      swpOffset(31, 9),
      otherwise(softDirty(8, "CONFIG_X"), otherwise(zeros(8, 8, "P"), spare(8, 8))),
      ...low,
    ),
  ],
  [
    "bits 9:8: otherwise it is bits 10:8",
    fields(swpOffset(31, 10), otherwise(onlyWith(zeros(9, 8, "P"), "CONFIG_X"), spare(10, 8)), ...low),
  ],
  [
    "bits 9:8: otherwise it is bit 9",
    fields(swpOffset(31, 10), otherwise(onlyWith(zeros(9, 8, "P"), "CONFIG_X"), spare(9, 9)), ...low),
  ],
  [
    "present: mask 0x100000000 is wider than a PTE",
    { present: either(differs(1n, 0n), equals(1n << 32n, 1n << 32n)) },
  ],
];

describe("checkLayout", () => {
  it("calls a bit unclaimed only where no row above it has it", () => {
    const rows = [exclusive(7), swpOffset(31, 8), ...low.slice(1)];
    expect(checkLayout({ ...arm63, fields: rows })).toEqual([
      "arm 6.3: bits 31:8 are unclaimed",
      "arm 6.3: bits 31:8 are out of order",
    ]);
  });

  it("has no problem with a real layout", () => expect(checkLayout(arm63)).toEqual([]));

  for (const [sentence, wrong] of alone) {
    it(`says only: ${sentence}`, () => {
      expect(checkLayout({ ...arm63, ...wrong })).toEqual([`arm 6.3: ${sentence}`]);
    });
  }

  it("takes every row that says its reason, and spare bits without one", () => {
    const rows = [ones(13, 13, "a"), hardware(12, 12, "b"), setPteKeeps(11, 11, "c"), dropped(10, 10, "d")];
    expect(checkLayout({ ...arm63, ...fields(swpOffset(31, 14), ...rows, spare(9, 8), ...low) })).toEqual([]);
    expect(
      checkLayout({
        ...arm63,
        backported: [{ release: "4.18.1" }, { release: "5.14.0-179", vendor: "el9" }],
      }),
    ).toEqual([]);
  });

  for (const [sentence, wrong] of layouts) {
    it(`says: ${sentence}`, () => {
      expect(checkLayout({ ...arm63, ...wrong })).toContain(`arm 6.3: ${sentence}`);
    });
  }

  it("takes a field split in rows that hold each bit once", () => {
    expect(checkLayout({ ...arm63, ...fields(swpOffset(31, 20, 12), swpOffset(19, 8), ...low) })).toEqual([]);
  });
});

const presentOf = (rows: readonly PresentField[], since = "4.0", citation = arm63.citation) => ({
  present: [{ since, fields: rows, ...modified, citation }],
});

const archs: [sentence: string, wrong: Partial<ArchData>][] = [
  ["arm: present PTE 4.0: bit 0 is unclaimed", presentOf([pfn(31, 1)])],
  ["arm: present PTE 4.0: bit 63 is unclaimed", presentOf([pfn(62, 0)])],
  ["arm: present PTE 4.0: bits 63:33 are unclaimed", presentOf([pfn(32, 0)])],
  ["arm: present PTE four: four is not a release", presentOf([pfn(31, 0)], "four")],
  [
    'arm: present PTE 4.0: the citation "trust me" names no file or commit with its release',
    presentOf([pfn(31, 0)], "4.0", "trust me"),
  ],
  [
    "arm: present stand newest first, but 6.3 stands below 4.0",
    { present: [...presentOf([pfn(31, 0)]).present, ...presentOf([pfn(31, 0)], "6.3").present] },
  ],
  [
    "arm: fast: the citation names no file or commit with its release",
    { cpus: [{ name: "fast", citation: "" }] },
  ],
  [
    "arm: -x: the citation names no file or commit with its release",
    { flavours: [{ suffix: "-x", config: {}, citation: "" }] },
  ],
  [
    "arm: CONFIG_X is a condition, but neither in symbols nor in cpus",
    { flavours: [{ suffix: "-x", config: { CONFIG_X: "y" }, citation: arm63.citation }] },
  ],
  ...(
    [
      { layouts: [{ ...arm63, fields: [spare(63, 32), onlyWith(spare(31, 0), "CONFIG_X")] }] },
      { present: [{ since: "6.3", fields: [software(0, "X", "CONFIG_X")], ...modified, citation }] },
      { pageShift: [{ shift: 12, when: ["CONFIG_X=5"] }] },
      { physBits: [{ bits: 32, when: ["CONFIG_X=5"] }] },
      { maxSwapfilePages: [{ pages: 1n, when: ["CONFIG_X=5"] }] },
      { byteOrder: [{ order: "little", when: ["CONFIG_X=5"] }] },
    ] satisfies Partial<ArchData>[]
  ).map((data): [string, Partial<ArchData>] => [
    "arm: CONFIG_X is a condition, but neither in symbols nor in cpus",
    data,
  ]),
  [
    "arm: CONFIG_X is a condition, but neither in symbols nor in cpus",
    { cpus: [{ name: "fast", when: ["!CONFIG_X"], citation: arm63.citation }] },
  ],
  // Wherever a condition stands: also of a PMD and its rows, of what a row is otherwise, of an exception, of a check.
  ...(
    [
      { layouts: [{ ...arm63, pmd: { ...pmd, when: ["CONFIG_X"] } }] },
      { layouts: [{ ...arm63, pmd: { ...pmd, when: [], fields: [onlyWith(spare(31, 0), "CONFIG_X")] } }] },
      { layouts: [{ ...arm63, fields: [otherwise(spare(31, 0), onlyWith(spare(31, 0), "CONFIG_X"))] }] },
      { layouts: [{ ...arm63, exceptions: [{ ...exception, when: ["!CONFIG_X"] }] }] },
      { typeChecks: [{ when: ["CONFIG_X"], citation }] },
    ] satisfies Partial<ArchData>[]
  ).map((data): [string, Partial<ArchData>] => [
    "arm: CONFIG_X is a condition, but neither in symbols nor in cpus",
    data,
  ]),
  [
    "arm: CONFIG_ARM_LPAE! is a condition, but neither in symbols nor in cpus",
    { layouts: [{ ...arm63, when: ["CONFIG_ARM_LPAE!=3"] }] },
  ],
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
    'arm: CONFIG_MIGRATION: the citation "Kconfig" names no file or commit with its release',
    { symbols: [...armData.symbols, { name: "CONFIG_MIGRATION", default: "y", citation: "Kconfig" }] },
  ],
  [
    "arm: present PTE 4.0: bits 31:0 are unclaimed",
    {
      present: [
        {
          since: "4.0",
          fields: [{ kind: "free", high: 63, low: 32, name: "", from: 0, when: [] }],
          ...modified,
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
          ...modified,
          citation: arm63.citation,
        },
      ],
    },
  ],
];

const uncited = ["", "trust me", "Linux v6.12", "arch/arm/include/asm/pgtable.h"];

describe("a citation", () => {
  it.each(uncited)("is not: %s", (citation) => {
    const problems = checkLayout({ ...arm63, citation });
    const what = citation === "" ? "" : `${JSON.stringify(citation)} `;
    expect(problems).toEqual([`arm 6.3: the citation ${what}names no file or commit with its release`]);
    expect(problems.map(isAboutCitation)).toEqual([true]);
  });

  it("is not what other problems are about", () => {
    expect(isAboutCitation("arm 6.3: bits 1:0 are unclaimed")).toBe(false);
  });
});

describe("checkArch", () => {
  it("has no problem with a real architecture", () => expect(checkArch(armData)).toEqual([]));

  for (const [sentence, wrong] of archs) {
    it(`says: ${sentence}`, () => expect(checkArch({ ...armData, ...wrong })).toContain(sentence));
  }

  it("takes the symbols of the swap types and CPU features as conditions, negated or compared", () => {
    const when = ["!fast", "CONFIG_MEMORY_FAILURE", "CONFIG_ARM_LPAE=n"];
    const cpus = [{ name: "fast", citation: arm63.citation }];
    expect(checkArch({ ...armData, cpus, physBits: [{ bits: 32, when }] })).toEqual([]);
  });

  it("takes rows of one release in any order, and does not order what is no release", () => {
    const twin = { ...arm63, id: "arm 6.3 twin" };
    expect(checkArch({ ...armData, layouts: [arm63, twin] })).toEqual([]);
    const none = { ...arm63, id: "arm x", since: "x" };
    expect(checkArch({ ...armData, layouts: [arm63, none, twin] }).join()).not.toContain("newest first");
  });

  it("takes a condition that is undefined for none", () => {
    const open = { shift: 12, when: undefined };
    expect(checkArch({ ...armData, pageShift: [open as never] })).toEqual([]);
  });

  it("says each thing once", () => {
    const when = ["CONFIG_X"];
    const twice = { ...armData, pageShift: [{ shift: 12, when }], physBits: [{ bits: 32, when }] };
    expect(checkArch(twice)).toEqual(["arm: CONFIG_X is a condition, but neither in symbols nor in cpus"]);
    const three = { ...armData, layouts: [arm63, arm63, arm63] };
    expect(checkArch(three)).toEqual(["arm 6.3 is the id of more than one layout"]);
  });

  it("defineArch lets an unfinished architecture be without citations, and no other", () => {
    const wrong = { ...armData, layouts: [{ ...arm63, citation: "" }] };
    expect(refusal(() => defineArch({ ...wrong, unfinished: [] }))).toMatch(/^BAD_LAYOUT/);
    expect(defineArch({ ...wrong, unfinished: ["cite it"] }).layouts).toHaveLength(1);
    const worse = { ...wrong, layouts: [{ ...arm63, citation: "", since: "x" }], unfinished: ["cite it"] };
    expect(refusal(() => defineArch(worse))).toBe("BAD_LAYOUT: arm 6.3: x is not a release");
  });

  it("defineArch refuses with every problem, in sentences", () => {
    const wrong = { ...arm63, citation: "", fields: [swpOffset(31, 8), exclusive(7), swpType(6, 2)] };
    expect(refusal(() => defineArch({ ...armData, layouts: [wrong] }))).toBe(
      "BAD_LAYOUT: arm 6.3: bits 1:0 are unclaimed; arm 6.3: the citation names no file or commit with its release",
    );
  });
});
