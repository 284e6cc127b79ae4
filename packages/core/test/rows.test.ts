// Rows that few architectures have: constant ones, split fields, flags that are written and never read, predicates with
// two terms. Layouts and words are of the architectures' headers and vectors.
import type { ArchData, Layout } from "@ptekit/core";
import {
  createBackend,
  decodeOnly,
  defineArch,
  differs,
  either,
  encodeOnly,
  equals,
  exclusive,
  matches,
  ones,
  select,
  spare,
  swpOffset,
  swpType,
  withLayout,
  zeros,
} from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { arm, CITATION, loose, refusal } from "./fixture.ts";

const ALL32 = 0xffff_ffffn;
const ALL64 = 0xffff_ffff_ffff_ffffn;
const P = "pte_present() reads it";

function backendOf(layout: Omit<Layout, "id" | "since" | "citation">) {
  const data: ArchData = {
    name: "one",
    title: "One architecture",
    header: "arch/x/include/asm/pgtable.h",
    layouts: [{ id: "one 6.3", since: "6.3", citation: CITATION, ...layout }],
    symbols: [],
    pageShift: [{ shift: 12 }],
    physBits: [{ bits: 32 }],
    byteOrder: [{ order: "little" }],
  };
  return defineArch(data).for({ release: "6.12" });
}

describe("constant ones, as on s390", () => {
  const s390 = backendOf({
    pteBits: 64,
    fields: [
      swpOffset(63, 12),
      exclusive(11),
      ones(10, 9, "_PAGE_INVALID and _PAGE_PROTECT"),
      spare(8, 7),
      swpType(6, 2),
      spare(1, 1),
      zeros(0, 0, P),
    ],
    empty: 0x400n,
    present: differs(1n, 0n),
    none: equals(ALL64, 0x400n),
  });

  it("are in every word that encode writes", () => {
    expect(s390.encode({ type: 1, offset: 0n })).toBe(0x604n);
    expect(s390.encode({ type: 1, offset: 2n })).toBe(0x2604n);
    expect(s390.encode({ type: 1, offset: 2n, exclusive: true })).toBe(0x2e04n);
  });

  it("the empty PTE is none, and a word of 0 is an entry", () => {
    expect(s390.decode(0x400n).kind).toBe("none");
    expect(s390.decode(0n)).toMatchObject({ kind: "swap", type: 0, offset: 0n });
  });
});

describe("a split offset, as on Hexagon", () => {
  const hexagon = backendOf({
    pteBits: 32,
    fields: [
      swpOffset(31, 13, 3),
      zeros(12, 10, "no permission"),
      swpOffset(9, 7),
      exclusive(6),
      swpType(5, 1),
      zeros(0, 0, P),
    ],
    present: differs(1n, 0n),
    none: equals(ALL32, 0n),
  });

  it.each([
    [1, 0x3fffffn, 0xffffe382n],
    [2, 0x123n, 0x48184n],
    [3, 0x3fffffn, 0xffffe386n],
  ])("type %i, offset %s is the kernel's word, both ways", (type, offset, word) => {
    expect(hexagon.encode({ type, offset })).toBe(word);
    expect(hexagon.decode(word)).toMatchObject({ kind: expect.any(String), type, offset });
  });

  it("holds 22 bits", () => {
    expect(hexagon.maxOffset).toBe(0x3fffffn);
    expect(refusal(() => hexagon.encode({ type: 1, offset: 0x400000n }))).toBe(
      "OFFSET_TOO_WIDE: one 6.3: offset 0x400000 needs 23 bits, swpOffset 31:13 and 9:7 holds 22",
    );
  });
});

describe("limits of swp_entry_t", () => {
  const pair = (fields: Layout["fields"]) =>
    backendOf({ pteBits: 64, longBits: 32, fields, present: differs(0x300n, 0n), none: equals(ALL64, 0n) });

  it("27 bits of offset in a PTE, 26 in a 32-bit swp_entry_t: SuperH with X2TLB", () => {
    const sh = pair([swpOffset(63, 37), swpType(36, 32), spare(31, 10), zeros(9, 8, P), spare(7, 0)]);
    expect(sh.maxOffset).toBe(0x3ffffffn);
    expect(sh.maxType).toBe(31);
    expect(refusal(() => sh.encode({ type: 1, offset: 1n << 26n }))).toBe(
      "OFFSET_TOO_WIDE: one 6.3: offset 0x4000000 needs 27 bits, swp_entry_t holds 26",
    );
    expect(sh.encode({ type: 2, offset: 0x3ffffffn })).toBe(0x7fff_ffe2_0000_0000n);
  });

  it("a type of 8 bits is cut to the 6 above a 26-bit offset", () => {
    const wide = pair([swpOffset(63, 40), swpType(39, 32), spare(31, 10), zeros(9, 8, P), spare(7, 0)]);
    expect(wide.maxType).toBe(63);
    expect(wide.maxOffset).toBe(0xffffffn);
    expect(refusal(() => wide.encode({ type: 64, offset: 1n }))).toBe(
      "TYPE_TOO_WIDE: one 6.3: type 64 needs 7 bits, swp_entry_t holds 6",
    );
  });
});

describe("rows for one direction", () => {
  const fields = (flag: Layout["fields"][number]) => [
    swpOffset(63, 40),
    flag,
    swpType(38, 32),
    spare(31, 1),
    zeros(0, 0, P),
  ];
  const alphaOf = (flag: Layout["fields"][number]) =>
    backendOf({ pteBits: 64, fields: fields(flag), present: differs(1n, 0n), none: equals(ALL64, 0n) });

  it("Alpha 6.12 writes its exclusive bit and never reads it", () => {
    const alpha = alphaOf(encodeOnly(exclusive(39), "pte_swp_exclusive() returns int"));
    const word = alpha.encode({ type: 1, offset: 2n, exclusive: true });
    expect(word).toBe(0x281_0000_0000n);
    expect(alpha.decode(word)).toMatchObject({ type: 1, offset: 2n, exclusive: false });
  });

  it("a flag that is only read is refused on encode", () => {
    const alpha = alphaOf(decodeOnly(exclusive(39), "never set"));
    expect(alpha.decode(0x281_0000_0000n)).toMatchObject({ exclusive: true });
    expect(refusal(() => alpha.encode({ type: 1, offset: 2n, exclusive: true }))).toMatch(/^NO_SUCH_FLAG: /);
  });

  it("a part of the offset that is only read adds nothing to what encode can write, and one only written nothing to decode", () => {
    const half = (row: Layout["fields"][number]): Omit<Layout, "citation" | "id" | "since"> => ({
      pteBits: 64,
      fields: [row, swpOffset(55, 40), exclusive(39), swpType(38, 32), spare(31, 1), zeros(0, 0, P)],
      present: differs(1n, 0n),
      none: equals(ALL64, 0n),
    });
    const read = backendOf(half(decodeOnly(swpOffset(63, 56, 16), "read alone")));
    expect(read.maxOffset).toBe(0xffffn);
    expect(refusal(() => read.encode({ type: 1, offset: 0x10000n }))).toBe(
      "OFFSET_TOO_WIDE: one 6.3: offset 0x10000 needs 17 bits, swpOffset 55:40 holds 16",
    );
    expect(read.encode({ type: 1, offset: 0xffffn })).toBe(0xff_ff01_0000_0000n);
    expect(read.encode({ type: 1, offset: 0x1ffffn }, { overflow: "truncate" })).toBe(0xff_ff01_0000_0000n);
    expect(loose(read, 0x01ff_ff01_0000_0000n).offset).toBe(0x1ffffn);
    // checkLayout() refuses it: what encode takes would not come back.
    const alone = half(encodeOnly(swpOffset(63, 56, 16), "written alone"));
    const parts = select(arm, { release: "6.12" });
    const written = createBackend(withLayout(parts, { ...parts.layout, ...alone }));
    expect(written.encode({ type: 1, offset: 0x1ffffn })).toBe(0x01ff_ff01_0000_0000n);
    expect(loose(written, 0x01ff_ff01_0000_0000n).offset).toBe(0xffffn);
  });
});

describe("predicates of two terms", () => {
  // See pte_present() in arch/xtensa/include/asm/pgtable.h (as of Linux v6.12)
  const present = either(differs(0xcn, 0xcn), equals(0xfn, 0xfn));

  it.each([
    [0x0n, true],
    [0x8n, true],
    [0xcn, false],
    [0xdn, false],
    [0xen, false],
    [0xfn, true],
  ])("%s holds where either does: %s", (word, holds) => {
    expect(matches(present, word)).toBe(holds);
  });
});

describe("the bit of a special PTE", () => {
  const one = backendOf({
    pteBits: 32,
    fields: [swpOffset(31, 12), swpType(11, 7), exclusive(6), zeros(5, 5, P), spare(4, 1), spare(0, 0)],
    present: differs(0x20n, 0n),
    none: equals(ALL32, 0n),
  });
  const by = (bit: number) => () => one.specialPte("uffd-wp", { by: "bit", bit });

  it("can be bit 0, where that is spare", () => {
    expect(by(0)()).toBe(1n);
  });

  it("is none that pte_none() ignores, whether free, spare to spare or unclaimed", () => {
    const ignoring = createBackend({
      ...one,
      layout: { ...one.layout, fields: one.layout.fields.slice(0, -1), none: equals(ALL32 & ~3n, 0n) },
      assumptions: [],
    });
    for (const bit of [0, 1]) {
      expect(refusal(() => ignoring.specialPte("uffd-wp", { by: "bit", bit }))).toBe(
        `NO_SUCH_BIT: one 6.3: pte_none() ignores bit ${bit}: the empty PTE with it set is still none; to spare: 2, 3, 4`,
      );
    }
  });

  it("a row of one bit is named by it", () => {
    const narrow = backendOf({
      pteBits: 32,
      fields: [zeros(31, 8, P), swpOffset(7, 7), swpType(6, 2), zeros(1, 0, P)],
      present: differs(1n, 0n),
      none: equals(ALL32, 0n),
    });
    expect(refusal(() => narrow.encode({ type: 0, offset: 2n }))).toBe(
      "OFFSET_TOO_WIDE: one 6.3: offset 0x2 needs 2 bits, swpOffset 7 holds 1",
    );
  });

  it.each([32, -1, 0.5, Number.NaN])("%d is refused by the width", (bit) => {
    expect(refusal(by(bit))).toBe(`NO_SUCH_BIT: one 6.3: a bit is a whole number from 0 to 31, not ${bit}`);
  });
});
