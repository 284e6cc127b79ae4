import { s390 } from "@ptekit/s390";
import { describe, expect, it } from "vitest";

describe("s390", () => {
  const backend = s390.for({ release: "7.2" });

  it("an empty PTE is 0x400, and a PTE of 0 names type 0, offset 0", () => {
    expect(backend.decode(0x400n).kind).toBe("none");
    expect(backend.decode(0n)).toMatchObject({ kind: "swap", type: 0, offset: 0n });
  });

  it("a special PTE by a bit is the empty one with that bit", () => {
    expect(backend.specialPte("uffd-wp", { by: "bit", bit: 7 })).toBe(0x480n);
  });

  // mk_swap_rste() in arch/s390/include/asm/pgtable.h (as of Linux v7.2)
  it("PMD swap entries have a layout of their own from 7.2 on", () => {
    const pmd = backend.at("pmd", "thp");
    expect(pmd?.decode(0x20n).kind).toBe("none");
    expect(pmd?.encode({ type: 3, offset: 0x1234n })).toBe(0x12340f0n);
    expect(pmd?.toSwpEntry(0x12340f0n)).toBe(
      backend.toSwpEntry(backend.encode({ type: 3, offset: 0x1234n })),
    );
    expect(s390.for({ release: "6.12" }).at("pmd", "thp")).toBeNull();
  });
});
