import { checkLive, checkVectors, mismatchText, parseLive, parseVectors } from "@ptekit/conformance-kit";
import { describe, expect, it } from "vitest";
import { arm64, textOf } from "./fixture.ts";

type Json = Record<string, unknown>;
const vectors = JSON.parse(textOf("vectors/arm64-4k-7.2.json")) as Json;
const live = JSON.parse(textOf("live/arm64-7.2.json")) as Json;

const judgeVectors = (file: unknown) => checkVectors(arm64, parseVectors("v.json", JSON.stringify(file)));
const judgeLive = (file: unknown) => checkLive(arm64, parseLive("l.json", JSON.stringify(file)));

function refusal(act: () => unknown): string {
  try {
    act();
    return "not refused";
  } catch (error) {
    return String(error);
  }
}

/** A copy of the file with one row of a list changed. */
function edited(file: Json, list: string, index: number, change: (row: Json) => Json): Json {
  const rows = (file[list] as Json[]).map((row, i) => (i === index ? change(row) : row));
  return { ...file, [list]: rows };
}

const flip = (hex: unknown, bit: bigint): string => `0x${(BigInt(String(hex)) ^ (1n << bit)).toString(16)}`;

describe("vector files", () => {
  it("have no mismatch as the kernel answered them, and every row is counted", () => {
    const report = judgeVectors(vectors);
    expect(report.failed).toBe(0);
    for (const list of ["encode", "encodeOverflow", "decode", "markers", "special", "pmd", "memory"]) {
      expect(report.rows[list] ?? 0).toBe((vectors[list] as unknown[] | undefined)?.length ?? 0);
    }
  });

  // One flipped bit in any list is found, and named by file, list and row.
  const flips: [list: string, index: number, change: (row: Json) => Json][] = [
    ["encode", 7, (row) => ({ ...row, pte: flip(row.pte, 20n) })],
    ["encode", 7, (row) => ({ ...row, swpEntry: flip(row.swpEntry, 2n) })],
    ["encodeOverflow", 0, (row) => ({ ...row, pte: flip(row.pte, 62n) })],
    ["decode", 40, (row) => ({ ...row, none: !row.none })],
    ["decode", 40, (row) => ({ ...row, present: !row.present })],
    ["markers", 1, (row) => ({ ...row, pte: flip(row.pte, 13n) })],
    ["special", 3, (row) => ({ ...row, pte: flip(row.pte, 12n) })],
  ];
  for (const [list, index, change] of flips) {
    it(`a changed row ${index} of ${list} is found and named`, () => {
      const report = judgeVectors(edited(vectors, list, index, change));
      expect(report.failed).toBeGreaterThan(0);
      expect(report.mismatches[0]).toMatchObject({ file: "v.json", list, row: index });
      expect(mismatchText(report.mismatches[0] as never)).toMatch(
        `v.json: ${list} row ${index} (arm64 6.10)`,
      );
    });
  }

  it("each answer of a decode row is compared", () => {
    const rows = vectors.decode as Json[];
    const index = rows.findIndex(
      (row) => row.none === false && row.present === false && row.type !== undefined,
    );
    const others: Json = {
      type: 77,
      offset: "0xdead",
      swpEntry: "0x1",
      exclusive: "flip",
      softDirty: "flip",
      uffdWp: "flip",
      class: "unheard-of",
      archType: 99,
      archOffset: "0x77",
    };
    for (const [key, value] of Object.entries(others)) {
      const change = (row: Json): Json => ({ ...row, [key]: value === "flip" ? !row[key] : value });
      expect(judgeVectors(edited(vectors, "decode", index, change)).failed, key).toBe(1);
    }
  });

  it("each fact of the head is compared", () => {
    const heads: Json[] = [
      { pteBits: 32 },
      { longBits: 32 },
      { maxOffset: "0x1ffffffffffff" },
      { emptyPte: "0x400" },
      { migrationAdSupported: false },
      { constants: { MAX_SWAPFILES: 25 } },
      { constants: { SWP_PTE_MARKER: 30 } },
      { constants: { SWP_TYPE_SHIFT: 57 } },
      { masks: { exclusive: "0x0", softDirty: "0x0", uffdWp: "0x8" } },
      { presentPte: { uffdWp: "0x0", softDirty: "0x0" } },
      { memory: [{ pte: "0x10c0", bytes: "00000000000010c0" }] },
      { pmd: [{ type: 3, offset: "0x1234", pmd: "0x12340c1" }] },
    ];
    for (const head of heads)
      expect(judgeVectors({ ...vectors, ...head }).failed, JSON.stringify(head)).toBe(1);
  });

  it("a mismatch of two PTEs is told in words, and drawn as two words with a mark under the difference", () => {
    const change = (row: Json): Json => ({ ...row, pte: flip(row.pte, 4n) });
    const index = (vectors.encode as Json[]).findIndex(({ pte }) => pte === "0x12340c0");
    const text = mismatchText(judgeVectors(edited(vectors, "encode", index, change)).mismatches[0] as never);
    const lines = text.split("\n");
    expect(lines.slice(0, 3)).toEqual([
      `v.json: encode row ${index} (arm64 6.10)`,
      "  expected PTE 0x00000000012340d0",
      "  got      PTE 0x00000000012340c0",
    ]);
    expect(lines.slice(-3)).toEqual([
      "  expected 0 0 0 0 0 0 0 1 0 0 1 0 0 0 1 1 0 1 0 0 0 0 0 0 1 1 0 1 0 0 0 0",
      "  got      0 0 0 0 0 0 0 1 0 0 1 0 0 0 1 1 0 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0",
      `  ${" ".repeat(9)}${"  ".repeat(27)}^`,
    ]);
    expect(text).toContain("< type ->");
  });

  it("no more than twenty mismatches are kept, and each row that fails is counted once", () => {
    const rows = (vectors.encode as Json[]).map((row) => ({ ...row, pte: "0x0" }));
    const report = judgeVectors({ ...vectors, encode: rows });
    expect(report.mismatches).toHaveLength(20);
    // The kernel's own answer is 0 for one of them: type 0 with offset 0.
    expect(report.failed).toBe(rows.length - 1);
  });

  const malformed: [sentence: string, text: string][] = [
    ["v.json: not JSON, or cut off", JSON.stringify(vectors).slice(0, 5000)],
    ["v.json: not JSON, or cut off", ""],
    ["v.json: the file is not an object", "[]"],
    ["v.json: the file is not an object", "null"],
    [`v.json: the format is "ptekit-vectors/2", not "ptekit-vectors/1"`, `{"format":"ptekit-vectors/2"}`],
    [`v.json: the format is undefined, not "ptekit-vectors/1"`, "{}"],
    ...(
      [
        ["encode has no rows", { encode: undefined }],
        ["encode has no rows", { encode: [] }],
        ["decode has no rows", { decode: [] }],
        ["decode is not a list", { decode: {} }],
        ["encode row 0 is not an object", { encode: [5] }],
        ["arch is not a text", { arch: 64 }],
        ["variant is not a text", { variant: undefined }],
        ["release is not a text", { release: 7.2 }],
        ["config is not an object", { config: null }],
        ["config is not an object", { config: [] }],
        ["config: CONFIG_X is not a text", { config: { CONFIG_X: 5 } }],
        ["cpu is not a text", { cpu: [5] }],
        ["the head: pteBits is not a whole number", { pteBits: "64" }],
        ["encode row 0: type is not a whole number", { encode: [{ type: 0.5, offset: "0x1", pte: "0x1" }] }],
        ["encode row 0: offset is not a hex number", { encode: [{ type: 0, offset: 5, pte: "0x1" }] }],
        ["encode row 0: pte is not a hex number", { encode: [{ type: 0, offset: "0x5", pte: "0xzz" }] }],
        ["encode row 0: pte is not a hex number", { encode: [{ type: 0, offset: "0x5", pte: "-0x5" }] }],
        ["encode row 0: pte is not a hex number", { encode: [{ type: 0, offset: "0x5" }] }],
        ["decode row 0: none is not true or false", { decode: [{ pte: "0x0", none: 1, present: false }] }],
        [
          "decode row 0: type is not a whole number",
          { decode: [{ pte: "0x10c0", none: false, present: false }] },
        ],
        [
          "decode row 0: offset is not a hex number",
          { decode: [{ pte: "0x10c0", none: false, present: false, type: 3 }] },
        ],
        ["markers is not a list", { markers: "none" }],
        ["markers row 0: bits is not a hex number", { markers: [{ bits: 1, pte: "0x17c0" }] }],
        ["kind is not a text", { special: [{ kind: 5, pfn: "0x1" }] }],
        ["constants is not an object", { constants: null }],
        ["masks is not an object", { masks: null }],
        ["masks: exclusive is not a hex number", { masks: {} }],
        ["presentPte is not an object", { presentPte: "0x0" }],
        ["presentPte: uffdWp is not a hex number", { presentPte: { uffdWp: 0 } }],
        ["the head: maxOffset is not a hex number", { maxOffset: 5 }],
        ["its head selects no backend: UNKNOWN_RELEASE", { release: "garbage" }],
        ['"constant" is no list or object of this format, which has encode, ', { constant: {} }],
        ["; did you mean constants?", { constant: {} }],
        ["; did you mean markers?", { marker: [] }],
        [
          "encode row 0: swpEntry is not a hex number",
          { encode: [{ type: 0, offset: "0x5", pte: "0x5", swpEntry: 5 }] },
        ],
        [
          "decode row 0: uffdWp is not true or false",
          { decode: [{ pte: "0x0", none: true, present: false, uffdWp: "no" }] },
        ],
        ["its head selects no backend: UNKNOWN_CONFIG", { config: { "no symbol": "y" } }],
        ["its head selects no backend: UNKNOWN_CPU", { cpu: "sun4v" }],
      ] as [string, Json][]
    ).map(([sentence, change]): [string, string] => [sentence, JSON.stringify({ ...vectors, ...change })]),
  ];
  it("of a release that the data does not reach are no malformed files", () => {
    expect(refusal(() => judgeVectors({ ...vectors, release: "3.2" }))).toContain("3.2");
    expect(refusal(() => judgeVectors({ ...vectors, release: "3.2" }))).not.toContain("BAD_FILE");
  });

  it("may say more of how they were made, in texts and numbers", () => {
    expect(judgeVectors({ ...vectors, machine: "mine", runs: 3, again: true, why: null }).failed).toBe(0);
  });

  for (const [sentence, text] of malformed) {
    it(`refuses ${text.length < 60 ? text || "nothing" : "a file"}: ${sentence}`, () => {
      const said = refusal(() => checkVectors(arm64, parseVectors("v.json", text)));
      expect(said).toMatch(/^BAD_FILE: v\.json: /);
      expect(said).toContain(sentence);
      expect(said).not.toContain("\n");
    });
  }
});

describe("live files", () => {
  it("have no mismatch as the kernel answered them", () => {
    const report = judgeLive(live);
    expect(report.failed).toBe(0);
    expect(report.rows.live).toBe((live.rows as unknown[]).length);
  });

  // Every bit of pagemap that means something, flipped in a row where it is confirmed.
  const rows = live.rows as Json[];
  const swapped = rows.findIndex(
    ({ pte, pagemap }) => pte !== "0x0" && BigInt(String(pagemap)) >> 62n === 1n,
  );
  const bits: [what: string, bit: bigint][] = [
    ["present", 63n],
    ["swapped", 62n],
    ["guard", 58n],
    ["uffd-wp", 57n],
    ["soft-dirty", 55n],
    ["type", 0n],
    ["offset", 20n],
  ];
  for (const [what, bit] of bits) {
    it(`a pagemap word with its ${what} bit flipped is found and named`, () => {
      const change = (row: Json): Json => ({ ...row, pagemap: flip(row.pagemap, bit) });
      const report = judgeLive(edited(live, "rows", swapped, change));
      expect(report.failed).toBeGreaterThan(0);
      expect(report.mismatches.map(({ list }) => list)).toContain(what);
      expect(report.mismatches[0]).toMatchObject({ file: "l.json", row: swapped });
      expect(report.mismatches[0]?.expected).toContain(String(rows[swapped]?.region));
    });
  }

  it("a flipped bit of a present PTE's frame is found", () => {
    const index = rows.findIndex(({ pte, pagemap }) => {
      const word = BigInt(String(pagemap));
      return word >> 63n === 1n && (word & 0xffffn) !== 0n && pte !== "0x0";
    });
    const change = (row: Json): Json => ({ ...row, pte: flip(row.pte, 13n) });
    expect(judgeLive(edited(live, "rows", index, change)).mismatches.map(({ list }) => list)).toEqual([
      "pfn",
    ]);
  });

  it("a flipped bit of a PTE is found, and drawn", () => {
    const change = (row: Json): Json => ({ ...row, pte: flip(row.pte, 13n) });
    const report = judgeLive(edited(live, "rows", swapped, change));
    expect(report.mismatches.map(({ list }) => list)).toEqual(["offset"]);
  });

  const malformed: [sentence: string, change: Json | string][] = [
    ["not JSON, or cut off", JSON.stringify(live).slice(0, 2000)],
    ["rows has no rows", { rows: [] }],
    ["rows has no rows", { rows: undefined }],
    ["rows is not a list", { rows: "none" }],
    ["rows row 0 is not an object", { rows: [[]] }],
    [
      "row 0: vaddr is not a hex number",
      { rows: [{ vaddr: 4096, region: "x", pte: "0x0", pagemap: "0x0" }] },
    ],
    ["region is not a text", { rows: [{ vaddr: "0x0", pte: "0x0", pagemap: "0x0" }] }],
    ["row 0: pagemap is not a hex number", { rows: [{ vaddr: "0x0", region: "x", pte: "0x0" }] }],
    ["arch is not a text", { arch: null }],
    ["the head: levels is not a whole number", { levels: "4" }],
    ["config is not an object", { config: undefined }],
    [
      '"row" is no list or object of this format, which has rows, upper, config; did you mean rows?',
      { row: [] },
    ],
    ["its head selects no backend: UNKNOWN_RELEASE", { release: "" }],
  ];
  for (const [sentence, change] of malformed) {
    it(`refuses a file: ${sentence}`, () => {
      const text = typeof change === "string" ? change : JSON.stringify({ ...live, ...change });
      const said = refusal(() => checkLive(arm64, parseLive("l.json", text)));
      expect(said).toMatch(/^BAD_FILE: l\.json: /);
      expect(said).toContain(sentence);
    });
  }

  it("what pagemap cannot confirm is counted, by reason", () => {
    expect(Object.keys(judgeLive(live).unconfirmed)).toEqual([
      "exclusive: pagemap does not show the swap PTE's bit",
    ]);
  });
});
