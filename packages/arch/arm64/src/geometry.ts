import type { AddressField, Geometry, Predicate, UpperEntry } from "@ptekit/core";
import { addressBitsOf, bits, differs, either, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

/** How wide an address is, where CONFIG_ARM64_VA_BITS says so; the last one is what is left. */
interface Width {
  readonly bits: number;
  readonly when: readonly string[];
  readonly since?: string;
}

const stated = (width: number): Width => ({ bits: width, when: [`CONFIG_ARM64_VA_BITS=${width}`] });
const otherwise = (width: number, since?: string): Width => ({
  bits: width,
  when: [],
  ...(since && { since }),
});

/** How an address stands in a descriptor, by page size and width of a physical address. */
interface Format {
  readonly pageShift: 12 | 14 | 16;
  readonly when: readonly string[];
  readonly since?: string;
  readonly address: readonly AddressField[];
  readonly widths: readonly Width[];
}

/** With 64K pages VA_BITS=52 is the kernel's own index too; a 4K or 16K kernel of 52 has 48 or 47 where the CPU has no LPA2. */
const widths64k = [stated(42), stated(48), otherwise(52, "5.4"), otherwise(48)];

const formats: readonly Format[] = [
  {
    pageShift: 12,
    when: ["CONFIG_ARM64_4K_PAGES", "lpa2"],
    since: "6.9",
    address: [bits(49, 12), bits(9, 8, 50)],
    widths: [stated(39), stated(48), otherwise(52)],
  },
  {
    pageShift: 12,
    when: ["CONFIG_ARM64_4K_PAGES", "!lpa2"],
    address: [bits(47, 12)],
    widths: [stated(39), otherwise(48)],
  },
  {
    pageShift: 14,
    when: ["CONFIG_ARM64_16K_PAGES", "lpa2"],
    since: "6.9",
    address: [bits(49, 14), bits(9, 8, 50)],
    widths: [stated(36), stated(47), stated(48), otherwise(52)],
  },
  {
    pageShift: 14,
    when: ["CONFIG_ARM64_16K_PAGES", "!lpa2"],
    since: "4.4",
    address: [bits(47, 14)],
    widths: [stated(36), stated(48), otherwise(47)],
  },
  {
    pageShift: 16,
    when: ["CONFIG_ARM64_64K_PAGES", "CONFIG_ARM64_PA_BITS=52"],
    since: "4.16",
    address: [bits(47, 16), bits(15, 12, 48)],
    widths: widths64k,
  },
  {
    pageShift: 16,
    when: ["CONFIG_ARM64_64K_PAGES", "!CONFIG_ARM64_PA_BITS=52"],
    address: [bits(47, 16)],
    widths: widths64k,
  },
];

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
    since,
    when: [...format.when, ...width.when],
    levels: tree,
    root: {
      // The tables of a root that is no page are aligned to their size, and at least to 64 bytes.
      align: Math.max(64, 8 * 2 ** top.indexBits),
      // With 52 bits of address the register's bits 5:2 are the upper four: a root is aligned to 64 bytes then.
      register: {
        name: "TTBR0_EL1",
        address: format.address.length > 1 ? [bits(47, 6), bits(5, 2, 48)] : [bits(47, 6)],
      },
    },
    tagBits: 8,
    ...(walked.has(`${format.pageShift} ${addressBitsOf(tree)}`) ? {} : { uncertain: READ_FROM_HEADERS }),
    citation:
      "See ARM64_HW_PGTABLE_LEVEL_SHIFT() in arch/arm64/include/asm/pgtable-hwdef.h and pmd_leaf() in arch/arm64/include/asm/pgtable.h (as of Linux v5.10, v6.12 and v7.3)",
  };
}

/** Of rows that only a release tells apart, 6.10 has the newest. */
const upToTheFirstWithout = (widths: readonly Width[]): readonly Width[] =>
  widths.slice(0, widths.findIndex(({ when }) => when.length === 0) + 1);

/** What a user's address says is the same for the kernel's, in a table of its own. */
export const geometry: readonly Geometry[] = [
  ...formats.flatMap((format) =>
    upToTheFirstWithout(format.widths).map((width) => row(format, width, "6.10", leafSince610)),
  ),
  ...formats.flatMap((format) =>
    format.widths.map((width) => row(format, width, width.since ?? format.since ?? "4.0", leafBefore)),
  ),
];
