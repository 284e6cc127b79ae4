import type { ArchBackend, ArchData, Layout } from "@ptekit/core";
import {
  capacityOf,
  createBackend,
  defineArch,
  encodeOnly,
  select,
  spare,
  swpOffset,
  swpType,
  withLayout,
  zeros,
} from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { arm, arm63, arm64, armData, x86 } from "./fixture.ts";

const capacity = ({ layout, types, kernel }: ArchBackend) => capacityOf(layout, types, kernel);

/** arm 6.3 with other rows or limits, as of 6.12. */
const changed = (layout: Partial<Layout>, data: Partial<ArchData> = {}): ArchBackend =>
  defineArch({ ...armData, layouts: [{ ...arm63, ...layout }], ...data }).for({ release: "6.12" });

/** With that many bits of offset, and of type. */
const withBits = (offset: number, type = 5): ArchBackend =>
  changed({
    fields: [
      ...(offset + type < 30 ? [spare(31, 2 + offset + type)] : []),
      swpOffset(1 + offset + type, 2 + type),
      swpType(1 + type, 2),
      zeros(1, 0, "pte_present() reads it"),
    ],
  });

describe("what a layout has room for", () => {
  it("arm 6.12: 32 types of which 4 are special, 24 bits of offset or 64 GiB, and the PFNs of 4 GiB", () => {
    expect(capacity(arm.for({ release: "6.12" }))).toEqual({
      types: 32,
      swapFiles: 28,
      offsetBits: 24,
      layoutBytes: 64n << 30n,
      maxBytes: 64n << 30n,
      maxPhysicalAddress: (4n << 30n) - 1n,
      migrationAd: true,
    });
  });

  it("arm LPAE: the offset is narrower than the PFN, and limits the address to 36 bits", () => {
    const lpae = capacity(arm.for({ release: "6.12", config: { CONFIG_ARM_LPAE: "y" } }));
    expect(lpae).toMatchObject({ offsetBits: 24, maxPhysicalAddress: (64n << 30n) - 1n, migrationAd: false });
  });

  it("x86_64: 50 bits of offset are 4 EiB, and the swap header stops at 2^32 - 1 pages", () => {
    const { layoutBytes, maxBytes, maxPhysicalAddress } = capacity(x86.for({ release: "6.12" }));
    expect(layoutBytes).toBe(4n << 60n);
    expect(maxBytes).toBe((16n << 40n) - 4096n);
    expect(maxPhysicalAddress).toBe((64n << 40n) - 1n);
  });

  it("a page of 64K holds sixteen times as much as one of 4K", () => {
    const large = arm64.for({ release: "6.12", config: { CONFIG_ARM64_64K_PAGES: "y" } });
    expect(capacity(large).layoutBytes).toBe(16n * capacity(arm64.for({ release: "6.12" })).layoutBytes);
    expect(capacity(large).maxBytes).toBe((256n << 40n) - 65536n);
  });

  it("six bits of type are 32 types all the same: the generic layer has five", () => {
    const old = arm64.for({ release: "5.10" });
    expect(old.maxType).toBe(63);
    // hwpoison, two of migration, two of device-private.
    expect(capacity(old)).toMatchObject({ types: 32, swapFiles: 27, migrationAd: null });
  });

  it("three bits of type are 8 types, of which 4 are special; two bits leave no swap file at all", () => {
    expect(capacity(withBits(24, 3))).toMatchObject({ types: 8, swapFiles: 4 });
    expect(capacity(withBits(24, 2))).toMatchObject({ types: 4, swapFiles: 0 });
    expect(capacity(withBits(24, 1))).toMatchObject({ types: 2, swapFiles: 0 });
  });

  it("what only encode writes counts, up to what swp_entry_t has room for", () => {
    const fields = [
      encodeOnly(swpOffset(31, 31, 23), "x"),
      swpOffset(30, 8),
      spare(7, 7),
      ...arm63.fields.slice(-2),
    ];
    const written = createBackend(withLayout(select(arm, { release: "6.12" }), { ...arm63, fields }));
    expect(capacity(written).offsetBits).toBe(24);
  });
});

describe("the largest swap file", () => {
  const pages = (limit: bigint): bigint =>
    changed({}, { maxSwapfilePages: [{ pages: limit }] }).kernel.maxSwapfilePages;

  it("is what the layout holds, or what the architecture allows where that is less", () => {
    expect(changed({}).kernel).toMatchObject({ archMaxPages: null, maxSwapfilePages: 1n << 24n });
    expect(pages(1n << 23n)).toBe(1n << 23n);
    expect(pages(1n << 25n)).toBe(1n << 24n);
    expect(capacity(changed({}, { maxSwapfilePages: [{ pages: 5n }] })).maxBytes).toBe(5n * 4096n);
  });

  // swap_migration_ad_supported: SWP_PFN_BITS (20 here) and two bits more must fit below the limit.
  it("young and dirty are kept from 2^22 pages on", () => {
    expect(withBits(22).kernel.migrationAd).toBe(true);
    expect(withBits(21).kernel.migrationAd).toBe(false);
    expect(changed({}, { maxSwapfilePages: [{ pages: (1n << 22n) - 1n }] }).kernel.migrationAd).toBe(false);
    expect(changed({}, { maxSwapfilePages: [{ pages: 1n << 22n }] }).kernel.migrationAd).toBe(true);
  });
});
