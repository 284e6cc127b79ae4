import type { ArchData, Layout } from "@ptekit/core";
import {
  defineArch,
  equals,
  free,
  freePresentBits,
  mmu,
  priceOf,
  spare,
  swpOffset,
  swpType,
  zeros,
} from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { arm, arm63, arm64, armData, CITATION, modified, x86 } from "./fixture.ts";

const changed = (layout: Partial<Layout>, data: Partial<ArchData> = {}) =>
  defineArch({ ...armData, layouts: [{ ...arm63, ...layout }], ...data }).for({ release: "6.12" });

const arm612 = arm.for({ release: "6.12" });

describe("the price of a special PTE by one bit", () => {
  it("is nothing where the layout has a uffd-wp bit", () => {
    expect(priceOf(x86.for({ release: "6.12" })).byBit).toMatchObject({
      bit: 2,
      source: "uffd-wp",
      pte: 4n,
      cost: null,
    });
  });

  it("is the lowest free bit where it has none", () => {
    const off = x86.for({ release: "6.12", config: { CONFIG_HAVE_ARCH_USERFAULTFD_WP: "n" } });
    expect(priceOf(off).byBit).toMatchObject({ bit: 1, source: "free", pte: 2n, cost: null });
  });

  it("is no bit that pte_none() ignores", () => {
    const fields = [swpOffset(31, 10), spare(9, 7), swpType(6, 2), zeros(1, 0, "pte_present() reads it")];
    const ignored = changed({ fields, none: equals(0xffff_fe7fn, 0n) });
    expect(ignored.spareBits().free).toEqual([7, 8, 9]);
    expect(priceOf(ignored).byBit).toMatchObject({ bit: 9, source: "free", pte: 0x200n });
  });

  it("is a bit of the offset where none is free, and the PTE would be of another layout", () => {
    const { byBit } = priceOf(arm612);
    expect(byBit).toMatchObject({ bit: 8, source: "offset", pte: null });
    expect(byBit.cost).toMatchObject({ bit: 8, from: "offset", refusedBy: null });
  });

  const oneBit = (type: number): Layout["fields"] => [
    zeros(31, 3 + type, "x"),
    swpOffset(2 + type, 2 + type),
    swpType(1 + type, 2),
    zeros(1, 0, "pte_present() reads it"),
  ];

  it("is a bit of the type where the offset has none to give", () => {
    expect(priceOf(changed({ fields: oneBit(6) })).byBit).toMatchObject({ bit: 2, source: "type" });
  });

  it("cannot be paid where the kernel's build refuses the last one", () => {
    const backend = changed({ fields: oneBit(5) }, { typeChecks: [{ citation: CITATION }] });
    expect(backend.spareBits().takeable).toHaveLength(1);
    expect(priceOf(backend).byBit).toMatchObject({ bit: null, source: null, pte: null, cost: null });
  });
});

describe("the bit of a present PTE", () => {
  const fields = [free(63, 62), mmu(61, 9, "x"), free(8, 7), mmu(6, 0, "x")];
  const present = (rows: typeof fields) => [{ since: "4.0", fields: rows, ...modified, citation: CITATION }];

  it("free ones are named from the lowest on", () => {
    expect(freePresentBits({ since: "4.0", fields, ...modified, citation: CITATION })).toEqual([
      7, 8, 62, 63,
    ]);
  });

  it("is its own uffd-wp bit, a free one, none, or not known", () => {
    const of = (backend: Parameters<typeof priceOf>[0]) => {
      const { presentBit, presentSource } = priceOf(backend).byBit;
      return [presentBit, presentSource];
    };
    const config = { CONFIG_ARM64_64K_PAGES: "y" } as const;
    expect(of(arm64.for({ release: "6.12", config }))).toEqual([58, "uffd-wp"]);
    expect(of(changed({}, { present: present(fields) }))).toEqual([7, "free"]);
    expect(of(x86.for({ release: "6.12" }))).toEqual([null, "none"]);
    expect(of(arm612)).toEqual([null, "unknown"]);
    // It goes with every kind of bit in the swap PTE.
    expect(priceOf(arm64.for({ release: "6.12", config })).byBit).toMatchObject({ bit: 3, presentBit: 58 });
  });
});

describe("the price of a special PTE by a swap type", () => {
  it("is a swap file, where the kernel has the marker", () => {
    // make_pte_marker() of arm 6.12 is 0x17c; MAX_SWAPFILES is 28 with the marker.
    expect(priceOf(arm612).bySwapType).toEqual({
      type: 31,
      merged: true,
      swapFilesBefore: 29,
      swapFilesAfter: 28,
      pte: 0x17cn,
    });
  });

  it("would be the type above the others, where it has none", () => {
    // arm 5.10: two migration types, the offset from bit 7.
    expect(priceOf(arm.for({ release: "5.10" })).bySwapType).toEqual({
      type: 31,
      merged: false,
      swapFilesBefore: 30,
      swapFilesAfter: 29,
      pte: 0xfcn,
    });
  });

  it("stays below swapin-error in 5.19 to 6.1", () => {
    expect(priceOf(arm.for({ release: "6.1" })).bySwapType).toEqual({
      type: 30,
      merged: false,
      swapFilesBefore: 28,
      swapFilesAfter: 27,
      pte: 0xf8n,
    });
  });

  it("has no PTE where the type does not fit", () => {
    const fields = [swpOffset(31, 7), spare(6, 6), swpType(5, 2), zeros(1, 0, "pte_present() reads it")];
    expect(priceOf(changed({ fields })).bySwapType).toMatchObject({ type: 31, pte: null });
  });
});

it("a price names its kernel, what it has room for, and the header page: type 1 with offset 0", () => {
  const price = priceOf(arm612);
  expect(price).toMatchObject({ arch: "arm", layout: "arm 6.3", release: "6.12", headerPage: 4n });
  expect(price.capacity).toMatchObject({ types: 32, offsetBits: 24, layoutBytes: 64n << 30n });
});
