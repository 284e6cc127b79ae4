import type { Geometry, Level, LevelName, UpperEntry } from "@ptekit/core";
import { bits, differs, equals, levels } from "@ptekit/core";

const ALL = 0xffff_ffff_ffff_ffffn;
const INVALID = 0x20n;
const LARGE = 0x400n;
/** _RST_ENTRY_COMM: with INVALID it marks a swap entry, whose type may reach into LARGE. */
const COMM = 0x10n;

/** Entries of region tables of the first and second kind are tables or none. */
const region: UpperEntry = {
  bytes: 8,
  none: differs(INVALID, 0n),
  table: equals(INVALID, 0n),
  address: [bits(63, 12)],
};

const large = (empty: bigint, low: number, page: number, present: bigint): UpperEntry => ({
  bytes: 8,
  none: equals(ALL, empty),
  table: equals(LARGE | INVALID | present, present),
  leaf: present === 0n ? equals(LARGE | COMM, LARGE) : equals(LARGE | present, LARGE | present),
  address: [bits(63, low)],
  page: [bits(63, page)],
});

/** Since pmd_present() and pud_present() read a bit of their own, tables have it as well. */
const entries = (present: bigint): Readonly<Record<LevelName, UpperEntry>> => ({
  pgd: region,
  p4d: region,
  pud: large(0x24n, 12, 31, present),
  pmd: large(0x20n, 11, 20, present),
  pte: region,
});

/** The table type, _REGION_ENTRY_TYPE_MASK, which the first entry of a root tells too: pgd_offset_raw() reads it there. */
const types: Readonly<Partial<Record<LevelName, bigint>>> = { pgd: 0xcn, p4d: 0x8n, pud: 0x4n, pmd: 0n };

const tagged = (level: Level): Level => {
  const value = types[level.name];
  return value === undefined ? level : { ...level, tag: { mask: 0xcn, value } };
};

const tree = (since: string, present: bigint): Geometry => ({
  since,
  levels: levels(12, [11, 11, 11, 11, 8], (level: LevelName) => entries(present)[level]).map(tagged),
  root: { align: 16384, register: { name: "cr1", address: [bits(63, 12)] } },
  rootIsTagged: true,
  citation:
    "See pgd_offset_raw(), _REGION_ENTRY_TYPE_MASK and _SEGMENT_ENTRY in arch/s390/include/asm/pgtable.h (as of Linux v5.10, v6.12 and v7.2)",
});

/**
 * An address space has as many levels as it needs, and grows: three to begin with, five at most. Held against running
 * kernels: 6.1 and 7.2.
 */
export const geometry: readonly Geometry[] = [tree("6.14", 0x1n), tree("4.4", 0n)];
