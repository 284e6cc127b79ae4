import { describe, expect, it } from "vitest";
import { arm, arm64, x86 } from "./fixture.js";

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
});
