import { describe, expect, it } from "vitest";
import { arm, arm64, refusal, untyped, x86 } from "./fixture.ts";

const bySwapType = { by: "swap-type" } as const;
const byBit = { by: "bit" } as const;

describe("special PTEs by swap type", () => {
  // make_pte_marker() as compiled from the headers.
  it("are the words of make_pte_marker()", () => {
    const x = x86.for({ release: "7.2" });
    expect(x.specialPte("uffd-wp", bySwapType)).toBe(0xffff_ffff_ffff_fc00n);
    expect(x.specialPte("poisoned", bySwapType)).toBe(0xffff_ffff_ffff_fa00n);
    expect(x.specialPte("guard", bySwapType)).toBe(0xffff_ffff_ffff_f600n);
    expect(x86.for({ release: "6.1" }).specialPte("uffd-wp", bySwapType)).toBe(0xf7ff_ffff_ffff_fc00n);
    expect(arm64.for({ release: "6.12" }).specialPte("uffd-wp", bySwapType)).toBe(0x17c0n);
    expect(arm64.for({ release: "7.2" }).specialPte("guard", bySwapType)).toBe(0x47c0n);
    expect(arm64.for({ release: "6.6" }).specialPte("poisoned", bySwapType)).toBe(0x2f8n);
    expect(arm64.for({ release: "6.2" }).specialPte("swapin-error", bySwapType)).toBe(0x2f8n);
    expect(arm.for({ release: "7.2" }).specialPte("uffd-wp", bySwapType)).toBe(0x17cn);
    expect(arm.for({ release: "7.2" }).specialPte("guard", bySwapType)).toBe(0x47cn);
  });

  it("are recognised with any marker bit, and nothing else is", () => {
    const backend = arm64.for({ release: "7.2" });
    for (const pte of [0x17c0n, 0x27c0n, 0x47c0n, 0x77c0n, 0x87c0n]) {
      expect(backend.isSpecialPte(pte, bySwapType)).toBe(true);
    }
    for (const pte of [0n, 1n, 8n, 0x12340c0n]) expect(backend.isSpecialPte(pte, bySwapType)).toBe(false);
  });

  it("are refused where the release has no such type or marker", () => {
    const old = arm64.for({ release: "6.1", config: "CONFIG_MIGRATION=y\n" });
    const sentence =
      "NO_MARKER_TYPE: arm64 5.19: 6.1 has no PTE marker type (5.19 and later, before 6.2 only with CONFIG_PTE_MARKER)";
    expect(refusal(() => old.specialPte("uffd-wp", bySwapType))).toBe(sentence);
    expect(refusal(() => old.isSpecialPte(0n, bySwapType))).toBe(sentence);
    expect(refusal(() => arm64.for({ release: "6.12" }).specialPte("guard", bySwapType))).toBe(
      "NO_SUCH_MARKER: arm64 6.10: 6.12 has the markers uffd-wp, poisoned, not guard",
    );
    expect(refusal(() => arm64.for({ release: "6.12" }).specialPte(untyped("wp"), bySwapType))).toMatch(
      /^NO_SUCH_MARKER: /,
    );
  });
});

describe("special PTEs by bit", () => {
  it("x86_64: 0x4, as the proposal of 2021 wrote it", () => {
    const backend = x86.for({ release: "5.19" });
    expect(backend.specialPte("uffd-wp", byBit)).toBe(4n);
    expect(backend.isSpecialPte(4n, byBit)).toBe(true);
    // The comment in that series says offset 0; under the L1TF inversion the offset reads as all ones.
    expect(backend.decode(4n)).toMatchObject({
      kind: "swap",
      type: 0,
      offset: 0x3_ffff_ffff_ffffn,
      uffdWp: true,
    });
    for (const pte of [0n, 6n, 0x24n, 0xffff_ffff_ffff_fc00n])
      expect(backend.isSpecialPte(pte, byBit)).toBe(false);
  });

  it("any spare bit can make one", () => {
    const backend = arm64.for({ release: "6.12" });
    expect(backend.specialPte("uffd-wp", byBit)).toBe(8n);
    expect(backend.specialPte("uffd-wp", { by: "bit", bit: 4 })).toBe(0x10n);
    expect(backend.specialPte("uffd-wp", { by: "bit", bit: 63 })).toBe(1n << 63n);
    expect(backend.isSpecialPte(0x10n, { by: "bit", bit: 4 })).toBe(true);
    expect(backend.isSpecialPte(8n, { by: "bit", bit: 4 })).toBe(false);
  });

  it("are refused by the bit's name where it cannot make one, and the sentence names those that can", () => {
    const backend = arm64.for({ release: "6.12" });
    const at = (bit: unknown) =>
      refusal(() => backend.specialPte("uffd-wp", { by: "bit", bit: untyped(bit) }));
    expect(at(7)).toBe("NO_SUCH_BIT: arm64 6.10: bit 7 is inside the type field; to spare: 4, 5, 62, 63");
    expect(at(12)).toMatch("bit 12 is inside the offset field");
    expect(at(2)).toMatch("bit 2 is the exclusive flag");
    expect(at(11)).toMatch("bit 11 must be zero");
    for (const bit of [-1, 64, 1.5, Number.NaN, "4", 4n, null])
      expect(at(bit)).toMatch(/^NO_SUCH_BIT: arm64 6.10: /);
    expect(refusal(() => arm.for({ release: "6.12" }).specialPte("uffd-wp", byBit))).toBe(
      "NO_SUCH_BIT: arm 6.3: swap PTEs have no uffd-wp bit; it has none to spare",
    );
    expect(refusal(() => arm64.for({ release: "6.1" }).specialPte("uffd-wp", byBit))).toBe(
      "NO_SUCH_BIT: arm64 5.19: swap PTEs have no uffd-wp bit; to spare: 59, 60, 61, 62, 63",
    );
  });

  it("A and D of x86_64 make none: pte_none() ignores them", () => {
    const backend = x86.for({ release: "5.19" });
    expect(refusal(() => backend.specialPte("uffd-wp", { by: "bit", bit: 5 }))).toMatch(
      /^NO_SUCH_BIT: x86_64 5.19: pte_none\(\) ignores bit 5: the empty PTE with it set is still none/,
    );
  });

  it("one bit says uffd-wp and nothing else", () => {
    expect(refusal(() => arm64.for({ release: "6.12" }).specialPte("poisoned", byBit))).toMatch(
      /^NO_SUCH_MARKER: arm64 6.10: one bit makes one special PTE, uffd-wp; it has no room for poisoned$/,
    );
  });

  it("by header page: type 1 with offset 0, which is a marker of no kind", () => {
    const byHeaderPage = { by: "header-page" } as const;
    const backend = arm64.for({ release: "6.12" });
    const word = backend.specialPte("uffd-wp", byHeaderPage);
    expect(word).toBe(backend.encode({ type: 1, offset: 0n }));
    expect(backend.isSpecialPte(word, byHeaderPage)).toBe(true);
    expect(backend.isSpecialPte(word, { by: "swap-type" })).toBe(false);
    expect(refusal(() => backend.specialPte("poisoned", byHeaderPage))).toMatch(/^NO_SUCH_MARKER: /);
    expect(refusal(() => backend.specialPte("uffd-wp", { by: "header-page", bit: 4 }))).toBe(
      `UNKNOWN_OPTION: bit goes with by: "bit"`,
    );
  });

  it("unknown options are refused by name", () => {
    const backend = arm64.for({ release: "6.12" });
    const by = (options: unknown) => refusal(() => backend.specialPte("uffd-wp", untyped(options)));
    expect(by({ by: "magic" })).toBe(
      `UNKNOWN_OPTION: a special PTE is made by "swap-type", by "bit" or by "header-page", not magic`,
    );
    expect(by(undefined)).toMatch(/^UNKNOWN_OPTION/);
    expect(by({ by: "swap-type", bit: 4 })).toBe(`UNKNOWN_OPTION: bit goes with by: "bit"`);
    expect(by({ by: "bit", bti: 4 })).toBe("UNKNOWN_OPTION: a special PTE is made with by and bit, not bti");
  });
});
