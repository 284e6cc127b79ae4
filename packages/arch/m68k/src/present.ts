import type { PresentLayout } from "@ptekit/core";
import { differs, equals, free, mmu, pfn, sharedWithProtNone, software } from "@ptekit/core";

const BEFORE = "before v5.10 the header was not read";

/** Newest first. */
export const present: readonly PresentLayout[] = [
  {
    since: "4.4",
    when: ["CONFIG_MMU_MOTOROLA"],
    fields: [
      pfn(31, 12),
      free(11, 11),
      mmu(10, 10, "_PAGE_GLOBAL040"),
      mmu(9, 8, "user page attributes"),
      mmu(7, 7, "_PAGE_SUPER"),
      mmu(6, 5, "_PAGE_NOCACHE"),
      mmu(4, 4, "_PAGE_DIRTY"),
      mmu(3, 3, "_PAGE_ACCESSED"),
      sharedWithProtNone(mmu(2, 2, "_PAGE_RONLY"), "_PAGE_PROTNONE"),
      mmu(1, 1, "_PAGE_SHORT"),
      mmu(0, 0, "_PAGE_PRESENT"),
    ],
    reads: {
      write: equals(0x4n, 0n),
      dirty: differs(0x10n, 0n),
      young: differs(0x8n, 0n),
      // _PAGE_PROTNONE is _PAGE_RONLY, without _PAGE_PRESENT.
      protNone: equals(0x5n, 0x4n),
    },
    modify: { keeps: 0x78n },
    maybe: [{ high: 9, low: 8, condition: "not on a 68040 or 68060 that drives its UPA pins" }],
    uncertain: `that the 68020 to 68060 leave bit 11 to software is from their manuals; ${BEFORE}`,
    citation: "See _PAGE_CHG_MASK in arch/m68k/include/asm/motorola_pgtable.h (as of Linux v5.10 and v7.3)",
  },
  {
    since: "4.4",
    when: ["CONFIG_MMU_SUN3"],
    fields: [
      mmu(31, 31, "SUN3_PAGE_VALID"),
      mmu(30, 30, "SUN3_PAGE_WRITEABLE"),
      mmu(29, 29, "SUN3_PAGE_SYSTEM"),
      mmu(28, 28, "SUN3_PAGE_NOCACHE"),
      mmu(27, 26, "SUN3_PAGE_TYPE_MASK"),
      mmu(25, 25, "SUN3_PAGE_ACCESSED"),
      mmu(24, 24, "SUN3_PAGE_MODIFIED"),
      free(23, 19),
      pfn(18, 0),
    ],
    // PAGE_NONE is PAGE_READONLY: nothing tells it.
    reads: {
      write: differs(0x4000_0000n, 0n),
      dirty: differs(0x100_0000n, 0n),
      young: differs(0x200_0000n, 0n),
    },
    modify: { keeps: 0x300_0000n },
    note: "PAGE_NONE is the word of PAGE_READONLY: the page can be read",
    uncertain: BEFORE,
    citation: "See SUN3_PAGE_CHG_MASK in arch/m68k/include/asm/sun3mmu.h (as of Linux v5.10 and v7.3)",
  },
  {
    since: "4.4",
    when: ["CONFIG_MMU_COLDFIRE"],
    fields: [
      pfn(31, 13),
      software(12, "CF_PAGE_ACCESSED"),
      mmu(11, 11, "CF_PAGE_SHARED"),
      mmu(10, 10, "CF_PAGE_VALID"),
      free(9, 8),
      mmu(7, 7, "CF_PAGE_NOCACHE"),
      mmu(6, 6, "CF_PAGE_COPYBACK"),
      mmu(5, 5, "CF_PAGE_SYSTEM"),
      mmu(4, 4, "CF_PAGE_READABLE"),
      mmu(3, 3, "CF_PAGE_WRITABLE"),
      mmu(2, 2, "CF_PAGE_EXEC"),
      mmu(1, 1, "CF_PAGE_LOCKED"),
      software(0, "CF_PAGE_DIRTY"),
    ],
    reads: {
      write: differs(0x8n, 0n),
      dirty: differs(0x1n, 0n),
      young: differs(0x1000n, 0n),
      protNone: equals(0x81cn, 0n),
    },
    modify: { keeps: 0x1001n },
    uncertain: BEFORE,
    citation: "See CF_PAGE_CHG_MASK in arch/m68k/include/asm/mcf_pgtable.h (as of Linux v5.10 and v7.3)",
  },
];
