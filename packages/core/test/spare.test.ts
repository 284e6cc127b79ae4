import { bitClaims, claimSentence, equals, freeBits, rowAt, swpOffset } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { arm, arm63, arm64, x86 } from "./fixture.ts";

describe("spare bits", () => {
  // The headers' comments: arm64 6.12 leaves 4, 5, 62 and 63; x86_64 leaves bit 4 ("X"); arm leaves none.
  it("are those that nothing claims, reads or sets", () => {
    expect(arm64.for({ release: "6.12" }).spareBits().free).toEqual([4, 5, 62, 63]);
    expect(arm64.for({ release: "6.1" }).spareBits().free).toEqual([59, 60, 61, 62, 63]);
    expect(arm.for({ release: "6.12" }).spareBits().free).toEqual([]);
    expect(x86.for({ release: "6.12" }).spareBits().free).toEqual([1, 4]);
  });

  it("a flag that the configuration lacks leaves its bit spare, and says what it needs", () => {
    const backend = arm64.for({ release: "6.12", config: { CONFIG_HAVE_ARCH_USERFAULTFD_WP: "n" } });
    const { free, bits } = backend.spareBits();
    expect(free).toEqual([3, 4, 5, 62, 63]);
    expect(bits.find(({ bit }) => bit === 3)?.sentence).toBe(
      "bit 3 is free (uffdWp: only with CONFIG_HAVE_ARCH_USERFAULTFD_WP)",
    );
  });

  it("every bit has one claim, the highest first, and a sentence", () => {
    const { bits } = arm.for({ release: "6.12" }).spareBits();
    expect(bits.map(({ bit }) => bit)).toEqual(Array.from({ length: 32 }, (_, i) => 31 - i));
    const sentences = Object.fromEntries(bits.map(({ bit, sentence }) => [bit, sentence]));
    expect(sentences[2]).toBe("bit 2 is inside the type field");
    expect(sentences[8]).toBe("bit 8 is inside the offset field");
    expect(sentences[7]).toBe("bit 7 is the exclusive flag");
    expect(sentences[0]).toBe("bit 0 must be zero (pte_present() reads it)");
  });

  it("what the swp_entry_t drops can carry a flag only", () => {
    const { bits, free } = arm.for({ release: "6.12", config: { CONFIG_ARM_LPAE: "y" } }).spareBits();
    expect(free).toEqual(Array.from({ length: 32 }, (_, i) => 32 + i));
    expect(bits.filter(({ flagOnly }) => flagOnly).map(({ bit }) => bit)).toEqual([...free].reverse());
  });

  it("what hardware may set is not spare, and pte_none() ignores it", () => {
    const { bits } = x86.for({ release: "6.12" }).spareBits();
    const claim = bits.find(({ bit }) => bit === 5);
    expect(claim).toMatchObject({ claimedBy: "hardware", free: false, ignoredByNone: true });
  });

  it("a bit that no row claims is free, and said to be unclaimed", () => {
    const layout = { ...arm63, fields: arm63.fields.slice(0, -1) };
    expect(bitClaims(layout).at(-1)).toEqual({
      bit: 0,
      claimedBy: "spare",
      free: true,
      flagOnly: false,
      ignoredByNone: false,
      sentence: "bit 0 is unclaimed",
    });
    expect(freeBits(layout)).toEqual([0, 1]);
    expect(claimSentence(layout, 2)).toBe("bit 2 is inside the type field");
    const open = { ...arm63, fields: [swpOffset(30, 8), ...arm63.fields.slice(1)] };
    expect(claimSentence(open, 31)).toBe("bit 31 is unclaimed");
    expect(rowAt(open, 31)).toBeUndefined();
    expect(rowAt(open, 8)?.kind).toBe("swpOffset");
  });

  it("pte_none() ignores a bit where the empty PTE is none with it and without it", () => {
    // s390: _PAGE_INVALID is 0x400, and a PTE is none where that is all it holds; here bit 0 may be set too.
    const layout = { ...arm63, empty: 0x400n, none: equals(0xffff_fffen, 0x400n) };
    const ignored = bitClaims(layout).filter((claim) => claim.ignoredByNone);
    expect(ignored.map(({ bit, flagOnly }) => [bit, flagOnly])).toEqual([[0, false]]);
  });
});
