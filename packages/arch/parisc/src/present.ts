import type { PresentField, PresentLayout } from "@ptekit/core";
import { differs, equals, mmu, pfn, software } from "@ptekit/core";

const WIDE = ["CONFIG_64BIT"];
const NARROW = ["!CONFIG_64BIT"];
const HEADER = "arch/parisc/include/asm/pgtable.h";

// The header counts bits from the highest of a 32-bit word: its bit 22, _PAGE_PRESENT_BIT, is 9 here.
const flags = (bit10: PresentField, bit4: PresentField): PresentField[] => [
  mmu(11, 11, "_PAGE_USER"),
  bit10,
  software(9, "_PAGE_PRESENT"),
  software(8, "_PAGE_ACCESSED"),
  mmu(7, 7, "_PAGE_NO_CACHE"),
  mmu(6, 6, "_PAGE_REFTRAP"),
  mmu(5, 5, "_PAGE_DIRTY"),
  bit4,
  mmu(3, 3, "_PAGE_GATEWAY"),
  mmu(2, 2, "_PAGE_EXEC"),
  mmu(1, 1, "_PAGE_WRITE"),
  mmu(0, 0, "_PAGE_READ"),
];

const reads = {
  write: differs(0x2n, 0n),
  dirty: differs(0x20n, 0n),
  young: differs(0x100n, 0n),
  protNone: equals(0x7n, 0n),
} as const;

interface Since {
  readonly since: string;
  readonly huge: readonly string[];
  readonly bit10: PresentField;
  readonly bit4: PresentField;
  readonly special: bigint;
  readonly maybe?: PresentLayout["maybe"];
  readonly uncertain: string;
  readonly citation: string;
}

const both = ({ since, huge, bit10, bit4, special, maybe, uncertain, citation }: Since): PresentLayout[] =>
  [WIDE, NARROW].map((width) => ({
    since,
    when: [...width, ...huge],
    fields: [pfn(width === WIDE ? 63 : 31, 12), ...flags(bit10, bit4)],
    reads: special === 0n ? reads : { ...reads, special: differs(special, 0n) },
    modify: { keeps: 0x120n | special },
    ...(maybe && { maybe }),
    uncertain,
    citation,
  }));

const SPECIAL_CAME = "_PAGE_SPECIAL came between the headers of v5.10 and v6.1, from memory in v5.18";
const SPECIAL_H = `See _PAGE_SPECIAL_BIT in ${HEADER} (as of Linux v7.3)`;

/** Newest first. */
export const present: readonly PresentLayout[] = [
  ...both({
    since: "5.18",
    huge: ["CONFIG_HUGETLB_PAGE"],
    bit10: mmu(10, 10, "_PAGE_HUGE"),
    bit4: software(4, "_PAGE_SPECIAL"),
    special: 0x10n,
    uncertain: SPECIAL_CAME,
    citation: SPECIAL_H,
  }),
  ...both({
    since: "5.18",
    huge: ["!CONFIG_HUGETLB_PAGE"],
    bit10: software(10, "_PAGE_SPECIAL"),
    bit4: mmu(4, 4, "_PAGE_DMB"),
    special: 0x400n,
    maybe: [
      {
        high: 4,
        low: 4,
        condition:
          "make_insert_tlb drops _PAGE_DMB as it does where that bit is _PAGE_SPECIAL (CONFIG_HUGETLB_PAGE)",
      },
    ],
    uncertain: SPECIAL_CAME,
    citation: SPECIAL_H,
  }),
  ...both({
    since: "4.4",
    huge: [],
    bit10: mmu(10, 10, "_PAGE_HUGE"),
    bit4: mmu(4, 4, "_PAGE_DMB"),
    special: 0n,
    uncertain: "before v5.10 the header was not read",
    citation: `See _PAGE_HPAGE_BIT in ${HEADER} (as of Linux v5.10)`,
  }),
];
