import { PtekitError } from "../errors.ts";
import { given } from "../util/given.ts";

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
  for (const bit of [high, low, more.from ?? 0]) {
    if (typeof bit !== "number")
      throw new PtekitError("BAD_ARGUMENT", `${kind}: a bit is a number, not ${given(bit)}`);
  }
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
export const inverted = (row: Field): Field => changed("inverted", row, { inverted: true });

/** The same field; the kernel's encode does not mask it, so what is too wide leaks into the bits above. */
export const unmasked = (row: Field): Field => changed("unmasked", row, { unmasked: true });

/** The same field; the kernel's decode reads it, its encode can never write it. */
export const decodeOnly = (row: Field, note: string): Field =>
  changed("decodeOnly", row, { access: "decode", note });

/** The same field; the kernel's encode writes it, its decode never reads it. */
export const encodeOnly = (row: Field, note: string): Field =>
  changed("encodeOnly", row, { access: "encode", note });

/** The same row; without all of these Kconfig symbols and CPU features its bits are spare. */
export const onlyWith = (row: Field, ...when: string[]): Field => changed("onlyWith", row, { when });

/** The first row; where its Kconfig symbols or CPU features are missing, the other one, of the same bits. */
export const otherwise = (row: Field, other: Field): Field =>
  changed("otherwise", row, { otherwise: changed("otherwise", other, {}) });

function changed(builder: string, row: Field, more: Partial<Field>): Field {
  if (typeof row !== "object" || row === null || !("kind" in row))
    throw new PtekitError("BAD_ARGUMENT", `${builder}() takes a row of a layout, not ${given(row)}`);
  return { ...row, ...more };
}
