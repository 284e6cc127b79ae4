// What can be done with an answer: encoded, sent to JSON and to a worker, and read in a switch.
import type { Decoded, DecodedAs, DecodedEntry, Kind } from "@ptekit/core";
import { createBackend, jsonText, KINDS, PtekitError, printableJson, select, toJson } from "@ptekit/core";
import { describe, expect, expectTypeOf, it } from "vitest";
import { arm, arm64, doubts, refusal, untyped, x86 } from "./fixture.ts";

const backend = x86.for({ release: "6.12" });
const word = 0x1fff_ffff_ffdb_9600n;

describe("an answer encodes", () => {
  it("to its word, from its fields", () => {
    const said = backend.decode(word);
    expect(said.kind).toBe("swap");
    expect(backend.encode(said)).toBe(word);
    expect(backend.encode({ ...said, pte: 0n })).toBe(word);
    expect(backend.encode({ ...said, offset: 0x1235n, uffdWp: true } as Decoded)).toBe(
      backend.encode({ type: 3, offset: 0x1235n, uffdWp: true }),
    );
  });

  it("of an empty PTE to the empty PTE", () => {
    expect(backend.encode(backend.decode(0n))).toBe(0n);
    const empty = { ...arm64.for({ release: "6.12" }).layout, empty: 0x20n };
    const other = createBackend({ ...select(arm64, { release: "6.12" }), layout: empty });
    expect(other.encode({ ...other.decode(0n), kind: "none" } as Decoded)).toBe(0x20n);
  });

  it("of a present PTE is refused, with the verb that writes one", () => {
    expect(refusal(() => backend.encode(backend.decode(0x25n)))).toMatch(
      /^BAD_ARGUMENT: .*a present PTE is no entry; encodePresent\(\) writes one$/,
    );
  });

  it("that contradicts itself is refused, naming both sides", () => {
    const said = backend.decode(backend.encodePfn("migration-write", 0x1234n)) as DecodedAs<"migration">;
    expect(backend.encode(said)).toBe(said.pte);
    expect(refusal(() => backend.encode({ ...said, pfn: 7n }))).toMatch(
      /^BAD_ARGUMENT: .*pfn 0x7 does not go with type \d+ and offset 0x1234, which mean 0x1234$/,
    );
    expect(refusal(() => backend.encode({ ...said, access: "read" }))).toMatch(/access read does not go/);
    expect(refusal(() => backend.encode({ ...said, dirty: true }))).toMatch(/dirty true does not go/);
    expect(refusal(() => backend.encode({ ...said, kind: "hwpoison" } as Decoded))).toMatch(/kind hwpoison/);
    const marker = backend.decode(backend.specialPte("uffd-wp", { by: "swap-type" })) as DecodedAs<"marker">;
    expect(backend.encode(marker)).toBe(marker.pte);
    expect(refusal(() => backend.encode({ ...marker, markers: [] }))).toMatch(/markers/);
  });

  it("with a key that nobody reads is refused", () => {
    const more = { ...backend.decode(word), colour: 1 };
    expect(refusal(() => backend.encode(untyped(more)))).toMatch(/^UNKNOWN_OPTION: .*not colour$/);
  });
});

describe("assumed", () => {
  it("carries the other answer, and stands in no copy", () => {
    const old = x86.for({ release: "4.9.0-8-amd64" });
    const pte = 0xbfff_ffff_fe8d_1e00n;
    const [assumed] = old.decode(pte).assumed;
    expect(assumed?.sentence).toBe("without the backport l1tf (not given)");
    expect(assumed?.otherwise).toMatchObject({ kind: "swap", type: 23 });
    expect(Object.keys(old.decode(pte))).not.toContain("assumed");
    expect(Object.isFrozen(old.decode(pte).assumed)).toBe(true);
  });

  it("is the same each time it is read", () => {
    const said = backend.decode(word);
    expect(said.assumed).toEqual(said.assumed);
    expect(doubts(backend, word)).toEqual(said.assumed.map(({ sentence }) => sentence));
  });
});

describe("jsonText", () => {
  it("is the text of toJson(), of every kind of answer, those that another default gives too", () => {
    let seed = 88172645463325252n;
    const words = Array.from({ length: 500 }, () => {
      seed = BigInt.asUintN(64, seed ^ (seed << 13n));
      seed ^= seed >> 7n;
      seed = BigInt.asUintN(64, seed ^ (seed << 17n));
      return seed;
    });
    const kernels = [
      x86.for({ release: "6.12" }),
      x86.for({ release: "4.9.0-8-amd64" }),
      arm64.for({ release: "6.12" }),
      arm.for({ release: "6.12" }),
    ];
    const kinds = new Set<string>();
    for (const backend of kernels) {
      const bits = backend.layout.pteBits;
      for (const word of [
        0n,
        1n,
        0x17c0n,
        0xbfff_ffff_fe8d_1e00n,
        ...words,
        ...words.map((w) => w & ~0x103n),
      ]) {
        const said = backend.decode(BigInt.asUintN(bits, word));
        kinds.add(said.kind);
        expect(jsonText(said)).toBe(printableJson(toJson(said)));
        expect(jsonText({ ...said })).toBe(printableJson(toJson({ ...said })));
      }
    }
    expect([...kinds].sort()).toEqual(
      expect.arrayContaining(["marker", "migration", "none", "present", "swap"]),
    );
  });
});

describe("toJson", () => {
  it("gives an answer with its word at full width, its keys in order, and what was assumed", () => {
    const json = toJson(arm.for({ release: "6.12" }).decode(0x12340cn));
    expect(Object.keys(json)).toEqual(
      ["pte", "arch", "layout", "level", "assumed", "kind", "type", "offset", "swpEntry"].concat(
        "exclusive",
        "softDirty",
        "uffdWp",
      ),
    );
    expect(json).toMatchObject({ pte: "0x0012340c", offset: "0x1234", assumed: [] });
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  it("keeps the other answer of what was assumed", () => {
    const json = toJson(x86.for({ release: "4.9.0-8-amd64" }).decode(0xbfff_ffff_fe8d_1e00n));
    expect(json.assumed[0]).toMatchObject({ otherwise: { pte: "0xbffffffffe8d1e00", type: 23 } });
  });

  it("takes any answer of core", () => {
    const { spareBits, kernel, layout } = backend;
    for (const answer of [spareBits(), kernel, layout, [1n, null, "x", undefined]]) {
      expect(() => JSON.stringify(toJson(answer))).not.toThrow();
    }
    expect(toJson({ a: 1n, b: undefined, c: () => 1, d: [2n] })).toEqual({ a: "0x1", d: ["0x2"] });
    expectTypeOf(toJson({ a: 1n, b: [2n] })).toEqualTypeOf<{
      readonly a: string;
      readonly b: readonly string[];
    }>();
  });
});

describe("to a worker", () => {
  it("a backend goes as its parts, with what it assumes", () => {
    const parts = structuredClone(select(x86, { release: "6.12" }));
    const there = createBackend(parts);
    expect(there.decode(word)).toEqual(backend.decode(word));
    expect(doubts(there, word)).toEqual(doubts(backend, word));
    expect(there.assumed).toEqual(backend.assumed);
  });

  it("an answer goes as plain data", () => {
    const said = backend.decode(word);
    const sent = structuredClone({ ...said, assumed: said.assumed.map(({ sentence }) => sentence) });
    expect(sent).toMatchObject({ pte: word, kind: "swap", type: 3, offset: 0x1234n });
  });
});

describe("the type of an answer", () => {
  it("narrows by its kind", () => {
    expectTypeOf<Decoded["kind"]>().toEqualTypeOf<Kind>();
    expectTypeOf<DecodedAs<"swap">["offset"]>().toEqualTypeOf<bigint>();
    expectTypeOf<DecodedAs<"none">>().not.toHaveProperty("pfn");
    expectTypeOf<DecodedAs<"migration">["pfn"]>().toEqualTypeOf<bigint>();
    expectTypeOf<DecodedEntry["type"]>().toEqualTypeOf<number>();
  });

  it("makes a switch exhaustive", () => {
    const name = (said: Decoded): string => {
      switch (said.kind) {
        case "none":
        case "present":
          return said.kind;
        case "swap":
        case "unassigned":
          return `${said.type}:${said.offset}`;
        case "migration":
        case "device-private":
        case "device-exclusive":
          return `${said.access} ${said.pfn}`;
        case "hwpoison":
        case "swapin-error":
          return `${said.pfn}`;
        case "marker":
          return said.markers.join();
      }
    };
    expect(name(backend.decode(word))).toBe("3:4660");
    expect(KINDS).toHaveLength(10);
  });
});

describe("an error", () => {
  it("has its sentence alone, and prints its code before it", () => {
    const error = new PtekitError("BAD_WORD", "a sentence");
    expect([error.message, String(error), `${error}`]).toEqual([
      "a sentence",
      "BAD_WORD: a sentence",
      "BAD_WORD: a sentence",
    ]);
    expect(Object.keys(error)).not.toContain("row");
    expect(new PtekitError("BAD_WORD", "x", { row: 3, limit: 7n })).toMatchObject({ row: 3, limit: 7n });
  });

  it.each([
    ["type", () => backend.encode({ type: 32, offset: 0n }), 31],
    ["offset", () => backend.encode({ type: 0, offset: 1n << 50n }), (1n << 50n) - 1n],
    ["pfn", () => backend.encodePfn("migration-read", 1n << 60n), (1n << 34n) - 1n],
    ["word", () => backend.decode(1n << 64n), (1n << 64n) - 1n],
  ])("names the largest %s", (_, act, limit) => {
    try {
      act();
    } catch (error) {
      expect(error).toBeInstanceOf(PtekitError);
      expect((error as PtekitError).limit).toBe(limit);
      return;
    }
    throw new Error("nothing is refused");
  });
});
