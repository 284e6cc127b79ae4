// Authors write JavaScript too: what no compiler looked at is refused in sentences, whatever is wrong with it.
import {
  type ArchData,
  checkArch,
  checkLayout,
  decodeOnly,
  defineArch,
  differs,
  either,
  encodeOnly,
  equals,
  exclusive,
  inverted,
  onlyWith,
  otherwise,
  PtekitError,
  setPteSets,
  spare,
  swpOffset,
  swpType,
  unmasked,
  zeros,
} from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { arm, arm63, armData, CITATION, modified, refusal, untyped, x86 } from "./fixture.ts";

const low = arm63.fields.slice(1);
const withFields = (...fields: unknown[]) => checkLayout({ ...arm63, fields: untyped(fields) });

describe("a layout", () => {
  const wrong: [sentence: string, more: object][] = [
    ["a PTE has 32 or 64 bits here, not 128", { pteBits: 128 }],
    ['a PTE has 32 or 64 bits here, not "64"', { pteBits: "64" }],
    ["longBits is 32 or 64, not the number 16", { longBits: 16 }],
    ["since is a text, not the number 6.3", { since: 6.3 }],
    ["since is missing", { since: undefined }],
    ["fields is missing", { fields: undefined }],
    ["fields is a list, not an object", { fields: {} }],
    ["empty is a bigint (0x7fn), not the number 0", { empty: 0 }],
    ["present: one term, or either of two, not 0", { present: [] }],
    ["present: one term, or either of two, not 3", { present: Array(3).fill(equals(1n, 0n)[0]) }],
    ["none[0]: mask is a bigint (0x7fn), not the number 1", { none: [{ mask: 1, op: "==", value: 0n }] }],
    ['none[0]: op is == or !=, not "<"', { none: [{ mask: 1n, op: "<", value: 0n }] }],
    ["when[0] is a text, not the number 1", { when: [1] }],
    ['lowWordFirst is true or false, not "yes"', { lowWordFirst: "yes" }],
    ['byteOrder is little or big, not "middle"', { byteOrder: "middle" }],
    ["copies is a whole number from 1 to 64 (PTEs that say the same), not the number 1.5", { copies: 1.5 }],
    ["backported[0]: release is missing", { backported: [{ vendor: "el9" }] }],
    [
      'exception "x": reason is missing',
      { exceptions: [{ property: "x", words: arm63.none, citation: CITATION }] },
    ],
    ["pmd: when is missing", { pmd: { present: arm63.present, citation: CITATION } }],
    ["pmd is an object, not null", { pmd: null }],
  ];

  it.each(wrong)("says: %s", (sentence, more) => {
    const said = checkLayout({ ...arm63, ...more });
    expect(said).toEqual([`arm 6.3: ${sentence.replace("present: one", "present is one")}`]);
  });

  it("has no keys but its own, and says which those are", () => {
    const { pteBits, ...rest } = arm63;
    expect(checkLayout(untyped({ ...rest, pteBit: pteBits }))).toEqual([
      expect.stringMatching(
        /^arm 6.3: a layout has id, since, .*, pteBits, .*, not pteBit; did you mean pteBits\?$/,
      ),
      "arm 6.3: a PTE has 32 or 64 bits here, not undefined",
    ]);
  });

  it.each([undefined, null, 5, "arm", [], () => 0])("is an object, not %s", (value) => {
    expect(checkLayout(untyped(value))).toEqual([
      expect.stringMatching(/^a layout is (missing|an object, not )/),
    ]);
  });

  it("without an id is named by what it lacks", () => {
    expect(checkLayout(untyped({}))).toContain("a layout: id is missing");
  });
});

describe("a row", () => {
  it("is of a known kind, and has known keys", () => {
    expect(withFields(swpOffset(31, 8), { ...exclusive(7), kind: "young" }, ...low.slice(1))).toEqual([
      'arm 6.3: bit 7: a row is swpType, swpOffset, exclusive, softDirty, uffdWp, zeros, ones, hardware, setPte, dropped, spare, not "young"',
    ]);
    expect(withFields(swpOffset(31, 8), { ...exclusive(7), invert: true }, ...low.slice(1))).toEqual([
      expect.stringMatching(
        /^arm 6.3: bit 7: a row has kind, high, .*, not invert; did you mean inverted\?$/,
      ),
    ]);
    expect(withFields(swpOffset(31, 8), "exclusive", ...low.slice(1))).toEqual([
      'arm 6.3: fields[1] is an object, not "exclusive"',
    ]);
    expect(withFields(swpOffset(31, 8), { kind: "spare" }, ...low.slice(1))).toContain(
      "arm 6.3: fields[1]: high is the number of a bit, not undefined",
    );
  });

  it("that is another without a symbol is checked in the same way", () => {
    const other = { ...spare(7, 7), kind: "young" };
    const row = { ...onlyWith(exclusive(7), "CONFIG_X"), otherwise: other };
    expect(withFields(swpOffset(31, 8), row, ...low.slice(1))).toEqual([
      expect.stringMatching(/^arm 6.3: bit 7: bit 7: a row is .*, not "young"$/),
    ]);
  });

  it("of constants or spare bits is not read or written alone, and only set_pte() stores", () => {
    expect(withFields(swpOffset(31, 8), decodeOnly(spare(7, 7), "x"), ...low.slice(1))).toEqual([
      "arm 6.3: bit 7: only type, offset and flags can be read or written alone",
    ]);
    for (const row of [
      { ...spare(7, 7), stored: "set" },
      { ...setPteSets(7, 7, "x"), stored: undefined },
    ]) {
      expect(withFields(swpOffset(31, 8), row, ...low.slice(1))).toEqual([
        "arm 6.3: bit 7: a setPte row, and no other, says what is stored",
      ]);
    }
  });
});

describe("what encode takes comes back", () => {
  const back = "what encode takes would not come back";
  const cases: [sentence: string, ...rows: unknown[]][] = [
    [
      `bit 8: only read, below bits of the swpOffset that are written: ${back}`,
      swpOffset(31, 9, 1),
      decodeOnly(swpOffset(8, 8), "x"),
      ...low,
    ],
    [
      "bit 31: written and never read: no swpOffset that encode takes would come back",
      encodeOnly(swpOffset(31, 31, 22), "x"),
      swpOffset(30, 9),
      spare(8, 8),
      ...low,
    ],
    [
      "bits 15:8: not masked, below other rows of the swpOffset: their bits of it would leak over those above",
      swpOffset(31, 24, 8),
      spare(23, 16),
      unmasked(inverted(swpOffset(15, 8))),
      ...low,
    ],
    [
      "swpType: no row of it is written",
      swpOffset(31, 8),
      exclusive(7),
      decodeOnly(swpType(6, 2), "x"),
      zeros(1, 0, "x"),
    ],
  ];

  it.each(cases)("or the layout is refused: %s", (sentence, ...rows) => {
    expect(withFields(...rows)).toEqual([`arm 6.3: ${sentence}`]);
  });

  it("or the layout names the words of which a real kernel loses a part", () => {
    const rows = [encodeOnly(swpOffset(31, 31, 22), "x"), swpOffset(30, 9), spare(8, 8), ...low];
    const words = equals(1n << 31n, 1n << 31n);
    const lost = { property: "every offset bit survives", words, reason: "a bug", citation: CITATION };
    expect(checkLayout({ ...arm63, fields: rows, exceptions: [lost] })).toEqual([]);
    const other = { ...lost, property: "spare bits are spare" };
    expect(checkLayout({ ...arm63, fields: rows, exceptions: [other] })).toHaveLength(1);
  });

  it("what is only read above the written bits is taken, and the highest row may leak", () => {
    const above = [decodeOnly(swpOffset(31, 24, 16), "x"), unmasked(swpOffset(23, 16, 8)), swpOffset(15, 8)];
    expect(withFields(...above, ...low)).toEqual([]);
  });
});

describe("defineArch", () => {
  const wrong: unknown[] = [undefined, null, 5, "arm", [], {}, () => 0, { name: "x" }, { layouts: [{}] }];

  it.each(wrong)("refuses %j with a PtekitError", (data) => {
    expect(() => defineArch(untyped(data))).toThrow(PtekitError);
    expect(refusal(() => defineArch(untyped(data)))).toMatch(/^BAD_LAYOUT: /);
    expect(checkArch(untyped(data)).length).toBeGreaterThan(0);
  });

  it("names what is missing", () => {
    expect(refusal(() => defineArch(untyped({})))).toMatch(
      /^BAD_LAYOUT: an architecture: name is missing; an architecture: title is missing; .*layouts is missing/,
    );
  });

  const keys: [sentence: RegExp, more: object][] = [
    [/^arm: an architecture has name, .*, not cpu; did you mean cpus\?$/, { cpu: [] }],
    [
      /^arm: CONFIG_X: a symbol has name, default, .*, not sinse/,
      {
        symbols: [{ name: "CONFIG_X", default: "y", sinse: "6.1", citation: CITATION }],
      },
    ],
    [
      /^arm: CONFIG_X: default is "y", "n" or a number, not "m"$/,
      {
        symbols: [{ name: "CONFIG_X", default: "m", citation: CITATION }],
      },
    ],
    [
      /^arm: fast: a CPU feature has .*, not level/,
      { cpus: [{ name: "fast", level: 5, citation: CITATION }] },
    ],
    [
      /^arm: -x: config: CONFIG_ARM_LPAE is "y", "n" or a number, not true$/,
      {
        flavours: [{ suffix: "-x", config: { CONFIG_ARM_LPAE: true }, citation: CITATION }],
      },
    ],
    [/^arm: pageShift\[0\]: a row of pageShift has .*, not bits$/, { pageShift: [{ shift: 12, bits: 12 }] }],
    [/^arm: byteOrder\[0\]: order is little or big, not "mixed"$/, { byteOrder: [{ order: "mixed" }] }],
    [/^arm: removed: in is missing$/, { removed: { citation: CITATION } }],
    [
      /^arm: present PTE 4.0: bits 31:0: a row is pfn, .*, not "spare"$/,
      {
        present: [
          {
            since: "4.0",
            fields: [{ kind: "spare", high: 31, low: 0, from: 0, name: "", when: [] }],
            ...modified,
            citation: CITATION,
          },
        ],
      },
    ],
    [
      /^arm 6.3: a layout has .*, not pteBit; did you mean pteBits\?$/,
      { layouts: [{ ...arm63, pteBit: 32 }] },
    ],
    [
      /^arm: pageShift\[0\]: the citation "page.h" names no file/,
      { pageShift: [{ shift: 12, citation: "page.h" }] },
    ],
  ];

  it.each(keys)("says: %s", (sentence, more) => {
    const said = checkArch(untyped<ArchData>({ ...armData, ...more }));
    expect(said).toEqual([expect.stringMatching(sentence)]);
    expect(refusal(() => defineArch(untyped({ ...armData, ...more })))).toMatch(/^BAD_LAYOUT: /);
  });

  it("takes an architecture again, with what was changed of it", () => {
    const again = defineArch({ ...arm, title: "Arm" });
    expect(again.for({ release: "6.12" }).layout).toEqual(arm.for({ release: "6.12" }).layout);
  });
});

describe("the words of a layout refuse what they cannot mean", () => {
  it("either() joins two terms, and loses none", () => {
    const [a, b, c] = [differs(1n, 0n), differs(2n, 0n), equals(4n, 4n)];
    expect(either(a, c)).toEqual([...a, ...c]);
    for (const three of [() => either(untyped(either(a, b)), c), () => either(c, untyped(either(a, b)))]) {
      expect(refusal(three)).toBe(
        "BAD_ARGUMENT: either() joins two predicates of one term, not a predicate of 2 terms",
      );
    }
    expect(refusal(() => either(a, untyped(undefined)))).toBe(
      "BAD_ARGUMENT: either() joins two predicates of one term, not undefined",
    );
    // @ts-expect-error An OR of three does not compile.
    expect(() => either(either(a, b), c)).toThrow(PtekitError);
  });

  it.each<[string, () => unknown]>([
    ["equals() takes bigints (0x7fn), not the number 1", () => equals(untyped(1), 0n)],
    ["differs() takes bigints (0x7fn), not undefined", () => differs(1n, untyped(undefined))],
    ['swpType: a bit is a number, not "6"', () => swpType(untyped("6"), 2)],
    ["swpOffset: a bit is a number, not the bigint 0n", () => swpOffset(31, 8, untyped(0n))],
    ["exclusive: a bit is a number, not undefined", () => exclusive(untyped(undefined))],
    ["inverted() takes a row of a layout, not undefined", () => inverted(untyped(undefined))],
    ["unmasked() takes a row of a layout, not the number 5", () => unmasked(untyped(5))],
    ["decodeOnly() takes a row of a layout, not an object", () => decodeOnly(untyped({}), "x")],
    ["encodeOnly() takes a row of a layout, not null", () => encodeOnly(untyped(null), "x")],
    ['onlyWith() takes a row of a layout, not "x"', () => onlyWith(untyped("x"))],
    ["otherwise() takes a row of a layout, not an array", () => otherwise(spare(1, 0), untyped([]))],
  ])("%s", (sentence, wrong) => expect(refusal(wrong)).toBe(`BAD_ARGUMENT: ${sentence}`));
});

it.each([
  [
    { pageShift: [{ shift: 130 }] },
    "whole number from 12 to 20 (PAGE_SHIFT: pages of 4K to 1M), not the number 130",
  ],
  [
    { pageShift: [{ shift: 11 }] },
    "whole number from 12 to 20 (PAGE_SHIFT: pages of 4K to 1M), not the number 11",
  ],
  [{ physBits: [{ bits: 480 }] }, "whole number from 24 to 64 (of a physical address), not the number 480"],
  [{ physBits: [{ bits: 0 }] }, "whole number from 24 to 64 (of a physical address), not the number 0"],
])("a number that no kernel has is refused with its limits: %o", (wrong, sentence) => {
  const { for: _for, ...data } = x86;
  expect(checkArch({ ...data, ...wrong }).join()).toContain(sentence);
  expect(() => defineArch({ ...data, ...wrong })).toThrow(sentence);
});
