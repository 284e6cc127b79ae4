import type { AddressField, Geometry, Predicate, UpperEntry } from "@ptekit/core";
import { addressBitsOf, bits, differs, either, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

const FIRST = "4.0";

/** How an address stands in a descriptor, by page size and width of a physical address. */
interface Format {
  readonly pageShift: 12 | 14 | 16;
  readonly when: readonly string[];
  readonly address: readonly AddressField[];
}

const formats: readonly Format[] = [
  { pageShift: 12, when: ["CONFIG_ARM64_4K_PAGES", "lpa2"], address: [bits(49, 12), bits(9, 8, 50)] },
  { pageShift: 12, when: ["CONFIG_ARM64_4K_PAGES", "!lpa2"], address: [bits(47, 12)] },
  { pageShift: 14, when: ["CONFIG_ARM64_16K_PAGES", "lpa2"], address: [bits(49, 14), bits(9, 8, 50)] },
  { pageShift: 14, when: ["CONFIG_ARM64_16K_PAGES", "!lpa2"], address: [bits(47, 14)] },
  {
    pageShift: 16,
    when: ["CONFIG_ARM64_64K_PAGES", "CONFIG_ARM64_PA_BITS=52"],
    address: [bits(47, 16), bits(15, 12, 48)],
  },
  { pageShift: 16, when: ["CONFIG_ARM64_64K_PAGES", "!CONFIG_ARM64_PA_BITS=52"], address: [bits(47, 16)] },
];

/** How wide an address is: what a configuration says, and what is left of it where the CPU has less. */
interface Width {
  readonly bits: number;
  readonly when: readonly string[];
  readonly since?: string;
}

const stated = (width: number, ...more: string[]): Width => ({
  bits: width,
  when: [`CONFIG_ARM64_VA_BITS=${width}`, ...more],
});

/** The last one of each page size is what VA_BITS=52 comes to without the CPU's part, and what was usual before there were 52. */
const widths: Readonly<Record<Format["pageShift"], readonly Width[]>> = {
  12: [stated(39), stated(48), { ...stated(52, "lpa2"), since: "6.9" }, { bits: 48, when: [] }],
  14: [stated(36), stated(47), stated(48), { ...stated(52, "lpa2"), since: "6.9" }, { bits: 47, when: [] }],
  16: [stated(42), stated(48), { ...stated(52), since: "5.4" }, { bits: 48, when: [] }],
};

const leafSince610 = either(equals(0x3n, 0x1n), equals(0x801n, 0x800n));
const leafBefore = either(equals(0x3n, 0x1n), differs(0x0c00_0000_0000_0000n, 0n));

function levelsOf(width: number, { pageShift, address }: Format, leaf: Predicate): Geometry["levels"] {
  const indexBits = pageShift - 3;
  const count = Math.ceil((width - pageShift) / indexBits);
  const top: UpperEntry = {
    bytes: 8,
    none: equals(0xffff_ffff_ffff_ffffn, 0n),
    table: equals(0x3n, 0x3n),
    address,
  };
  const topBits = width - pageShift - indexBits * (count - 1);
  return levels(pageShift, [topBits, ...Array.from({ length: count - 1 }, () => indexBits)], (level) =>
    level === "pud" || level === "pmd" ? { ...top, leaf } : top,
  );
}

/** Page sizes and widths whose tables were walked in running kernels: 4K with 48 and (LPA2) 52 bits, 16K with 47. */
const walked = new Set(["12 48", "12 52", "14 47"]);

function row(format: Format, width: Width, since: string, leaf: Predicate): Geometry {
  const tree = levelsOf(width.bits, format, leaf);
  const [top] = tree as [Geometry["levels"][0]];
  return {
    since: since === FIRST ? (width.since ?? since) : since,
    when: [...format.when, ...width.when],
    levels: tree,
    root: {
      // The tables of a root that is no page are aligned to their size, and at least to 64 bytes.
      align: Math.max(64, 8 * 2 ** top.indexBits),
      register: "TTBR0_EL1",
    },
    tagBits: 8,
    ...(walked.has(`${format.pageShift} ${addressBitsOf(tree)}`) ? {} : { uncertain: READ_FROM_HEADERS }),
    citation:
      "See ARM64_HW_PGTABLE_LEVEL_SHIFT() in arch/arm64/include/asm/pgtable-hwdef.h and pmd_leaf() in pgtable.h (as of Linux v5.10, v6.12 and v7.3)",
  };
}

const era = (since: string, leaf: Predicate): Geometry[] =>
  formats.flatMap((format) => widths[format.pageShift].map((width) => row(format, width, since, leaf)));

/** What a user's address says is the same for the kernel's, in a table of its own. */
export const geometry: readonly Geometry[] = [...era("6.10", leafSince610), ...era(FIRST, leafBefore)];
