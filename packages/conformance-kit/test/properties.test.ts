import { properties, runArchProperties, runProperties, subjectsOf } from "@ptekit/conformance-kit";
import type { ArchBackend, Layout, SwapEntry } from "@ptekit/core";
import {
  decodeOnly,
  defineArch,
  differs,
  encodeOnly,
  equals,
  exclusive,
  inverted,
  ones,
  PtekitError,
  spare,
  swpOffset,
  swpType,
  uffdWp,
  unmasked,
  zeros,
} from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { arm64, broken, data, layout, lie, loose } from "./fixture.ts";

/** The properties that a backend fails, of those with a name, or of all. */
const failing = (backend: ArchBackend, name?: string): string[] =>
  runProperties(
    backend,
    properties.filter((property) => name === undefined || property.name === name),
  ).flatMap(({ property, failed }) => (failed > 0 ? [property] : []));

const sentences = (backend: ArchBackend, name = "what encode writes is neither none nor present"): string =>
  runProperties(
    backend,
    properties.filter((property) => property.name === name),
  )
    .flatMap(({ failures }) => failures)
    .join("\n");

const present11 = zeros(11, 11, "P");
const low = [uffdWp(3), exclusive(2), zeros(1, 0, "P")];
const real = broken({});

/** A way in which a layout can be wrong, and the property that guards against it. */
const wrong: [what: string, property: string, change: Partial<Layout>][] = [
  [
    "a bit that nothing claims",
    "every bit is claimed once",
    { fields: [spare(63, 62), swpOffset(61, 12), swpType(10, 6), spare(5, 4), ...low] },
  ],
  ["no citation", "every layout cites its source", { citation: "somewhere" }],
  [
    "a type of four bits",
    "all 32 types fit",
    { fields: [spare(63, 62), swpOffset(61, 12), present11, swpType(10, 7), spare(6, 4), ...low] },
  ],
  [
    "a type shifted into the offset",
    "every type survives",
    { fields: [spare(63, 62), swpOffset(61, 12), swpType(12, 8), spare(7, 4), ...low] },
  ],
  [
    "an offset split wrongly",
    "every offset bit survives",
    {
      fields: [
        spare(63, 62),
        swpOffset(61, 37, 24),
        swpOffset(36, 12),
        present11,
        swpType(10, 6),
        spare(5, 4),
        ...low,
      ],
    },
  ],
  [
    "a flag over a field",
    "flags leave type and offset alone",
    {
      fields: [
        spare(63, 62),
        swpOffset(61, 12),
        present11,
        swpType(10, 6),
        spare(5, 4),
        uffdWp(6),
        ...low.slice(1),
      ],
    },
  ],
  [
    "a present predicate that reads the type",
    "what encode writes is neither none nor present",
    { present: differs(0x841n, 0n) },
  ],
  [
    "a none predicate that ignores the offset",
    "what encode writes is neither none nor present",
    { none: equals(0xfffn, 0n) },
  ],
  [
    "a bit of the offset that encode writes where decode does not read",
    "what encode writes encodes back",
    {
      fields: [
        spare(63, 62),
        encodeOnly(swpOffset(61, 61, 49), "x"),
        swpOffset(60, 12),
        ...layout.fields.slice(2),
      ],
    },
  ],
  ["a spare bit that pte_present() reads", "spare bits are spare", { present: differs(0x811n, 0n) }],
  [
    "a spare bit that is a flag",
    "spare bits are spare",
    { fields: [spare(63, 62), ...layout.fields.slice(1, -3), spare(3, 3), exclusive(3), ...low.slice(-1)] },
  ],
];

describe("properties", () => {
  it("all hold for the real layout", () => expect(failing(real)).toEqual([]));

  for (const [what, property, change] of wrong) {
    it(`"${property}" fails on ${what}`, () => {
      expect(failing(broken(change), property)).toEqual([property]);
    });
  }

  it("failures name the word and what was read", () => {
    expect(sentences(broken({ present: differs(0x841n, 0n) }))).toMatch(
      /^0x[0-9a-f]{16}: type \d+, offset 0x[0-9a-f]+ is present$/m,
    );
  });

  // Verbs written by hand that do not do what the layout says.
  const lies: [what: string, property: string, verbs: Partial<ArchBackend>][] = [
    [
      "decode that is off by one",
      "the verbs agree with the layout",
      { decode: (pte) => lie({ ...real.decode(pte), swpEntry: (loose(real, pte).swpEntry ?? 0n) ^ 1n }) },
    ],
    [
      "decode that misses a flag",
      "flags leave type and offset alone",
      { decode: (pte) => ({ ...real.decode(pte), uffdWp: false }) },
    ],
    [
      "encode that drops the top bit of the type",
      "every type survives",
      { encode: (entry: SwapEntry, options) => real.encode({ ...entry, type: entry.type & 15 }, options) },
    ],
    [
      "encode that truncates what it should refuse",
      "out-of-range values are refused",
      { encode: (entry) => real.encode(entry, { overflow: "truncate" }) },
    ],
    [
      "decode that takes any word",
      "out-of-range values are refused",
      { decode: (pte) => real.decode(BigInt.asUintN(64, pte)) },
    ],
    [
      "toSwpEntry that leaves the flags in",
      "the verbs agree with the layout",
      { toSwpEntry: (pte) => real.toSwpEntry(pte) | (pte & 4n) },
    ],
    [
      "fromSwpEntry that sets a flag",
      "what encode writes encodes back",
      { fromSwpEntry: (entry) => real.fromSwpEntry(entry) | 8n },
    ],
    [
      "toBytes in the wrong order",
      "bytes in memory come back",
      { toBytes: (pte) => real.toBytes(pte).reverse() },
    ],
    [
      "isSpecialPte that knows none",
      "special PTEs are neither none nor present and name no swap slot",
      { isSpecialPte: () => false },
    ],
    [
      "specialPte that is a swap slot",
      "special PTEs are neither none nor present and name no swap slot",
      { specialPte: () => 0x12340c0n },
    ],
    [
      "spareBits that names bit 6",
      "spare bits are spare",
      { spareBits: () => ({ ...real.spareBits(), free: [6] }) },
    ],
    [
      "decode that reads a none PTE as swap",
      "the verbs agree with the layout",
      { decode: (pte) => lie({ ...real.decode(pte), kind: "swap" }) },
    ],
    [
      "decode that never reads a PTE as present",
      "the verbs agree with the layout",
      { decode: (pte) => (real.decode(pte).kind === "present" ? real.decode(0n) : real.decode(pte)) },
    ],
    [
      "decode that takes one flag for another",
      "the verbs agree with the layout",
      {
        decode: (pte) => {
          const { exclusive: uffdWp = false, uffdWp: exclusive = false, ...rest } = loose(real, pte);
          return lie({ ...rest, exclusive, uffdWp });
        },
      },
    ],
    [
      "encode that does not leak where the layout does",
      "the verbs agree with the layout",
      {
        encode: (entry: SwapEntry, options) =>
          real.encode({ ...entry, offset: BigInt.asUintN(50, entry.offset) }, options),
      },
    ],
    [
      "encode that keeps the flags and loses the type with them",
      "flags leave type and offset alone",
      {
        encode: (entry: SwapEntry, options) =>
          real.encode(entry.uffdWp ? { ...entry, type: 0 } : entry, options),
      },
    ],
    [
      "encode that loses the offset with all flags set",
      "flags leave type and offset alone",
      {
        encode: (entry: SwapEntry, options) =>
          real.encode(entry.uffdWp && entry.exclusive ? { ...entry, offset: 1n } : entry, options),
      },
    ],
    [
      "encode that cannot write the largest offset",
      "every type survives",
      {
        encode: (entry: SwapEntry, options) =>
          real.encode(entry.offset === real.maxOffset ? { ...entry, offset: 1n } : entry, options),
      },
    ],
    [
      "marker that reads as another",
      "special PTEs are neither none nor present and name no swap slot",
      { decode: (pte) => ({ ...real.decode(pte), ...(pte === 0x17c0n && { markers: ["poisoned"] }) }) },
    ],
    [
      "isSpecialPte that knows no markers",
      "special PTEs are neither none nor present and name no swap slot",
      { isSpecialPte: (pte, options) => options.by === "bit" && real.isSpecialPte(pte, options) },
    ],
    [
      "isSpecialPte that knows no bits",
      "special PTEs are neither none nor present and name no swap slot",
      { isSpecialPte: (pte, options) => options.by !== "bit" && real.isSpecialPte(pte, options) },
    ],
    [
      "specialPte by bit that is a present PTE",
      "special PTEs are neither none nor present and name no swap slot",
      {
        specialPte: (marker, options) => real.specialPte(marker, options) | (options.by === "bit" ? 1n : 0n),
        isSpecialPte: () => true,
      },
    ],
    [
      "specialPte by bit with another bit set",
      "special PTEs are neither none nor present and name no swap slot",
      {
        specialPte: (marker, options) =>
          real.specialPte(marker, options) | (options.by === "bit" ? 0x40n : 0n),
        isSpecialPte: () => true,
      },
    ],
    [
      "specialPte by bit that is empty",
      "special PTEs are neither none nor present and name no swap slot",
      {
        specialPte: (marker, options) => (options.by === "bit" ? 0n : real.specialPte(marker, options)),
        isSpecialPte: () => true,
      },
    ],
    [
      "marker that reads as a swap entry",
      "special PTEs are neither none nor present and name no swap slot",
      { decode: (pte) => lie({ ...real.decode(pte), ...(pte === 0x17c0n && { kind: "swap" }) }) },
    ],
    [
      "marker that says no markers",
      "special PTEs are neither none nor present and name no swap slot",
      {
        decode: (pte) => {
          const { markers, ...rest } = loose(real, pte);
          return lie(pte === 0x17c0n || markers === undefined ? rest : { ...rest, markers });
        },
      },
    ],
    [
      "encode that loses the type with the exclusive flag alone",
      "flags leave type and offset alone",
      {
        encode: (entry: SwapEntry, options) =>
          real.encode(entry.exclusive && !entry.uffdWp ? { ...entry, type: 0 } : entry, options),
      },
    ],
    [
      "decode that reads bit 4 where all flags are set",
      "spare bits are spare",
      { decode: (pte) => ({ ...real.decode(pte), ...((pte & 0x1cn) === 0x1cn && { type: 0 }) }) },
    ],
    [
      "fromBytes that drops the top byte",
      "bytes in memory come back",
      { fromBytes: (bytes) => real.fromBytes(bytes) & 0xff_ffff_ffff_ffffn },
    ],
  ];

  it("what fails says in a sentence what is wrong", () => {
    const backends = [
      ...wrong.map(([, property, change]) => [property, broken(change)] as const),
      ...lies.map(([, property, verbs]) => [property, { ...real, ...verbs }] as const),
    ];
    for (const [property, backend] of backends) {
      expect(sentences(backend, property), property).not.toMatch(/undefined/);
    }
    expect(
      sentences(
        { ...real, isSpecialPte: () => true, specialPte: () => 1n },
        "special PTEs are neither none nor present and name no swap slot",
      ),
    ).toContain("bit 4 makes a PTE that is present");
  });

  it("a layout that cites nothing, and one with a bit unclaimed, fail in that alone", () => {
    const first = properties.slice(0, 2);
    const found = (change: Partial<Layout>) =>
      runProperties(broken(change), first).flatMap(({ property, failed }) => (failed > 0 ? [property] : []));
    expect(found({ citation: "somewhere" })).toEqual(["every layout cites its source"]);
    expect(found({ fields: layout.fields.slice(1) })).toEqual(["every bit is claimed once"]);
  });

  it("a type of four bits fails by its size", () => {
    const fields = [spare(63, 62), swpOffset(61, 12), present11, swpType(10, 7), spare(6, 4), ...low];
    // 31 cut to 15.
    expect(sentences(broken({ fields }), "all 32 types fit")).toBe(
      "0x0000000000001780: the largest type is 15",
    );
  });

  const rest = [spare(5, 4), ...low];
  const typed = unmasked(swpType(10, 6));
  const sound: [what: string, change: Partial<Layout>][] = [
    [
      "an inverted offset: type 0 with the largest is none",
      { fields: [spare(63, 62), inverted(swpOffset(61, 12)), present11, swpType(10, 6), ...rest] },
    ],
    [
      "constant ones",
      { fields: [spare(63, 62), swpOffset(61, 12), present11, typed, ones(5, 4, "x"), ...low] },
    ],
    [
      "a flag that is only read",
      { fields: [...layout.fields.slice(0, -2), decodeOnly(exclusive(2), "x"), ...low.slice(-1)] },
    ],
    [
      "a part of the offset that is only read",
      {
        fields: [
          spare(63, 62),
          decodeOnly(swpOffset(61, 61, 49), "x"),
          swpOffset(60, 12),
          present11,
          typed,
          ...rest,
        ],
      },
    ],
    ["a spare bit that the empty PTE has set", { empty: 0x10n, none: equals(0xffff_ffff_ffff_ffffn, 0x10n) }],
  ];
  const unasked = ["what encode writes is neither none nor present"];
  it.each(sound)("%s: no property fails of a layout that is only unusual", (_, change) => {
    expect(failing(broken(change)).filter((name) => !unasked.includes(name))).toEqual([]);
  });

  it("entries that read as present are no business of those that ask what survives", () => {
    expect(failing(broken({ present: differs(0x841n, 0n) }), "every type survives")).toEqual([]);
    expect(failing(broken({ present: differs(0x841n, 0n) }), "every offset bit survives")).toEqual([]);
  });

  it("a flag that is written and never read fails in what reads it", () => {
    const fields = [...layout.fields.slice(0, -2), encodeOnly(exclusive(2), "x"), ...low.slice(-1)];
    expect(failing(broken({ fields }))).toEqual(["flags leave type and offset alone"]);
  });

  it("decode that takes none for a swap entry fails where many words are none", () => {
    const none = broken({ none: equals(1n << 62n, 1n << 62n), empty: 1n << 62n });
    const decode: ArchBackend["decode"] = (pte) => lie({ ...none.decode(pte), kind: "swap" });
    const name = "the verbs agree with the layout";
    expect(failing(none, name)).toEqual([]);
    expect(failing({ ...none, decode }, name)).toEqual([name]);
  });

  // Each value that must be refused, taken.
  const taken: [what: string, verbs: Partial<ArchBackend>][] = (
    [
      ["type 32", (entry) => entry.type === 32],
      ["type -1", (entry) => entry.type === -1],
      ["type 0.5", (entry) => entry.type === 0.5],
      ["type NaN", (entry) => Number.isNaN(entry.type)],
      ["an offset of 51 bits", (entry) => entry.offset === 1n << 50n],
      ["offset -1", (entry) => entry.offset === -1n],
      ["softDirty, which has no bit", (entry) => entry.softDirty === true],
    ] as [string, (entry: SwapEntry) => boolean][]
  ).map(([what, takes]) => [
    `encode takes ${what}`,
    { encode: (entry: SwapEntry, options) => (takes(entry) ? 0n : real.encode(entry, options)) },
  ]);
  taken.push(
    ["decode takes a word of 65 bits", { decode: (pte) => real.decode(pte >> 64n === 1n ? 0n : pte) }],
    ["decode takes a negative word", { decode: (pte) => real.decode(pte < 0n ? 0n : pte) }],
  );
  it.each(taken)("%s: that alone fails", (_, verbs) => {
    const judged = properties.filter(({ name }) => name === "out-of-range values are refused");
    expect(runProperties({ ...real, ...verbs }, judged)[0]).toMatchObject({ cases: 9, failed: 1 });
  });

  it("a refusal with another code, or of another kind, fails too", () => {
    const judged = properties.filter(({ name }) => name === "out-of-range values are refused");
    const refusing = (error: Error) => {
      const encode: ArchBackend["encode"] = (entry: SwapEntry, options) => {
        if (entry.type === -1) throw error;
        return real.encode(entry, options);
      };
      return runProperties({ ...real, encode }, judged)[0]?.failures;
    };
    expect(refusing(new PtekitError("TYPE_TOO_WIDE", "x"))).toEqual([
      "BAD_ARGUMENT is not thrown, but TYPE_TOO_WIDE",
    ]);
    expect(refusing(new TypeError("x"))).toEqual(["BAD_ARGUMENT is not thrown, but TypeError: x"]);
  });

  // What they ask: 32 types, 50 bits of offset, no flag or each of two or both, 8 types for the samples, which have the
  // largest offset too; 4 free bits, and bit 3; two markers in 6.12.
  it("ask of all 32 types and every bit of the offset", () => {
    expect(runProperties(real).map(({ property, cases }) => [property, cases])).toEqual([
      ["every bit is claimed once", 1],
      ["every layout cites its source", 1],
      ["all 32 types fit", 1],
      ["every type survives", 32 * 3],
      ["every offset bit survives", 32 * 50],
      ["flags leave type and offset alone", 8 * 51 * 4],
      ["what encode writes is neither none nor present", 32 * 52],
      ["what encode writes encodes back", 8 * 51],
      ["special PTEs are neither none nor present and name no swap slot", 2 * 2 + 5 * 3],
      ["spare bits are spare", 8 * 51 * 2 * 4],
      ["out-of-range values are refused", 9],
      ["the verbs agree with the layout", 3000],
      ["bytes in memory come back", 100],
    ]);
  });

  it("ask of 32 types where the layout holds more, and of what it holds where that is less", () => {
    const typed = (...rows: Layout["fields"]) =>
      broken({ fields: [spare(63, 62), swpOffset(61, 12), present11, ...rows, ...low] });
    const judged = properties.filter(({ name }) => name === "every type survives");
    const cases = (backend: ArchBackend) => runProperties(backend, judged)[0]?.cases;
    expect(cases(typed(swpType(10, 5), spare(4, 4)))).toBe(32 * 3);
    expect(cases(typed(swpType(10, 7), spare(6, 4)))).toBe(16 * 3);
  });
  for (const [what, property, verbs] of lies) {
    it(`"${property}" fails on a hand-written ${what}`, () => {
      expect(failing({ ...real, ...verbs }, property)).toEqual([property]);
    });
  }

  it("a verb that throws where it should answer fails the property, and stops nothing", () => {
    const decode = (): never => {
      throw new TypeError("no such thing");
    };
    const reports = runProperties({ ...real, decode }, properties.slice(2, 6));
    expect(reports.map(({ failures }) => failures)).toEqual([
      [],
      ["it throws: no such thing"],
      ["it throws: no such thing"],
      ["it throws: no such thing"],
    ]);
  });

  it("each one is guarded by a case here", () => {
    const guarded = [...wrong, ...lies].map(([, property]) => property);
    expect(properties.map(({ name }) => name).filter((name) => !guarded.includes(name))).toEqual([]);
  });

  it("one seed: two runs check the same cases", () => {
    const judged = properties.filter(({ name }) => name === "the verbs agree with the layout");
    expect(runProperties(real, judged)).toEqual(runProperties(real, judged));
  });
});

describe("exceptions", () => {
  const property = "what encode writes is neither none nor present";
  const exception = (words: Layout["none"]) => ({
    exceptions: [{ property, words, reason: "so it is", citation: layout.citation }],
  });
  // Bit 6 is the lowest of the type: odd types read as present.
  const present = differs(0x841n, 0n);

  it("cover what they name, and are reported with how often they occurred", () => {
    const backend = broken({ present, ...exception(equals(0x40n, 0x40n)) });
    const judged = properties.filter(({ name }) => name === property);
    const report = runProperties(backend, judged)[0];
    expect(report?.failed).toBe(0);
    expect(report?.exceptions).toEqual([{ reason: "so it is", occurred: expect.any(Number) }]);
    expect(report?.exceptions[0]?.occurred).toBeGreaterThan(0);
  });

  it("fail where they never occur", () => {
    const backend = broken(exception(equals(0xffff_ffff_ffff_ffffn, 1n)));
    expect(sentences(backend)).toBe(`the exception "so it is" never occurs`);
  });

  it("fail on a word they name on which the property holds", () => {
    expect(sentences(broken({ present, ...exception(equals(0n, 0n)) }))).toMatch(
      /an exception is claimed here \("so it is"\), but the property holds/,
    );
  });

  it("do not cover a failure elsewhere", () => {
    const one = broken({ present, ...exception(equals(0x7c0n, 0x40n)) });
    expect(failing(one, property)).toEqual([property]);
  });

  it("do not cover another property", () => {
    const other = { property: "every type survives", words: equals(0x40n, 0x40n) };
    const exceptions = [{ ...other, reason: "x", citation: layout.citation }];
    expect(failing(broken({ present, exceptions }), property)).toEqual([property]);
  });
});

describe("an architecture as a whole", () => {
  const failuresOf = (layouts: readonly Layout[]): string[] =>
    runArchProperties(defineArch({ ...data, layouts })).flatMap(({ failures }) => failures);

  it("has nothing to complain of in a real one", () => expect(failuresOf([layout])).toEqual([]));

  it("fails where two layouts fit one target", () => {
    const twin = { ...layout, id: "arm64 6.10 twin" };
    expect(failuresOf([layout, twin]).join("\n")).toMatch(/arm64 6.10 and arm64 6.10 twin both fit/);
  });

  it("fails where a layout is not selected by its own conditions", () => {
    const shadowed = { ...layout, id: "arm64 6.10 again", when: ["CONFIG_MIGRATION"] };
    expect(failuresOf([layout, shadowed]).join("\n")).toMatch(
      /both fit|is not selected by its own conditions/,
    );
  });

  it("fails on an exception to a property that is none", () => {
    const exceptions = [
      { property: "every type is nice", words: layout.none, reason: "x", citation: layout.citation },
    ];
    expect(failuresOf([{ ...layout, exceptions }])).toContain(`there is no property "every type is nice"`);
  });

  it("is judged once where a configuration changes no row", () => {
    expect(subjectsOf(arm64).map(({ backend }) => backend.layout.id)).toEqual(["arm64 6.10"]);
  });
});
