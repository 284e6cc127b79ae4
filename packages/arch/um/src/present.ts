import type { PresentField, PresentLayout } from "@ptekit/core";
import { differs, equals, free, pfn, software } from "@ptekit/core";

const WIDE = ["CONFIG_64BIT"];
const NARROW = ["!CONFIG_64BIT"];
const HEADER = "arch/um/include/asm/pgtable.h";

const above3: readonly PresentField[] = [
  free(11, 9),
  software(8, "_PAGE_DIRTY"),
  software(7, "_PAGE_ACCESSED"),
  software(6, "_PAGE_USER"),
  software(5, "_PAGE_RW"),
  software(4, "_PAGE_PROTNONE"),
];

const needSync = [...above3, free(3, 2), software(1, "_PAGE_NEEDSYNC"), software(0, "_PAGE_PRESENT")];
const newPage = [
  ...above3,
  free(3, 3),
  software(2, "_PAGE_NEWPROT"),
  software(1, "_PAGE_NEWPAGE"),
  software(0, "_PAGE_PRESENT"),
];

const shared = {
  reads: {
    write: equals(0x30n, 0x20n),
    dirty: differs(0x100n, 0n),
    young: differs(0x80n, 0n),
    protNone: differs(0x10n, 0n),
  },
  modify: { keeps: 0x180n },
} as const;

const at = (
  since: string,
  fields: readonly PresentField[],
  uncertain: string,
  citation: string,
): PresentLayout[] => [
  { since, when: WIDE, fields: [pfn(63, 12), ...fields], ...shared, uncertain, citation },
  { since, when: NARROW, fields: [pfn(31, 12), ...fields], ...shared, uncertain, citation },
];

/** Newest first. No hardware reads them: all bits are software's. */
export const present: readonly PresentLayout[] = [
  ...at(
    "6.13",
    needSync,
    "_PAGE_NEEDSYNC came between the headers of v6.12 and v7.2, from memory in v6.13",
    `See _PAGE_NEEDSYNC in ${HEADER} (as of Linux v7.3)`,
  ),
  ...at(
    "4.4",
    newPage,
    "before v5.10 the header was not read",
    `See _PAGE_NEWPAGE in ${HEADER} (as of Linux v5.10 and v6.12)`,
  ),
];
