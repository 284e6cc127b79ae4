import { arm64 } from "@ptekit/arm64";
import type { ArchBackend, Architecture, LeafLayout } from "@ptekit/core";
import { checkArch, meaningOf, mmu, presentFlags, presentRulerRows, toJson } from "@ptekit/core";
import { loongarch } from "@ptekit/loongarch";
import { riscv } from "@ptekit/riscv";
import { s390 } from "@ptekit/s390";
import { x86_64 } from "@ptekit/x86_64";
import { describe, expect, it } from "vitest";

// Present entries above the PTEs. What the kernel says of those of huge pages, conformance holds (`presentPmds`).

const at = (arch: Architecture, level: "pmd" | "pud"): ArchBackend =>
  arch.for({ release: "7.2" }).at(level) ?? expect.unreachable();
const pmd = at(x86_64, "pmd");

describe("a present entry above the PTEs", () => {
  it("of a huge page has its frame, its flags by the kernel's names, and its level", () => {
    const said = pmd.decode(0x8000_0001_2340_08e7n);
    expect(said).toMatchObject({ kind: "present", leaf: true, pfn: 0x123400n, write: true, softDirty: true });
    expect(said.level).toBe("pmd");
    expect(toJson(said)).toMatchObject({ level: "pmd", pfn: "0x123400" });
    expect(presentFlags(pmd, said.pte)).toContain("_PAGE_PSE");
    expect(meaningOf(pmd, said)).toBe("present: a huge page, pfn 0x123400; soft-dirty, young, dirty");
  });

  it("of a table has the table's address, and no flags", () => {
    const said = pmd.decode(0x123_4067n);
    expect(said).toMatchObject({ kind: "present", leaf: false, table: 0x123_4000n });
    expect(said).not.toHaveProperty("pfn");
    expect(meaningOf(pmd, said)).toBe("present: leads to the table at 0x1234000");
  });

  it("that is neither is bad", () => {
    const said = pmd.decode(0x100n);
    expect(said).toMatchObject({ kind: "present", leaf: false, bad: true });
    expect(meaningOf(pmd, said)).toContain("neither a table nor a page");
  });

  it("and not present, with a swap slot, is none that a kernel writes there", () => {
    const word = pmd.encode({ type: 3, offset: 0x1234n });
    expect(meaningOf(pmd, pmd.decode(word))).toContain("no PMD holds such an entry");
    const migrating = pmd.decode(pmd.encodePfn("migration-write", 0x200n));
    expect(meaningOf(pmd, migrating)).not.toContain("holds");
  });

  it("takes of the frame only what a page of that size is aligned to", () => {
    expect(at(x86_64, "pud").decode(0x8000_0001_4000_00e7n)).toMatchObject({ pfn: 0x14_0000n });
    // Bit 12 is _PAGE_PAT_LARGE and _PAGE_HGLOBAL, no part of the frame.
    expect(pmd.decode(0x8000_0001_2340_18e7n)).toMatchObject({ pfn: 0x12_3400n });
    expect(presentFlags(pmd, 0x8000_0001_2340_18e7n)).toContain("_PAGE_PAT_LARGE");
    expect(presentFlags(at(loongarch, "pmd"), 0x1400_13dfn)).toContain("_PAGE_HGLOBAL");
  });

  it("reads the PTE as it did, whose level is pte", () => {
    const pte = x86_64.for({ release: "7.2" });
    const said = pte.decode(0x8000_0001_2340_0867n);
    expect(said.level).toBe("pte");
    expect(said).not.toHaveProperty("leaf");
  });

  it("is read by a table's own flags on s390", () => {
    const said = at(s390, "pmd").decode(0x1230_f401n);
    expect(said).toMatchObject({ kind: "present", leaf: true, pfn: 0x1_2300n, write: true, dirty: true });
    expect(presentFlags(at(s390, "pud"), 0x8000_f405n)).toContain("_REGION3_ENTRY_LARGE");
  });

  it("has every bit in one row, on every level", () => {
    for (const arch of [x86_64, arm64, riscv, s390, loongarch]) {
      for (const level of ["pmd", "pud"] as const) {
        const { present } = arch.for({ release: "7.2" }).at(level) ?? {};
        if (!present) continue;
        const bits = presentRulerRows(present).flatMap(({ high, low }) =>
          Array.from({ length: high - low + 1 }, (_, i) => high - i),
        );
        expect([arch.name, level, bits]).toEqual([
          arch.name,
          level,
          Array.from({ length: 64 }, (_, i) => 63 - i),
        ]);
      }
    }
  });
});

describe("an author's leaf", () => {
  const citation = "See _PAGE_PSE in arch/x86/include/asm/pgtable_types.h (as of Linux v6.12)";
  const problems = (leaf: Partial<LeafLayout>): string[] => {
    const { for: _for, ...data } = x86_64;
    return checkArch({
      ...data,
      leaves: [{ levels: ["pmd"], fields: [mmu(7, 7, "_PAGE_PSE")], citation, ...leaf }],
    });
  };

  it("that is right has no problems", () => {
    expect(problems({})).toEqual([]);
  });

  it("says bits from the highest down, each once, of a level", () => {
    const rows = [mmu(7, 7, "A"), mmu(8, 7, "B")];
    expect(problems({ fields: rows })).toEqual([
      "x86_64: leaf pmd: bits 8:7 stands not below the row before",
    ]);
    expect(problems({ fields: [mmu(3, 5, "A")] }).join()).toContain("3:5 is not a run of bits");
    expect(problems({ levels: [] })).toEqual(["x86_64: leaf : is of no level"]);
  });
});
