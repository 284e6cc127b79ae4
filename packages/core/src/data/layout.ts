import type { Backport } from "./release.ts";

/**
 * What a bit of a swap PTE is there for.
 *
 * - `swpType`, `swpOffset`: the fields (a field may be split into several rows)
 * - `exclusive`, `softDirty`, `uffdWp`: the swap-PTE flags
 * - `zeros`, `ones`: bits that every swap PTE has clear or set
 * - `hardware`: bits that hardware may set in an entry that is not present
 * - `setPte`: bits that set_pte() sets or keeps, so that memory holds another word than encode wrote; decode drops them
 * - `dropped`: bits that the swp_entry_t conversion drops (free for a flag, useless for type or offset)
 * - `spare`: bits that nothing claims, reads or sets
 */
export type FieldKind =
  | "swpType"
  | "swpOffset"
  | "exclusive"
  | "softDirty"
  | "uffdWp"
  | "zeros"
  | "ones"
  | "hardware"
  | "setPte"
  | "dropped"
  | "spare";

/** One row of a layout: a run of bits, both ends included, and what they hold. */
export interface Field {
  readonly kind: FieldKind;
  /** Highest bit of the run. */
  readonly high: number;
  /** Lowest bit of the run. */
  readonly low: number;
  /** The bit of the value that sits at `low`; above 0 only in the upper rows of a split field. */
  readonly from: number;
  /** The value is stored as its bitwise NOT. */
  readonly inverted: boolean;
  /** The kernel does not mask the value on encode: what is too wide leaks into the bits above. */
  readonly unmasked: boolean;
  /** Whether the kernel's encode writes it, its decode reads it, or both. */
  readonly access: "both" | "encode" | "decode";
  /** Kconfig symbols and CPU features (all of them) without which the field is not there. */
  readonly when: readonly string[];
  /** What the bits are without them. Default: spare. */
  readonly otherwise?: Field;
  /** Of a `setPte` row: set_pte() sets the bits, or keeps what the entry before had there. */
  readonly stored?: "set" | "kept";
  /** Why: who reads the bit, who sets it. */
  readonly note: string;
}

function field(kind: FieldKind, high: number, low: number, more: Partial<Field> = {}): Field {
  return {
    kind,
    high,
    low,
    from: 0,
    inverted: false,
    unmasked: false,
    access: "both",
    when: [],
    note: "",
    ...more,
  };
}

/** The swap type in bits `high`:`low`. `from` is the bit of the type that sits at `low`, for a split field. */
export const swpType = (high: number, low: number, from = 0): Field => field("swpType", high, low, { from });

/** The swap offset, in pages, in bits `high`:`low`. `from` as in {@link swpType}. */
export const swpOffset = (high: number, low: number, from = 0): Field =>
  field("swpOffset", high, low, { from });

/** pte_swp_exclusive(): the page was PG_anon_exclusive when it was swapped out. */
export const exclusive = (bit: number, ...when: string[]): Field => field("exclusive", bit, bit, { when });

/** pte_swp_soft_dirty(). `when` names the Kconfig symbols and CPU features without which the bit is not there. */
export const softDirty = (bit: number, ...when: string[]): Field => field("softDirty", bit, bit, { when });

/** pte_swp_uffd_wp(). `when` as in {@link softDirty}. */
export const uffdWp = (bit: number, ...when: string[]): Field => field("uffdWp", bit, bit, { when });

/** Bits that are 0 in every swap PTE, and who needs them so. */
export const zeros = (high: number, low: number, note: string): Field => field("zeros", high, low, { note });

/** Bits that are 1 in every swap PTE, and who needs them so. */
export const ones = (high: number, low: number, note: string): Field => field("ones", high, low, { note });

/** Bits that hardware may set in an entry that is not present, and which hardware. */
export const hardware = (high: number, low: number, note: string): Field =>
  field("hardware", high, low, { note });

/** Bits that set_pte() sets in every entry that it stores, and what for. */
export const setPteSets = (high: number, low: number, note: string): Field =>
  field("setPte", high, low, { note, stored: "set" });

/** Bits that set_pte() keeps as the entry before had them, and what for. */
export const setPteKeeps = (high: number, low: number, note: string): Field =>
  field("setPte", high, low, { note, stored: "kept" });

/** Bits that the swp_entry_t conversion drops, and how. */
export const dropped = (high: number, low: number, note: string): Field =>
  field("dropped", high, low, { note });

/** Bits that nothing claims, reads or sets. Conformance proves it. */
export const spare = (high: number, low: number, note = ""): Field => field("spare", high, low, { note });

/** The same field, stored as its bitwise NOT: `inverted(swpOffset(58, 9))`. */
export const inverted = (row: Field): Field => ({ ...row, inverted: true });

/** The same field; the kernel's encode does not mask it, so what is too wide leaks into the bits above. */
export const unmasked = (row: Field): Field => ({ ...row, unmasked: true });

/** The same field; the kernel's decode reads it, its encode can never write it. */
export const decodeOnly = (row: Field, note: string): Field => ({ ...row, access: "decode", note });

/** The same field; the kernel's encode writes it, its decode never reads it. */
export const encodeOnly = (row: Field, note: string): Field => ({ ...row, access: "encode", note });

/** The same row; without all of these Kconfig symbols and CPU features its bits are spare. */
export const onlyWith = (row: Field, ...when: string[]): Field => ({ ...row, when });

/** The first row; where its Kconfig symbols or CPU features are missing, the other one, of the same bits. */
export const otherwise = (row: Field, other: Field): Field => ({ ...row, otherwise: other });

/** `(pte & mask) == value`, or `!=`. */
export interface Term {
  readonly mask: bigint;
  readonly op: "==" | "!=";
  readonly value: bigint;
}

/** A term, or an OR of two. */
export type Predicate = readonly [Term] | readonly [Term, Term];

/** `(pte & mask) == value` */
export const equals = (mask: bigint, value: bigint): Predicate => [{ mask, op: "==", value }];

/** `(pte & mask) != value` */
export const differs = (mask: bigint, value: bigint): Predicate => [{ mask, op: "!=", value }];

/** Either of two one-term predicates. */
export const either = (a: Predicate, b: Predicate): Predicate => [a[0], b[0]];

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

/** How PMD swap entries (THP migration) differ from swap PTEs; what is not named is the same. */
export interface PmdLayout {
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

/** How swap PTEs look from one release on: plain data, every bit claimed once, from the highest to the lowest. */
export interface Layout {
  /** Unique over all architectures: `arm 6.3 LPAE`. */
  readonly id: string;
  /** The first mainline release that has it. A layout ends where the next newer one begins. */
  readonly since: string;
  /** The first mainline release that no longer has it, where nothing newer took its place: support was removed. */
  readonly until?: string;
  /** Point releases and vendors' builds that have it too. */
  readonly backported?: readonly Backport[];
  /** The name by which `target.backports` can select it where the release number cannot tell. */
  readonly backportName?: string;
  /** Kconfig symbols and CPU features that must all hold; `!` negates, `=` compares: `!CONFIG_ARM_LPAE`. */
  readonly when?: readonly string[];
  /** Width of a PTE. */
  readonly pteBits: 32 | 64;
  /** BITS_PER_LONG, the width of swp_entry_t. Default: `pteBits`. */
  readonly longBits?: 32 | 64;
  readonly fields: readonly Field[];
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
  readonly exceptions?: readonly LayoutException[];
  /** What is not certain about it, and why. */
  readonly uncertain?: string;
  /** Anything a reader of the diagram should know. */
  readonly note?: string;
  /** Where it stands in the kernel: commit or header, and the release. */
  readonly citation: string;
}

/** BITS_PER_LONG of the kernel that uses this layout. */
export const longBitsOf = (layout: Layout): 32 | 64 => layout.longBits ?? layout.pteBits;

/** How many bytes a PTE takes in memory, all its copies. */
export const pteBytesOf = (layout: Layout): number => (layout.pteBits / 8) * (layout.copies ?? 1);

/** What a cleared PTE holds. */
export const emptyPte = (layout: Layout): bigint => layout.empty ?? 0n;

/** The layout of the PMD swap entries that go with a layout of PTEs, or null where there are none. */
export function pmdLayoutOf(layout: Layout): Layout | null {
  if (layout.pmd === undefined) return null;
  const { pmd, exceptions, uncertain, note, ...pte } = layout;
  const { when, ...differs } = pmd;
  const fields = layout.fields.map((row) =>
    row.kind === "exclusive" ? spare(row.high, row.low, "no PMD has the exclusive flag") : row,
  );
  return { ...pte, fields, ...differs, id: `${layout.id} PMD` };
}

/** The rows of one kind. */
export const rowsOf = (layout: Layout, kind: FieldKind): Field[] =>
  layout.fields.filter((row) => row.kind === kind);

/** The row that claims a bit, or undefined where none does. */
export const rowAt = (layout: Layout, bit: number): Field | undefined =>
  layout.fields.find((row) => bit <= row.high && bit >= row.low);

/** How many bits a row has. */
export const widthOf = (row: { readonly high: number; readonly low: number }): number =>
  row.high - row.low + 1;

/** `n` ones. */
export const onesMask = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

/** The bits of a row, in place. */
export const maskOf = (row: { readonly high: number; readonly low: number }): bigint =>
  onesMask(widthOf(row)) << BigInt(row.low);

/** A word at full width: `0x00001084`. */
export const hex = (word: bigint, bits: 32 | 64): string => `0x${word.toString(16).padStart(bits / 4, "0")}`;

/** `bit 7` or `bits 9:8`. */
export const bitsText = (high: number, low: number): string =>
  high === low ? `bit ${high}` : `bits ${high}:${low}`;
