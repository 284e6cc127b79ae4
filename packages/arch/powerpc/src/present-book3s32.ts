import type { PresentField, PresentLayout } from "@ptekit/core";
import { differs, equals, mmu, pfnAbove, software } from "@ptekit/core";

const H = "arch/powerpc/include/asm/book3s/32/pgtable.h";
const BOOK3S_32 = ["!CONFIG_PPC64", "!CONFIG_PPC_85xx", "!CONFIG_PPC_8xx", "!CONFIG_44x", "!CONFIG_40x"];

const flags = (read: string, write: string): PresentField[] => [
  software(11, "_PAGE_SPECIAL"),
  software(10, write),
  software(9, "_PAGE_EXEC"),
  mmu(8, 8, "_PAGE_ACCESSED"),
  mmu(7, 7, "_PAGE_DIRTY"),
  mmu(6, 6, "_PAGE_WRITETHRU"),
  mmu(5, 5, "_PAGE_NO_CACHE"),
  mmu(4, 4, "_PAGE_COHERENT"),
  mmu(3, 3, "_PAGE_GUARDED"),
  software(2, read),
  software(1, "_PAGE_HASHPTE"),
  software(0, "_PAGE_PRESENT"),
];

const both = (
  since: string,
  low: readonly PresentField[],
  uncertain: string,
  citation: string,
): PresentLayout[] =>
  [false, true].map((wide) => ({
    since,
    when: [...BOOK3S_32, wide ? "CONFIG_PTE_64BIT" : "!CONFIG_PTE_64BIT"],
    fields: [pfnAbove(wide ? 63 : 31, 12), ...low],
    reads: {
      write: differs(0x400n, 0n),
      dirty: differs(0x80n, 0n),
      young: differs(0x100n, 0n),
      special: differs(0x800n, 0n),
      protNone: equals(0x604n, 0n),
    },
    modify: { keeps: 0x982n },
    ...(wide && {
      maybe: [
        { high: 63, low: 36, condition: "PTE_RPN_MASK ends at the 36-bit address; today it covers them" },
      ],
    }),
    uncertain,
    citation,
  }));

/** Newest first. */
export const presentBook3s32: readonly PresentLayout[] = [
  ...both(
    "6.7",
    flags("_PAGE_READ", "_PAGE_WRITE"),
    "_PAGE_USER and _PAGE_RW became _PAGE_READ and _PAGE_WRITE between the headers of v6.1 and v6.12",
    `See _PAGE_CHG_MASK in ${H} (as of Linux v7.3)`,
  ),
  ...both(
    "5.10",
    flags("_PAGE_USER", "_PAGE_RW"),
    "before v5.10 the header was not read",
    `See _PAGE_CHG_MASK in ${H} (as of Linux v5.10 and v6.1)`,
  ),
];
