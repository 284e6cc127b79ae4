import type { ArchData, Layout } from "@ptekit/core";
import {
  bitClaims,
  checkLayout,
  createBackend,
  defineArch,
  differs,
  equals,
  exclusive,
  onlyWith,
  otherwise,
  setPteKeeps,
  setPteSets,
  softDirty,
  spare,
  swpOffset,
  swpType,
  zeros,
} from "@ptekit/core";
import { describe, expect, it } from "vitest";

const THP = "CONFIG_TRANSPARENT_HUGEPAGE";
const citation = "See __swp_entry() in arch/toy/include/asm/pgtable.h (as of Linux v6.12)";

const layout: Layout = {
  id: "toy 6.3",
  since: "6.3",
  pteBits: 32,
  fields: [
    swpOffset(31, 12),
    swpType(11, 7),
    exclusive(6),
    setPteSets(5, 5, "needs a flush"),
    setPteKeeps(4, 4, "hashed"),
    otherwise(softDirty(3, "fast"), onlyWith(zeros(3, 3, "pmd_present() reads it"), THP)),
    spare(2, 1),
    zeros(0, 0, "pte_present() reads it"),
  ],
  present: differs(1n, 0n),
  none: equals(0xffff_ffcfn, 0n),
  pmd: { when: [THP], present: differs(9n, 0n), citation },
  citation,
};

const data: ArchData = {
  name: "toy",
  title: "Toy",
  header: "arch/toy/include/asm/pgtable.h",
  layouts: [layout],
  symbols: [
    { name: THP, default: "y", citation: "arch/toy/Kconfig (as of Linux v6.12)" },
    {
      name: "CONFIG_DEVICE_PRIVATE",
      default: "y",
      when: [THP],
      citation: "arch/toy/Kconfig (as of Linux v6.12)",
    },
  ],
  cpus: [{ name: "fast", citation: "See fast() in arch/toy/kernel/cpu.c (as of Linux v6.12)" }],
  pageShift: [{ shift: 12 }],
  physBits: [{ bits: 32 }],
  byteOrder: [{ order: "little" }],
};
const toy = defineArch(data);

const claims = (target: Parameters<typeof toy.for>[0], bit: number) =>
  bitClaims(toy.for(target).layout).find((claim) => claim.bit === bit)?.claimedBy;

describe("conditional rows", () => {
  it("a row without its conditions is what it says otherwise, and spare where that fails too", () => {
    expect(claims({ release: "6.12", cpu: "fast" }, 3)).toBe("softDirty");
    expect(claims({ release: "6.12" }, 3)).toBe("zeros");
    expect(claims({ release: "6.12", config: { [THP]: "n" } }, 3)).toBe("spare");
  });

  it("what a row is otherwise has the same bits", () => {
    const fields = layout.fields.map((row) =>
      row.low === 3 ? otherwise(softDirty(3, "fast"), spare(2, 1)) : row,
    );
    expect(checkLayout({ ...layout, fields })).toContain("toy 6.3: bit 3: otherwise it is bits 2:1");
  });

  it("an unconditional row has no otherwise", () => {
    const fields = layout.fields.map((row) => (row.low === 3 ? otherwise(softDirty(3), spare(3, 3)) : row));
    expect(checkLayout({ ...layout, fields })).toContain("toy 6.3: bit 3: what it is otherwise can never be");
  });

  it("a symbol is off by default where what it depends on is off", () => {
    expect(toy.for({ release: "6.12" }).types.maxSwapfiles).toBe(27);
    const without = toy.for({ release: "6.12", config: { [THP]: "n" } });
    expect(without.types.maxSwapfiles).toBe(31);
    expect(without.assumed.join()).not.toContain("CONFIG_DEVICE_PRIVATE");
  });
});

describe("a layout that was removed", () => {
  const removed = defineArch({ ...data, layouts: [{ ...layout, until: "6.13" }] });

  it("holds up to the release before", () => {
    expect(removed.for({ release: "6.12" }).layout.id).toBe("toy 6.3");
  });

  it("is refused from then on, by name", () => {
    expect(() => removed.for({ release: "6.13" })).toThrow(
      "toy 6.3 is the last of its kind: support went in 6.13, 6.13 has none",
    );
    expect(() => removed.for({ release: "6.2" })).toThrow("toy goes back to 6.3; 6.2 is older");
  });
});

describe("a PTE of several equal words", () => {
  it("fills them all, and is read from the first", () => {
    const backend = createBackend({ ...partsOf(), layout: { ...layout, copies: 4 } });
    const bytes = backend.toBytes(0x1080n);
    expect([...bytes]).toEqual(Array.from({ length: 4 }, () => [0x80, 0x10, 0, 0]).flat());
    expect(backend.fromBytes(bytes)).toBe(0x1080n);
    expect(() => backend.fromBytes(bytes.subarray(4))).toThrow("a PTE is a Uint8Array of 16 bytes");
  });
});

describe("what set_pte() changes", () => {
  const backend = toy.for({ release: "6.12" });

  it("memory holds what set_pte() sets, and keeps what it keeps", () => {
    expect(backend.stored(0x1080n)).toBe(0x10a0n);
    expect(backend.stored(0x1080n, 0xffff_ffffn)).toBe(0x10b0n);
    expect(backend.decode(0x10b0n)).toMatchObject({ kind: "swap", type: 1, offset: 1n });
  });

  it("such a bit is not free", () => {
    expect(backend.spareBits().free).toEqual([1, 2]);
  });
});

describe("PMD swap entries", () => {
  it("have the PTE's layout without the exclusive flag, and their own pmd_present()", () => {
    const pmd = toy.for({ release: "6.12" }).at("pmd");
    expect(pmd?.layout.id).toBe("toy 6.3 PMD");
    expect(pmd?.encode({ type: 1, offset: 1n })).toBe(0x1080n);
    expect(pmd?.decode(0x1088n).kind).toBe("present");
    expect(() => pmd?.encode({ type: 1, offset: 1n, exclusive: true })).toThrow(/have no exclusive bit/);
    expect(pmd?.at("pmd")).toBe(pmd);
    expect(pmd?.at("pud")).toBeNull();
    expect(pmd?.at("pte")?.layout.id).toBe("toy 6.3");
  });

  it("are not there where their conditions fail", () => {
    expect(toy.for({ release: "6.12", config: { [THP]: "n" } }).at("pmd")).toBeNull();
  });

  it("may have their own fields and empty word, which are checked like a PTE's", () => {
    const own: Layout = {
      ...layout,
      pmd: {
        when: [],
        fields: [swpOffset(31, 12), swpType(11, 7), spare(6, 6)],
        empty: 0x20n,
        present: differs(1n, 0n),
        none: equals(0xffff_ffffn, 0x20n),
        citation,
      },
    };
    expect(checkLayout(own)).toContain("toy 6.3 PMD: bits 5:0 are unclaimed");
    const pmd = createBackend({ ...partsOf(), layout: own }).at("pmd");
    expect(pmd?.decode(0x20n).kind).toBe("none");
    expect(pmd?.decode(0n).kind).toBe("swap");
  });

  it("name the assumptions that change their answer, no others", () => {
    const pmd = toy.for({ release: "6.12" }).at("pmd");
    expect(pmd?.decode(0x1088n).assumed).toMatchObject([
      { sentence: "CONFIG_TRANSPARENT_HUGEPAGE=y (not given)" },
    ]);
  });
});

function partsOf() {
  const { arch, layout, present, types, kernel } = toy.for({ release: "6.12" });
  return { arch, layout, present, types, kernel, assumptions: [] };
}
