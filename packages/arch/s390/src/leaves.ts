import type { LeafLayout, PresentField, PresentReads } from "@ptekit/core";
import { differs, equals, mmu, pfn, presentSoftDirty, software } from "@ptekit/core";

/** Segment and region-third table entries have flags of their own; bits 19:16 of an address are the access key's. */
const fields = (prefix: string, table: string, address: number): readonly PresentField[] => [
  pfn(63, address, address - 12),
  mmu(address - 1, 16, "address bits below the page, access control and storage key"),
  software(15, `${prefix}_WRITE`),
  software(14, `${prefix}_READ`),
  software(13, `${prefix}_DIRTY`),
  software(12, `${prefix}_YOUNG`),
  mmu(11, 11, "reserved"),
  mmu(10, 10, `${prefix}_LARGE`),
  mmu(9, 9, `${table}_PROTECT`),
  mmu(8, 8, `${table}_NOEXEC`),
  mmu(7, 6, "reserved"),
  mmu(5, 5, `${table}_INVALID`),
  mmu(4, 4, `${prefix}_COMM`),
  mmu(3, 2, `${table}_TYPE_MASK`),
  presentSoftDirty(1, `${prefix}_SOFT_DIRTY`, "CONFIG_MEM_SOFT_DIRTY"),
  software(0, `${prefix}_PRESENT`),
];

const reads: PresentReads = {
  write: differs(0x8000n, 0n),
  dirty: differs(0x2000n, 0n),
  young: differs(0x1000n, 0n),
  // Huge pages are never special; pmd_protnone() is a leaf without its read bit.
  special: [],
  protNone: equals(0x4000n, 0n),
};

const PGTABLE_H = "arch/s390/include/asm/pgtable.h (as of Linux v7.2 and v7.3)";

/** In force where entries of those levels are: from 6.14 on. */
export const leaves: readonly LeafLayout[] = [
  {
    levels: ["pmd"],
    since: "6.14",
    fields: fields("_SEGMENT_ENTRY", "_SEGMENT_ENTRY", 20),
    reads,
    citation: `See _SEGMENT_ENTRY_PRESENT in ${PGTABLE_H}`,
  },
  {
    levels: ["pud"],
    since: "6.14",
    fields: fields("_REGION3_ENTRY", "_REGION_ENTRY", 31),
    reads,
    citation: `See _REGION3_ENTRY_PRESENT in ${PGTABLE_H}`,
  },
];
