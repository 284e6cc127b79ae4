import type { Geometry, UpperEntry } from "@ptekit/core";
import { bits, equals, levels, READ_FROM_HEADERS } from "@ptekit/core";

/** Upper entries are 32 bits wide in 64-bit kernels too: PxD_FLAG_PRESENT and PxD_FLAG_VALID, and the address above bit 12. */
const entry: UpperEntry = {
  bytes: 4,
  none: equals(0xffff_ffffn, 0n),
  table: equals(0x3n, 0x3n),
  address: [bits(31, 4, 12)],
};

type Pages = "4KB" | "16KB" | "64KB";
const shifts: Readonly<Record<Pages, number>> = { "4KB": 12, "16KB": 14, "64KB": 16 };

const CITATION =
  "See PGD_TABLE_ORDER and BITS_PER_PGD in arch/parisc/include/asm/pgtable.h (as of Linux v6.1, v6.12 and v7.3): v5.10 calls it PGD_ORDER";

const row = (pages: Pages, is64: boolean): Geometry => {
  const shift = shifts[pages];
  return {
    since: "4.4",
    when: [is64 ? "CONFIG_64BIT" : "!CONFIG_64BIT", `CONFIG_PARISC_PAGE_SIZE_${pages}`],
    levels: is64
      ? levels(shift, [shift - 2, shift - 1, shift - 3], entry)
      : levels(shift, [32 - shift - (shift - 2), shift - 2], entry),
    root: { align: 2 ** shift },
    uncertain: READ_FROM_HEADERS,
    citation: CITATION,
  };
};

export const geometry: readonly Geometry[] = (Object.keys(shifts) as Pages[]).flatMap((pages) => [
  row(pages, true),
  row(pages, false),
]);
