// Live files of one row each, on the layout of arm64 6.10 as if it had always been there. Bits of pagemap as in
// Documentation/admin-guide/mm/pagemap.rst (as of Linux v7.2).
import type { FileReport } from "@ptekit/conformance-kit";
import { checkLive, parseLive } from "@ptekit/conformance-kit";
import { defineArch, softDirty, spare } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { data, layout } from "./fixture.ts";

const PRESENT = 1n << 63n;
const SWAPPED = 1n << 62n;
const GUARD = 1n << 58n;
const UFFD_WP = 1n << 57n;
const SOFT_DIRTY = 1n << 55n;

const always = defineArch({
  ...data,
  layouts: [
    {
      ...layout,
      id: "arm64 5.0",
      since: "5.0",
      fields: layout.fields.flatMap((row) => (row.high === 5 ? [spare(5, 5), softDirty(4)] : [row])),
    },
  ],
  present: data.present?.map((row) => ({ ...row, since: "5.0" })) ?? [],
});

const config = { CONFIG_MIGRATION: "y", CONFIG_MEMORY_FAILURE: "y", CONFIG_DEVICE_PRIVATE: "y" };
const judge = (release: string, pte: bigint, pagemap: bigint): FileReport => {
  const row = {
    vaddr: "0x1000",
    region: "anon",
    pte: `0x${pte.toString(16)}`,
    pagemap: `0x${pagemap.toString(16)}`,
  };
  const file = { arch: "arm64", release, levels: 4, config, rows: [row] };
  return checkLive(always, parseLive("l.json", JSON.stringify(file)));
};
const facts = ({ confirmed }: FileReport) => Object.keys(confirmed);
const lists = ({ mismatches }: FileReport) => mismatches.map(({ list }) => list);
const frame = (type: bigint, offset: bigint): bigint => (offset << 5n) | type;

describe("a swap entry", () => {
  const pte = 0x12340c0n; // type 3, offset 0x1234
  const pagemap = SWAPPED | frame(3n, 0x1234n);

  it("is confirmed in all that pagemap says", () => {
    const report = judge("7.2", pte, pagemap);
    expect(report).toMatchObject({
      file: "l.json",
      arch: "arm64",
      release: "7.2",
      variant: "4 levels",
      failed: 0,
    });
    expect(report).toMatchObject({ layout: "arm64 5.0", rows: { live: 1 }, unconfirmed: {} });
    expect(report.confirmed).toEqual({
      present: 1,
      swapped: 1,
      "soft-dirty": 1,
      "uffd-wp": 1,
      guard: 1,
      type: 1,
      offset: 1,
    });
  });

  it("with its flags is confirmed too, but for the exclusive bit", () => {
    const flagged = judge("7.2", pte | 0x1cn, pagemap | UFFD_WP | SOFT_DIRTY);
    expect(flagged.failed).toBe(0);
    expect(flagged.unconfirmed).toEqual({ "exclusive: pagemap does not show the swap PTE's bit": 1 });
    expect(lists(judge("7.2", pte | 8n, pagemap))).toEqual(["uffd-wp"]);
    expect(lists(judge("7.2", pte | 0x10n, pagemap))).toEqual(["soft-dirty"]);
  });

  it("fails in what pagemap says otherwise, and in nothing else", () => {
    expect(lists(judge("7.2", pte, pagemap | PRESENT))).toEqual(["present"]);
    expect(lists(judge("7.2", pte, pagemap ^ SWAPPED))).toEqual(["swapped"]);
    expect(lists(judge("7.2", pte, pagemap | GUARD))).toEqual(["guard"]);
    expect(lists(judge("7.2", pte, pagemap ^ 0x10n))).toEqual(["type"]);
    expect(lists(judge("7.2", pte, pagemap ^ 0x20n))).toEqual(["offset"]);
    expect(lists(judge("7.2", pte, pagemap ^ (1n << 54n)))).toEqual(["offset"]);
  });

  it("of 50 bits of offset is confirmed as far as pagemap has room", () => {
    const largest = (1n << 50n) - 1n;
    expect(judge("7.2", (largest << 12n) | 0xc0n, SWAPPED | frame(3n, largest)).failed).toBe(0);
  });
});

describe("what pagemap reports only from a release on", () => {
  it("uffd-wp from 5.14 on", () => {
    const pte = 0x12340c8n;
    const pagemap = SWAPPED | frame(3n, 0x1234n);
    expect(judge("5.13", pte, pagemap)).toMatchObject({
      failed: 0,
      unconfirmed: { "uffd-wp: pagemap reports it from 5.14 on": 1 },
    });
    expect(lists(judge("5.14", pte, pagemap))).toEqual(["uffd-wp"]);
    expect(judge("5.14", pte, pagemap | UFFD_WP)).toMatchObject({ failed: 0, unconfirmed: {} });
  });

  it("guards from 6.15 on; before, only markers leave it open", () => {
    // 31 is the marker, bit 0 of the offset uffd-wp, bit 2 guard.
    const marker = SWAPPED | UFFD_WP | frame(31n, 1n);
    const open = { "guard: pagemap reports it from 6.15 on": 1 };
    expect(judge("6.14", 0x17c0n, marker)).toMatchObject({ failed: 0, unconfirmed: open });
    expect(judge("6.15", 0x17c0n, marker)).toMatchObject({ failed: 0, unconfirmed: {} });
    expect(judge("6.14", 0x12340c0n, SWAPPED | frame(3n, 0x1234n)).unconfirmed).toEqual({});
    const guard = SWAPPED | GUARD | frame(31n, 4n);
    expect(judge("6.15", 0x47c0n, guard).failed).toBe(0);
    expect(lists(judge("6.15", 0x47c0n, guard ^ GUARD))).toEqual(["guard"]);
    expect(facts(judge("6.14", 0x47c0n, guard))).not.toContain("guard");
  });
});

describe("entries that hold a PFN", () => {
  it("show it without the young and dirty bits above", () => {
    // 6.12: migration-write is type 26; 36 bits of PFN, then young and dirty.
    const offset = 0x1234n | (1n << 36n);
    const open = { "young, dirty: pagemap does not show them": 1 };
    const pagemap = SWAPPED | frame(26n, 0x1234n);
    expect(judge("6.12", (offset << 12n) | (26n << 6n), pagemap)).toMatchObject({
      failed: 0,
      unconfirmed: open,
    });
    const dirty = 0x1234n | (1n << 37n);
    expect(judge("6.12", (dirty << 12n) | (26n << 6n), pagemap)).toMatchObject({
      failed: 0,
      unconfirmed: open,
    });
    expect(judge("6.12", (0x1234n << 12n) | (26n << 6n), pagemap).unconfirmed).toEqual({});
    expect(lists(judge("6.12", (0x1235n << 12n) | (26n << 6n), pagemap))).toEqual(["offset"]);
  });

  it("a swapin-error shows its whole offset", () => {
    // 6.1: type 31, and no PFN in it.
    const offset = 1n << 40n;
    expect(judge("6.1", (offset << 12n) | (31n << 6n), SWAPPED | frame(31n, offset)).failed).toBe(0);
  });
});

describe("a present page", () => {
  it("shows its PFN and its flags, and neither type nor offset", () => {
    const report = judge("7.2", 0x0400_0000_1234_5001n, PRESENT | UFFD_WP | 0x12345n);
    expect(report.failed).toBe(0);
    expect(facts(report)).toEqual(["present", "swapped", "soft-dirty", "uffd-wp", "guard", "pfn"]);
    expect(lists(judge("7.2", 0x12345001n, PRESENT | 0x12344n))).toEqual(["pfn"]);
    expect(lists(judge("7.2", 0x12345001n, PRESENT | UFFD_WP | 0x12345n))).toEqual(["uffd-wp"]);
    expect(lists(judge("7.2", 0x12345001n, PRESENT | SOFT_DIRTY | 0x12345n))).toEqual(["soft-dirty"]);
  });

  it("of device memory has no frame in pagemap; page 0 has", () => {
    const device = judge("7.2", 0x12345001n, PRESENT);
    expect(device).toMatchObject({ failed: 0, unconfirmed: { "pfn: pagemap shows 0 (device memory)": 1 } });
    expect(facts(device)).not.toContain("pfn");
    expect(facts(judge("7.2", 1n, PRESENT))).toContain("pfn");
  });
});

describe("an empty entry", () => {
  it("is neither present nor swapped, and says nothing of soft-dirty", () => {
    const report = judge("7.2", 0n, SOFT_DIRTY);
    expect(report.failed).toBe(0);
    expect(facts(report)).toEqual(["present", "swapped", "uffd-wp", "guard"]);
  });
});

describe("what a file says of more than pagemap", () => {
  const row = { vaddr: "0x1000", region: "anon", pte: "0x12340c4", pagemap: "0x4000000000024683" };
  const told = (more: object) =>
    checkLive(
      always,
      parseLive(
        "l.json",
        JSON.stringify({ arch: "arm64", release: "7.2", levels: 4, config, rows: [{ ...row, ...more }] }),
      ),
    );

  it("the exclusive bit is held against what the program did, where the layout has one", () => {
    const { exclusive } = always.for({ release: "7.2" }).decode(0x12340c4n) as { exclusive?: boolean };
    expect(lists(told({ exclusive }))).toEqual([]);
    expect(facts(told({ exclusive }))).toContain("exclusive");
    expect(lists(told({ exclusive: !exclusive }))).toEqual(["exclusive"]);
  });
});
