import { loadAll } from "@ptekit/all";
import { runProperties } from "@ptekit/conformance-kit";
import type { ArchBackend, Layout } from "@ptekit/core";
import {
  checkLayout,
  createBackend,
  FLAG_NAMES,
  freePresentBits,
  priceOf,
  reserveBit,
  rowsOf,
  takeBit,
  targetOfLayout,
  targetsAt,
  withLayout,
} from "@ptekit/core";
import { describe, expect, it } from "vitest";

const archs = await loadAll();
const archOf = (name: string) => archs.find((arch) => arch.name === name) ?? expect.unreachable(name);
const at = (name: string, release: string, config = {}): ArchBackend => archOf(name).for({ release, config });
const rows = (layout: Layout) =>
  layout.fields.map(({ kind, high, low, from }) => ({ kind, high, low, from }));

const refusal = (act: () => unknown): string => {
  try {
    return String(act());
  } catch (error) {
    return String(error);
  }
};

/** Half the offsets, where swp_entry_t holds as many as the PTE (i386 PAE and sh X2TLB have one bit more). */
const halved = ({ layout, kernel, maxOffset }: ArchBackend): bigint => {
  const held = rowsOf(layout, "swpOffset").filter(({ access }) => access !== "decode");
  const bits = held.reduce((sum, { high, low }) => sum + high - low + 1, 0);
  return bits > kernel.swpTypeShift ? maxOffset : maxOffset >> 1n;
};

describe("what upstream did comes out of reserveBit", () => {
  it("arm 6.3 is arm 4.0 with exclusive from the offset", () => {
    const made = reserveBit(at("arm", "6.2").layout, { from: "offset", for: "exclusive" });
    expect(rows(made)).toEqual(rows(at("arm", "6.3").layout));
  });

  it("arm64 5.19 is the layout before with exclusive from the type", () => {
    const made = reserveBit(at("arm64", "5.18").layout, { from: "type", for: "exclusive" });
    expect(rows(made)).toEqual(rows(at("arm64", "5.19").layout));
  });

  it("arm64 6.9: 60 to 63 are free, and 59 where there are no PMD swap entries: pmd_present() reads it", () => {
    expect(at("arm64", "6.9").spareBits().free).toEqual([60, 61, 62, 63]);
    const without = at("arm64", "6.9", { CONFIG_TRANSPARENT_HUGEPAGE: "n" });
    expect(without.spareBits().free).toEqual([59, 60, 61, 62, 63]);
  });
});

describe("the two i386 mistakes are refused with the sentence that would have prevented them", () => {
  it.each([
    ["5.6", 2, "uffdWp"],
    ["5.18", 3, "exclusive"],
  ] as const)("i386 %s: bit %i for %s", (release, bit, use) => {
    const { layout } = at("i386", release);
    expect(refusal(() => reserveBit(layout, { bit, for: use }))).toContain(
      `bit ${bit} is inside the type field`,
    );
  });
});

describe("a hypothetical layout passes what a real one passes", () => {
  const failing = (backend: ArchBackend): string[] =>
    runProperties(backend).flatMap(({ failed, property }) => (failed > 0 ? [property] : []));
  const problemsOf = (layout: Layout): string[] =>
    checkLayout(layout).map((problem) => problem.replace(layout.id, ""));
  const layouts = archs.flatMap((arch) =>
    targetsAt(arch, "7.2").map((target) => [arch.for(target)] as const),
  );
  it.each(layouts.map(([backend]) => [backend.layout.id, backend] as const))(
    "%s, a bit less of offset",
    (_, backend) => {
      const flag = FLAG_NAMES.find((name) => rowsOf(backend.layout, name).length === 0);
      if (flag === undefined)
        return expect(FLAG_NAMES.every((name) => rowsOf(backend.layout, name).length === 1)).toBe(true);
      const bare = { ...backend.layout, exceptions: [] };
      const layout = reserveBit(bare, { from: "offset", for: flag });
      const [real, made] = [bare, layout].map((one) =>
        createBackend(withLayout({ ...backend, assumptions: [] }, one)),
      ) as [ArchBackend, ArchBackend];
      // What the kernel does wrong, it would do wrong here too, and nothing else.
      expect(problemsOf(layout)).toEqual(problemsOf(bare));
      expect(made.maxOffset).toBe(halved(backend));
      const broken = new Set((backend.layout.exceptions ?? []).length > 0 ? failing(real) : []);
      const failed = runProperties(made).filter(
        ({ failed, property }) => failed > 0 && !broken.has(property),
      );
      expect(failed.map(({ property, failures }) => [property, failures[0]])).toEqual([]);
    },
  );
});

describe("the price", () => {
  it("x86_64 5.13: the uffd-wp bit makes 0x4, and the type would leave 26 of 27 swap files", () => {
    const { byBit, bySwapType } = priceOf(at("x86_64", "5.13"));
    expect(byBit).toMatchObject({ bit: 2, source: "uffd-wp", pte: 0x4n, cost: null, presentBit: 10 });
    expect(bySwapType).toMatchObject({ type: 31, merged: false, swapFilesBefore: 27, swapFilesAfter: 26 });
  });

  it("arm 5.13: no bit is free in either PTE; one from the offset halves 128 GiB", () => {
    const { byBit } = priceOf(at("arm", "5.13"));
    expect(byBit).toMatchObject({
      bit: 7,
      source: "offset",
      pte: null,
      presentBit: null,
      presentSource: "none",
    });
    expect(byBit.cost?.before.maxBytes).toBe(128n << 30n);
    expect(byBit.cost?.after.maxBytes).toBe(64n << 30n);
  });

  it("6.1 without CONFIG_PTE_MARKER would put the marker below swapin-error, as with it", () => {
    expect(priceOf(at("arm64", "6.1")).bySwapType).toMatchObject({ type: 30, merged: false });
    expect(priceOf(at("x86_64", "6.1")).bySwapType).toMatchObject({ type: 30, merged: true });
  });

  it("taking a bit of type on arm64 is refused by the kernel's own build since 5.19", () => {
    const fromType = at("arm64", "6.12")
      .spareBits()
      .takeable.find(({ from }) => from === "type");
    expect(fromType?.refusedBy).toContain("MAX_SWAPFILES_CHECK()");
    expect(fromType?.after.types).toBe(16);
  });

  it("x86_64: the spare bit buys twice the types, or twice the offset", () => {
    const gains = at("x86_64", "6.12").spareBits().gains;
    expect(gains.find((gain) => gain.for === "type")?.after.types).toBe(64);
    expect(gains.find((gain) => gain.for === "offset")?.after.offsetBits).toBe(51);
  });

  it("arm LPAE: a bit that the conversion drops can carry a flag, but no bit of type or offset", () => {
    const lpae = at("arm", "6.12", { CONFIG_ARM_LPAE: "y" });
    expect(rowsOf(reserveBit(lpae.layout, { bit: 40, for: "uffdWp" }), "uffdWp")[0]?.low).toBe(40);
    expect(refusal(() => reserveBit(lpae.layout, { bit: 40, for: "type" }))).toMatch(
      /^BIT_CLAIMED: .*not a bit of the type/,
    );
    expect(lpae.spareBits().gains.every(({ refusedBy }) => refusedBy !== null)).toBe(true);
  });
});

describe("free software bits of a present PTE", () => {
  it.each([
    ["x86_64", "5.10", [52, 53, 54, 55, 56, 57]],
    ["x86_64", "6.12", [52, 53, 54, 55, 56]],
    ["arm", "6.12", []],
    ["arm64", "6.12", [63]],
    ["arm64", "7.2", [57, 63]],
  ])("%s %s: %j", (name, release, bits) => {
    const { present } = at(name as string, release as string);
    expect(present && freePresentBits(present)).toEqual(bits);
  });
});

describe("bad requests", () => {
  const { layout } = at("x86_64", "6.12");
  it.each([
    [{ bit: 60, for: "uffdWp" }, "BIT_CLAIMED: x86_64 5.19: bit 2 is the uffd-wp flag already"],
    [{ bit: 64, for: "type" }, "NO_SUCH_BIT: x86_64 5.19: a bit is a whole number from 0 to 63, not 64"],
    [{ bit: 1.5, for: "type" }, "NO_SUCH_BIT: x86_64 5.19: a bit is a whole number from 0 to 63, not 1.5"],
    [
      { bit: 4, for: "guard" },
      "UNKNOWN_OPTION: a bit is reserved for exclusive, softDirty, uffdWp, type, offset, not guard",
    ],
    [{ bit: 6, for: "type" }, "BIT_CLAIMED: x86_64 5.19: bit 6 may be set by hardware"],
  ])("%j: %s", (request, sentence) => {
    expect(refusal(() => reserveBit(layout, request as never))).toContain(sentence);
  });

  it("every layout of every architecture answers for each of its bits", () => {
    for (const arch of archs) {
      for (const entry of arch.layouts) {
        const { bits } = arch.for(targetOfLayout(arch, entry)).spareBits();
        expect(bits).toHaveLength(entry.pteBits);
        expect(bits.every(({ sentence }) => /^bit \d+ \w/.test(sentence))).toBe(true);
      }
    }
  });
});

describe("taking any bit of a field", () => {
  const all = archs.flatMap((arch) => targetsAt(arch, "7.2").map((target) => arch.for(target)));
  const missing = ({ layout }: ArchBackend) => FLAG_NAMES.find((name) => rowsOf(layout, name).length === 0);
  const fieldBits = ({ layout }: ArchBackend): number[] =>
    layout.fields
      .filter(({ kind, access }) => (kind === "swpType" || kind === "swpOffset") && access === "both")
      .flatMap(({ high, low }) => Array.from({ length: high - low + 1 }, (_, i) => low + i));

  it("leaves a layout that is right, whichever bit it is", () => {
    for (const backend of all) {
      const flag = missing(backend);
      if (flag === undefined) continue;
      for (const bit of fieldBits(backend)) {
        const { layout } = takeBit(backend.layout, bit, flag);
        expect([layout.id, checkLayout(layout)]).toEqual([layout.id, []]);
      }
    }
  });

  it("the lowest bit of a field is what reserveBit takes of it", () => {
    for (const backend of all)
      for (const from of ["type", "offset"] as const) {
        const flag = missing(backend);
        if (flag === undefined) continue;
        const made = reserveBit(backend.layout, { from, for: flag });
        const bit = made.fields.find(({ kind }) => kind === flag)?.low ?? -1;
        const row = backend.layout.fields.find(({ high, low }) => bit <= high && bit >= low);
        if (row?.access !== "both") continue;
        const taken = takeBit(backend.layout, bit, flag);
        expect([taken.from, rows(taken.layout)]).toEqual([from, rows(made)]);
      }
  });

  it("a bit in the middle of the offset passes the properties", () => {
    const backend = at("riscv", "6.6");
    const layout = takeBit({ ...backend.layout, exceptions: [] }, 20, "uffdWp").layout;
    const made = createBackend(withLayout({ ...backend, assumptions: [] }, layout));
    expect(made.encode({ type: 3, offset: 0x1ffn, uffdWp: true })).toBe(
      (1n << 21n) | (1n << 20n) | 0xff000n | (3n << 7n),
    );
    expect(runProperties(made).filter(({ failed }) => failed > 0)).toEqual([]);
  });

  it("refuses what is no field's, and a flag that is there", () => {
    const { layout } = at("arm64", "6.12");
    expect(refusal(() => takeBit(layout, 2, "softDirty"))).toContain("bit 2 is the exclusive flag");
    expect(refusal(() => takeBit(layout, 0, "softDirty"))).toContain("BIT_CLAIMED");
    expect(refusal(() => takeBit(layout, 20, "exclusive"))).toContain("exclusive flag already");
    expect(refusal(() => takeBit(layout, 64, "softDirty"))).toContain("NO_SUCH_BIT");
  });
});
