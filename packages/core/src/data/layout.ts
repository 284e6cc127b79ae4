import { requireLayout } from "../util/require.ts";
import type { Begin } from "./backport.ts";
import { maskOf } from "./bits.ts";
import type { Predicate } from "./predicate.ts";
import type { Field, FieldKind } from "./row.ts";
import { spare, zeros } from "./row.ts";

/** Where a real kernel breaks a property of the conformance suite: exactly on `words`, for `reason`. */
export interface LayoutException {
  /** The property's name, as the conformance suite prints it. */
  readonly property: string;
  /** The swap PTEs on which the property fails, all of them and no others. */
  readonly words: Predicate;
  /** Kconfig symbols and CPU features (all of them) without which it does not occur. */
  readonly when?: readonly string[];
  readonly reason: string;
  readonly citation: string;
}

/** The level of a page-table entry; none above a PUD is ever a swap entry. */
export type EntryLevel = "pte" | "pmd" | "pud";

/** Every level that can hold a swap entry, from the lowest up. */
export const ENTRY_LEVELS: readonly EntryLevel[] = ["pte", "pmd", "pud"];

/** Whose page an entry above the PTEs is of: a transparent huge page's, or hugetlbfs's. */
export type HugePage = "thp" | "hugetlb";

/** How PMD swap entries (THP migration, device-private huge pages) differ from swap PTEs; what is not named is the same. */
export interface PmdLayout {
  /** The release from which on PMDs hold swap entries. Default: as long as the layout is there. */
  readonly since?: string;
  /** Kconfig symbols and CPU features (all of them) without which no PMD holds a swap entry. */
  readonly when: readonly string[];
  /** Default: the PTE's, without the exclusive flag, which no PMD has. */
  readonly fields?: readonly Field[];
  /** What a cleared PMD holds. Default: the PTE's. */
  readonly empty?: bigint;
  /** pmd_present() */
  readonly present: Predicate;
  /** pmd_none(). Default: the PTE's. */
  readonly none?: Predicate;
  readonly exceptions?: readonly LayoutException[];
  readonly note?: string;
  /** Where it stands in the kernel. */
  readonly citation: string;
}

/** Entries of hugetlbfs pages (migration, hwpoison, markers) on some levels; what is not named is as in a swap PTE. */
export interface HugetlbLayout {
  /** Where they stand. A page of contiguous PTEs has the same entry in each of them. */
  readonly levels: readonly EntryLevel[];
  readonly since?: string;
  readonly when: readonly string[];
  /** Default: the PTE's, without the exclusive flag, which no huge page has. */
  readonly fields?: readonly Field[];
  readonly empty?: bigint;
  readonly present?: Predicate;
  readonly none?: Predicate;
  readonly note?: string;
  readonly citation: string;
}

/** How swap PTEs look from one release on: plain data, every bit claimed once, from the highest to the lowest. */
export interface Layout extends Begin {
  /** Unique over all architectures: `arm 6.3 LPAE`. */
  readonly id: string;
  /** The first mainline release that has it. A layout ends where the next newer one begins. */
  readonly since: string;
  /** The first mainline release that no longer has it, where nothing newer took its place: support was removed. */
  readonly until?: string;
  /** The name by which `target.backports` can select it where the release number cannot tell. */
  readonly backportName?: string;
  /** Kconfig symbols and CPU features that must all hold; `!` negates, `=` compares: `!CONFIG_ARM_LPAE`. */
  readonly when?: readonly string[];
  /** Width of a PTE. */
  readonly pteBits: 32 | 64;
  /** BITS_PER_LONG, the width of swp_entry_t. Default: `pteBits`. */
  readonly longBits?: 32 | 64;
  readonly fields: readonly Field[];
  /**
   * Where the kernel's decode reads type or offset instead of where encode wrote it: rows that decode alone reads, over bits
   * that `fields` claims otherwise. A kernel bug.
   */
  readonly misreads?: readonly Field[];
  /** What a cleared PTE holds. Default: 0. */
  readonly empty?: bigint;
  /** pte_present() */
  readonly present: Predicate;
  /** pte_none() */
  readonly none: Predicate;
  /** Set where the PTE is a pair of words, the low one at the lower address, whatever the byte order. */
  readonly lowWordFirst?: boolean;
  /** Set where PTEs are stored in that byte order whatever the machine's. */
  readonly byteOrder?: "little" | "big";
  /** How many equal PTEs make a pte_t, side by side in memory. Default: 1. */
  readonly copies?: number;
  /** PMD swap entries; absent where this kernel has none. */
  readonly pmd?: PmdLayout;
  /** Entries of hugetlbfs pages, taken over from the architecture when a layout is selected. */
  readonly hugetlb?: readonly HugetlbLayout[];
  readonly exceptions?: readonly LayoutException[];
  /** What is not certain about it, and why. */
  readonly uncertain?: string;
  /** Anything a reader of the diagram should know. */
  readonly note?: string;
  /** Where it stands in the kernel: commit or header, and the release. */
  readonly citation: string;
}

/** BITS_PER_LONG of the kernel that uses this layout. */
export function longBitsOf(layout: Layout): 32 | 64 {
  requireLayout(layout);
  return layout.longBits ?? layout.pteBits;
}

/** How many bytes a PTE takes in memory, all its copies. */
export function pteBytesOf(layout: Layout): number {
  requireLayout(layout);
  return (layout.pteBits / 8) * (layout.copies ?? 1);
}

/** What a cleared PTE holds. */
export function emptyPte(layout: Layout): bigint {
  requireLayout(layout);
  return layout.empty ?? 0n;
}

/** The layout of the entries on a level that go with a layout of PTEs, or null where there are none. */
export function levelLayoutOf(layout: Layout, level: EntryLevel, of: HugePage): Layout | null {
  requireLayout(layout);
  if (of === "thp") return level === "pmd" && layout.pmd ? upperOf(layout, layout.pmd, "PMD") : null;
  const huge = layout.hugetlb?.find(({ levels }) => levels.includes(level));
  return huge ? upperOf(layout, huge, `hugetlb ${level.toUpperCase()}`) : null;
}

function upperOf(layout: Layout, upper: PmdLayout | HugetlbLayout, name: string): Layout {
  const { pmd, hugetlb, exceptions, uncertain, note, ...pte } = layout;
  const { when, since, ...differs } = upper;
  const { levels, ...changes } = "levels" in differs ? differs : { ...differs, levels: [] };
  const fields = layout.fields
    .map((row) =>
      row.kind === "exclusive" ? spare(row.high, row.low, "no huge page has the exclusive flag") : row,
    )
    .flatMap((row) => (row.kind === "spare" ? readBits(row, upper.present ?? layout.present) : row));
  // What goes wrong with the PTE's fields goes wrong with them on every level; a PMD of THP says its own.
  const kept = "levels" in upper && upper.fields === undefined && exceptions ? { exceptions } : {};
  return { ...pte, ...kept, fields, ...changes, id: `${layout.id} ${name}` };
}

/** Of spare bits, those that pmd_present() reads are none: it alone reads more than pte_present() does. */
function readBits(row: Field, present: Predicate): Field[] {
  const read = present.find(({ mask, op }) => op === "!=" && (mask & maskOf(row)) !== 0n);
  const bit =
    read &&
    Array.from({ length: row.high - row.low + 1 }, (_, i) => row.high - i).find(
      (at) => (read.mask >> BigInt(at)) & 1n,
    );
  if (bit === undefined) return [row];
  const { high, low, note } = row;
  return [
    ...(high > bit ? [spare(high, bit + 1, note)] : []),
    zeros(bit, bit, "pmd_present() reads it"),
    ...(low < bit ? readBits(spare(bit - 1, low, note), present) : []),
  ];
}

/** The rows of one kind, those that misread it too. */
export const rowsOf = (layout: Layout, kind: FieldKind): Field[] => {
  requireLayout(layout);
  const rows = layout.fields.filter((row) => row.kind === kind);
  return layout.misreads === undefined
    ? rows
    : [...rows, ...layout.misreads.filter((row) => row.kind === kind)];
};

/** Whether a kernel of this layout never gets back what it wrote: its decode reads elsewhere than its encode writes. */
export function losesWhatItWrites(layout: Layout): boolean {
  requireLayout(layout);
  const { fields, misreads } = layout;
  return (
    misreads !== undefined && fields.some(({ kind, access }) => kind === "swpOffset" && access === "encode")
  );
}

/** The row that claims a bit, or undefined where none does. */
export function rowAt(layout: Layout, bit: number): Field | undefined {
  requireLayout(layout);
  return layout.fields.find((row) => bit <= row.high && bit >= row.low);
}
