import { checkArch, defineArch, differs, equals, swpOffset, swpType, zeros } from "@ptekit/core";
import { expect, it } from "vitest";

const data = {
  name: "gone",
  title: "an architecture that the kernel dropped",
  header: "arch/gone/include/asm/pgtable.h",
  removed: {
    in: "5.18",
    citation: 'Linux kernel commit aec499c75cf8 ("gone: Remove the architecture") (in v5.18)',
  },
  layouts: [
    {
      id: "gone 4.17",
      since: "4.17",
      pteBits: 32,
      fields: [swpOffset(31, 6), swpType(5, 1), zeros(0, 0, "pte_present() reads it")],
      present: differs(1n, 0n),
      none: equals(0xffff_ffffn, 0n),
      citation: "See __swp_entry() in arch/gone/include/asm/pgtable.h (as of Linux v4.17)",
    },
  ],
  symbols: [],
  pageShift: [{ shift: 12 }],
  physBits: [{ bits: 32 }],
  byteOrder: [{ order: "little" }],
} as const;

it("a release without the architecture is refused by name, the one before is not", () => {
  const gone = defineArch(data);
  expect(gone.for({ release: "5.17.15" }).layout.id).toBe("gone 4.17");
  for (const release of ["5.18", "5.18-rc1", "6.12.117"]) {
    expect(() => gone.for({ release })).toThrow(`gone was removed in 5.18; ${release} has none`);
  }
});

it("a removal cites its source", () => {
  expect(checkArch({ ...data, removed: { in: "5.18", citation: "long ago" } })).toEqual([
    'gone: removed: the citation "long ago" names no file or commit with its release',
  ]);
});
