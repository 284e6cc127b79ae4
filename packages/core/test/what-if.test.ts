import type { ArchBackend, ArchData, BitRequest, Layout } from "@ptekit/core";
import {
  createBackend,
  decodeOnly,
  defineArch,
  differs,
  equals,
  exclusive,
  reserveBit,
  select,
  spare,
  swpOffset,
  swpType,
  withLayout,
  zeros,
} from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { arm, arm63, arm64, armData, CITATION, refusal, untyped, x86 } from "./fixture.ts";

const ALL64 = 0xffff_ffff_ffff_ffffn;
const P = "pte_present() reads it";

const changed = (layout: Partial<Layout>, data: Partial<ArchData> = {}): ArchBackend =>
  defineArch({ ...armData, layouts: [{ ...arm63, ...layout }], ...data }).for({ release: "6.12" });

const rows = ({ fields }: Layout): string[] =>
  fields.map(({ kind, high, low, from }) => `${kind} ${high}:${low}${from > 0 ? ` from ${from}` : ""}`);

/** A backend of the layout in which a bit is taken. */
const taken = (backend: ArchBackend, request: BitRequest): ArchBackend =>
  createBackend(withLayout({ ...backend, assumptions: [] }, reserveBit(backend.layout, request)));

const arm612 = arm.for({ release: "6.12" });
const arm64612 = arm64.for({ release: "6.12" });
const lpae = arm.for({ release: "6.12", config: { CONFIG_ARM_LPAE: "y" } });

/** Hexagon's split offset, with a bit of it alone at the bottom. */
const split = changed({
  fields: [
    swpOffset(31, 13, 3),
    zeros(12, 10, "no permission"),
    swpOffset(9, 8, 1),
    swpOffset(7, 7),
    spare(6, 6),
    swpType(5, 1),
    zeros(0, 0, P),
  ],
});

/** Bits 9:8 of 64 that pte_none() ignores; 31 spare bits beside them. */
const wide = (longBits: 32 | 64): ArchBackend =>
  changed({
    pteBits: 64,
    longBits,
    fields: [swpOffset(63, 38), swpType(37, 32), spare(31, 1), zeros(0, 0, P)],
    none: equals(ALL64 & ~0x300n, 0n),
  });

describe("a free bit", () => {
  it("becomes the flag, and its neighbours stay free", () => {
    const at = (bit: number): string[] => rows(reserveBit(arm64612.layout, { bit, for: "softDirty" }));
    const middle = ["zeros 11:11", "swpType 10:6"];
    expect(at(4).slice(2)).toEqual([
      ...middle,
      "spare 5:5",
      "softDirty 4:4",
      "uffdWp 3:3",
      "exclusive 2:2",
      "zeros 1:0",
    ]);
    expect(at(5).slice(4, 6)).toEqual(["softDirty 5:5", "spare 4:4"]);
    expect(at(63).slice(0, 3)).toEqual(["softDirty 63:63", "spare 62:62", "swpOffset 61:12"]);
    const old = arm64.for({ release: "6.1" });
    expect(rows(reserveBit(old.layout, { bit: 61, for: "uffdWp" })).slice(0, 3)).toEqual([
      "spare 63:62",
      "uffdWp 61:61",
      "spare 60:59",
    ]);
  });

  it("is written and read like any flag", () => {
    const made = taken(arm64612, { bit: 4, for: "softDirty" });
    const pte = made.encode({ type: 3, offset: 0x1234n, softDirty: true });
    expect(pte).toBe(0x12340d0n);
    expect(made.decode(pte)).toMatchObject({ type: 3, offset: 0x1234n, softDirty: true, exclusive: false });
    expect(made.spareBits().free).toEqual([5, 62, 63]);
  });

  // Neither field of arm64 is masked: five bits of type before it would leak into bit 11, and the PTE be present.
  it("becomes the highest bit of the type or the offset, and its other bits do not leak", () => {
    const type = taken(arm64612, { bit: 4, for: "type" });
    expect(type.maxType).toBe(63);
    expect(type.encode({ type: 32 + 3, offset: 0x1234n })).toBe(0x12340d0n);
    expect(type.decode(0x12340d0n)).toMatchObject({ type: 35, offset: 0x1234n });
    const offset = taken(arm64612, { bit: 63, for: "offset" });
    expect(offset.maxOffset).toBe((1n << 51n) - 1n);
    expect(offset.encode({ type: 3, offset: (1n << 50n) | 0x1234n })).toBe(0x8000_0000_0123_40c0n);
  });

  it("leaves the other fields to leak as they did", () => {
    const wide = { type: 1, offset: 1n << 50n };
    const leaks = (request: BitRequest) => taken(arm64612, request).encode(wide, { overflow: "truncate" });
    expect(leaks({ bit: 4, for: "softDirty" })).toBe(0x4000_0000_0000_0040n);
    expect(leaks({ bit: 4, for: "type" })).toBe(0x4000_0000_0000_0040n);
  });

  it("of an inverted offset is inverted too, and of its type is not", () => {
    const made = taken(x86.for({ release: "7.2" }), { bit: 4, for: "offset" });
    expect(made.encode({ type: 3, offset: 0x1234n })).toBe(0x1fff_ffff_ffdb_9610n);
    expect(made.encode({ type: 3, offset: (1n << 50n) | 0x1234n })).toBe(0x1fff_ffff_ffdb_9600n);
    const type = taken(x86.for({ release: "7.2" }), { bit: 4, for: "type" });
    expect(type.encode({ type: 3, offset: 0x1234n })).toBe(0x1fff_ffff_ffdb_9600n);
  });

  it("goes on where a split field ends", () => {
    expect(rows(reserveBit(split.layout, { bit: 6, for: "offset" }))).toContain("swpOffset 6:6 from 22");
  });

  it("names the layout by what was done, and says that no kernel has it", () => {
    expect(reserveBit(arm64612.layout, { bit: 4, for: "softDirty" })).toMatchObject({
      id: "arm64 6.10, bit 4 for softDirty",
      note: "hypothetical: no kernel has it",
    });
  });

  const refusals: [sentence: string, act: () => unknown][] = [
    [
      "BIT_CLAIMED: arm64 6.10: bit 7 is inside the type field",
      () => reserveBit(arm64612.layout, { bit: 7, for: "softDirty" }),
    ],
    [
      "BIT_CLAIMED: arm64 6.10: bit 2 is the exclusive flag already",
      () => reserveBit(arm64612.layout, { bit: 4, for: "exclusive" }),
    ],
    [
      "NO_SUCH_BIT: arm64 6.10: a bit is a whole number from 0 to 63, not 64",
      () => reserveBit(arm64612.layout, { bit: 64, for: "softDirty" }),
    ],
    [
      "NO_SUCH_BIT: arm64 6.10: a bit is a whole number from 0 to 63, not 4.5",
      () => reserveBit(arm64612.layout, { bit: 4.5, for: "softDirty" }),
    ],
    [
      "BIT_CLAIMED: arm 6.3 LPAE: bit 40 is dropped by the swp_entry_t conversion: free for a flag, useless for type or offset (swp_entry_t is 32 bits wide): it can carry a flag, not a bit of the offset",
      () => reserveBit(lpae.layout, { bit: 40, for: "offset" }),
    ],
    [
      "BIT_CLAIMED: arm 6.3: bit 8 is ignored by pte_none(): it can carry a flag, not a bit of the type",
      () => reserveBit(wide(64).layout, { bit: 8, for: "type" }),
    ],
    [
      // pte_none() that reads 32 bits alone ignores it too.
      "BIT_CLAIMED: arm 6.3 LPAE: bit 40 is dropped by the swp_entry_t conversion: free for a flag, useless for type or offset (swp_entry_t is 32 bits wide): it can carry a flag, not a bit of the type",
      () => reserveBit({ ...lpae.layout, none: equals(0xffff_ffffn, 0n) }, { bit: 40, for: "type" }),
    ],
    [
      "UNKNOWN_OPTION: a bit is reserved for exclusive, softDirty, uffdWp, type, offset, not guard",
      () => reserveBit(arm64612.layout, { bit: 4, for: untyped("guard") }),
    ],
    [
      "UNKNOWN_OPTION: a bit is reserved for exclusive, softDirty, uffdWp, not type",
      () => reserveBit(arm64612.layout, untyped({ from: "offset", for: "type" })),
    ],
  ];
  for (const [sentence, act] of refusals) {
    it(`refuses: ${sentence}`, () => expect(refusal(act)).toBe(sentence));
  }

  it("that the conversion drops or pte_none() ignores can carry a flag", () => {
    expect(rows(reserveBit(lpae.layout, { bit: 40, for: "uffdWp" })).slice(0, 3)).toEqual([
      "dropped 63:41",
      "uffdWp 40:40",
      "dropped 39:32",
    ]);
    expect(rows(reserveBit(wide(64).layout, { bit: 9, for: "uffdWp" }))).toContain("uffdWp 9:9");
  });
});

describe("the lowest bit of a field", () => {
  it("becomes the flag, and the field keeps the bits above it", () => {
    const offset = taken(arm612, { from: "offset", for: "uffdWp" });
    expect(rows(offset.layout)).toEqual([
      "swpOffset 31:9",
      "uffdWp 8:8",
      "exclusive 7:7",
      "swpType 6:2",
      "zeros 1:0",
    ]);
    expect(offset.encode({ type: 3, offset: 0x1234n, uffdWp: true })).toBe(0x24690cn);
    expect(offset.layout.id).toBe("arm 6.3, the lowest bit of the offset for uffdWp");
    const type = taken(arm612, { from: "type", for: "uffdWp" });
    expect(rows(type.layout)).toContain("swpType 6:3");
    expect(type.maxType).toBe(15);
    expect(type.encode({ type: 3, offset: 1n, uffdWp: true })).toBe(0x11cn);
  });

  it("of a split field moves the value down in the other rows, and in no other field", () => {
    const offset = taken(split, { from: "offset", for: "exclusive" });
    expect(rows(offset.layout)).toEqual([
      "swpOffset 31:13 from 2",
      "zeros 12:10",
      "swpOffset 9:8",
      "exclusive 7:7",
      "spare 6:6",
      "swpType 5:1",
      "zeros 0:0",
    ]);
    // Offset 5 is 1 in the upper row and 01 in the lower.
    expect(offset.encode({ type: 1, offset: 5n })).toBe(0x2102n);
    expect(rows(taken(split, { from: "type", for: "exclusive" }).layout)).toEqual([
      "swpOffset 31:13 from 3",
      "zeros 12:10",
      "swpOffset 9:8 from 1",
      "swpOffset 7:7",
      "spare 6:6",
      "swpType 5:2",
      "exclusive 1:1",
      "zeros 0:0",
    ]);
  });

  it("that encode never writes cannot be taken", () => {
    // checkLayout() refuses it: what encode takes would not come back.
    const fields = [swpOffset(31, 16, 8), decodeOnly(swpOffset(15, 8), "x"), ...arm63.fields.slice(1)];
    const read = createBackend(withLayout(select(arm, { release: "6.12" }), { ...arm63, fields }));
    expect(refusal(() => reserveBit(read.layout, { from: "offset", for: "uffdWp" }))).toBe(
      "NO_SUCH_BIT: arm 6.3: there is no bit 0 of the offset",
    );
    expect(read.spareBits().takeable.map(({ from }) => from)).toEqual(["type"]);
  });
});

describe("what taking a bit costs", () => {
  it("arm: half of every swap file, or half of the types", () => {
    const { takeable } = arm612.spareBits();
    expect(takeable).toMatchObject([
      { bit: 8, from: "offset", refusedBy: null },
      { bit: 2, from: "type", refusedBy: null },
    ]);
    const [offset, type] = takeable;
    expect(offset?.before).toMatchObject({ types: 32, offsetBits: 24, layoutBytes: 64n << 30n });
    expect(offset?.after).toMatchObject({ types: 32, offsetBits: 23, maxBytes: 32n << 30n });
    expect(type?.before.swapFiles).toBe(28);
    expect(type?.after).toMatchObject({ types: 16, swapFiles: 12, offsetBits: 24 });
  });

  it("young and dirty, where the offset gets too narrow for them", () => {
    const narrow = changed({
      fields: [spare(31, 30), swpOffset(29, 8), ...arm63.fields.slice(1)],
    });
    const [offset] = narrow.spareBits().takeable;
    expect([offset?.before.migrationAd, offset?.after.migrationAd]).toEqual([true, false]);
  });

  // MAX_SWAPFILES_CHECK(): BUILD_BUG_ON(MAX_SWAPFILES_SHIFT > SWP_TYPE_BITS) or the like.
  it("a type of fewer than five bits, where the kernel's build checks it", () => {
    const typeChecks = [{ citation: CITATION }];
    const [offset, type] = changed({}, { typeChecks }).spareBits().takeable;
    expect(offset?.refusedBy).toBeNull();
    expect(type?.refusedBy).toBe(
      `MAX_SWAPFILES_CHECK(): MAX_SWAPFILES_SHIFT is 5, the type would have 4 bits (${CITATION})`,
    );
    const fields = [swpOffset(31, 9), exclusive(8), swpType(7, 2), zeros(1, 0, P)];
    expect(changed({ fields }, { typeChecks }).spareBits().takeable[1]?.refusedBy).toBeNull();
    // Four bits already, and none of them taken.
    const four = [swpOffset(31, 7), exclusive(6), swpType(5, 2), zeros(1, 0, P)];
    expect(changed({ fields: four }, { typeChecks }).spareBits().takeable[0]?.refusedBy).toBeNull();
  });

  it("a field of one bit has none to give, one of two has", () => {
    const fields = (bits: number): Layout["fields"] => [
      zeros(31, 7 + bits, "x"),
      swpOffset(6 + bits, 7),
      swpType(6, 2),
      zeros(1, 0, P),
    ];
    const from = (bits: number): string[] =>
      changed({ fields: fields(bits) })
        .spareBits()
        .takeable.map((taking) => taking.from);
    expect(from(1)).toEqual(["type"]);
    expect(from(2)).toEqual(["offset", "type"]);
  });
});

describe("what a free bit could buy", () => {
  const gain = (backend: ArchBackend, bit: number, use: "type" | "offset") =>
    backend.spareBits().gains.find((one) => one.bit === bit && one.for === use);

  it("each free bit twice the types, or twice the swap file", () => {
    const { free, gains } = arm64612.spareBits();
    expect(gains.map((one) => `${one.bit} ${one.for}`)).toEqual(
      free.flatMap((bit) => [`${bit} type`, `${bit} offset`]),
    );
    const type = gain(arm64612, 4, "type");
    // 6.12: hwpoison, three of migration, four of device-private, marker.
    expect(type?.before).toMatchObject({ types: 32, swapFiles: 23 });
    expect(type?.after).toMatchObject({ types: 64, swapFiles: 55, offsetBits: 50 });
    expect(type?.refusedBy).toBeNull();
    const offset = gain(arm64612, 62, "offset");
    expect(offset?.before.layoutBytes).toBe(4n << 60n);
    expect(offset?.after).toMatchObject({ types: 32, swapFiles: 23, offsetBits: 51, layoutBytes: 8n << 60n });
    expect(offset?.refusedBy).toBeNull();
  });

  it("nothing where swp_entry_t has no room for it: six bits of type, 26 of offset on 32 bits", () => {
    expect(gain(wide(32), 4, "type")?.refusedBy).toBe(
      "swp_entry_t holds 6 bits of type, the PTE would hold 7",
    );
    expect(gain(wide(32), 4, "offset")?.refusedBy).toBe(
      "swp_entry_t holds 26 bits of offset, the PTE would hold 27",
    );
    expect(gain(wide(64), 4, "offset")?.refusedBy).toBeNull();
    const narrow = changed({ fields: [spare(31, 28), swpOffset(27, 7), swpType(6, 2), zeros(1, 0, P)] });
    expect(gain(narrow, 28, "type")?.refusedBy).toBeNull();
  });

  it("nothing where the conversion drops it, in the words of the refusal", () => {
    const dropped = gain(lpae, 32, "type");
    expect(dropped?.after).toEqual(dropped?.before);
    expect(dropped?.refusedBy).toMatch(/^arm 6.3 LPAE: bit 32 is dropped /);
  });
});

describe("the parts of a kernel with another layout", () => {
  it("have its limits, and no assumptions", () => {
    const parts = withLayout(
      { ...arm612, assumptions: [{ sentence: "x", parts: null }] },
      {
        ...arm63,
        present: differs(1n, 0n),
        fields: [spare(31, 18), swpOffset(17, 8), ...arm63.fields.slice(1)],
      },
    );
    expect(parts.assumptions).toEqual([]);
    expect(parts.kernel).toMatchObject({ maxSwapfilePages: 1024n, migrationAd: false, pageShift: 12 });
  });
});
