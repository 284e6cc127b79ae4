import { sparc } from "@ptekit/sparc";
import { describe, expect, it } from "vitest";

describe("sparc without a whole .config", () => {
  it("is 64-bit, on sun4u", () => {
    expect(sparc.for({ release: "6.12" }).layout.id).toBe("sparc 6.3 sun4u");
    expect(sparc.for({ release: "6.12", config: { CONFIG_SPARC32: "y" } }).layout.id).toBe(
      "sparc 6.3 32-bit",
    );
  });

  // _PAGE_PRESENT_4U and _PAGE_PRESENT_4V in arch/sparc/include/asm/pgtable_64.h
  it("reads another present bit on sun4v, and leaves both alone", () => {
    const sun4u = sparc.for({ release: "6.12" });
    const sun4v = sparc.for({ release: "6.12", cpu: "sun4v" });
    expect([sun4u.decode(0x80n).kind, sun4v.decode(0x80n).kind]).toEqual(["present", "swap"]);
    expect([sun4u.decode(0x10n).kind, sun4v.decode(0x10n).kind]).toEqual(["swap", "present"]);
    expect(sun4u.decode(0x10n).assumed).toMatchObject([
      { sentence: "cpu without sun4v (not given)", otherwise: { kind: "present" } },
    ]);
    expect(sun4u.spareBits().free).toEqual(sun4v.spareBits().free);
  });

  it("sparc32 is present only where both bits of the entry's type say so", () => {
    const backend = sparc.for({ release: "6.12", config: { CONFIG_SPARC32: "y" } });
    expect([1n, 2n, 3n].map((pte) => backend.decode(pte).kind)).toEqual(["swap", "present", "swap"]);
  });
});

// get_swap_device: Bad swap offset entry 808000000 (6.17.0-rc4, UltraSPARC III)
it("the offset 0x808000000 is two bits of an otherwise empty PTE", () => {
  const pte = sparc.for({ release: "6.17.0-rc4" }).encode({ type: 0, offset: 0x808000000n });
  expect(pte).toBe((1n << 56n) | (1n << 48n));
});
