import { maskOf, onesMask, widthOf } from "../data/bits.ts";
import type { Layout } from "../data/layout.ts";
import { longBitsOf, rowsOf } from "../data/layout.ts";
import { matches } from "../data/predicate.ts";
import type { Field } from "../data/row.ts";
import type { FlagName } from "../interface/entry.ts";

// The only bit arithmetic: a layout's rows turned into the kernel's macros.

/** The three swap-PTE flags, in the order in which answers name them. */
export const FLAG_NAMES: readonly FlagName[] = ["exclusive", "softDirty", "uffdWp"];

/** A layout's verbs on bare numbers; no meaning, no checks. */
export interface Codec {
  isNone(pte: bigint): boolean;
  isPresent(pte: bigint): boolean;
  hasFlag(pte: bigint, flag: FlagName): boolean;
  /** The mask of a flag as encode writes it, 0 where the layout has none. */
  flagMask(flag: FlagName): bigint;
  /** pte_to_swp_entry(): the arch-independent entry; what it cannot hold is lost, as in the kernel. */
  toSwpEntry(pte: bigint): bigint;
  /** swp_entry_to_pte(): masks and leaks as the kernel's macros do. */
  fromSwpEntry(entry: bigint): bigint;
  /** swp_entry(type, offset), cut as the kernel cuts it. */
  swpEntry(type: bigint, offset: bigint): bigint;
  /** __swp_type() and __swp_offset() on the arch's own entry, before the generic one cuts them. */
  archType(pte: bigint): bigint;
  archOffset(pte: bigint): bigint;
}

/** The verbs of a layout. `swpTypeShift` is SWP_TYPE_SHIFT: 58 or 26 since 4.20. */
export function codecOf(layout: Layout, swpTypeShift: number): Codec {
  const types = rowsOf(layout, "swpType");
  const offsets = rowsOf(layout, "swpOffset");
  const pteMask = onesMask(layout.pteBits);
  const longMask = onesMask(longBitsOf(layout));
  const shift = BigInt(swpTypeShift);
  const offsetMask = onesMask(swpTypeShift);
  const constant = rowsOf(layout, "ones").reduce((mask, row) => mask | maskOf(row), 0n);
  const written = flagMasks(layout, "encode");
  const read = flagMasks(layout, "decode");
  const swpEntry = (type: bigint, offset: bigint): bigint =>
    ((type << shift) & longMask) | (offset & offsetMask);
  const archType = reader(types);
  const archOffset = reader(offsets);
  const writeType = writer(types);
  const writeOffset = writer(offsets);
  return {
    isNone: (pte) => matches(layout.none, pte),
    isPresent: (pte) => matches(layout.present, pte),
    hasFlag: (pte, flag) => (pte & read[flag]) !== 0n,
    flagMask: (flag) => written[flag],
    toSwpEntry: (pte) => swpEntry(archType(pte), archOffset(pte)),
    fromSwpEntry: (entry) =>
      (constant | writeType(entry >> shift) | writeOffset(entry & offsetMask)) & pteMask,
    swpEntry,
    archType,
    archOffset,
  };
}

function flagMasks(layout: Layout, access: "encode" | "decode"): Record<FlagName, bigint> {
  const mask = (flag: FlagName): bigint =>
    rowsOf(layout, flag)
      .filter((row) => row.access === "both" || row.access === access)
      .reduce((all, row) => all | maskOf(row), 0n);
  return { exclusive: mask("exclusive"), softDirty: mask("softDirty"), uffdWp: mask("uffdWp") };
}

function reader(rows: readonly Field[]): (pte: bigint) => bigint {
  const parts = rows
    .filter((row) => row.access !== "encode")
    .map((row) => ({
      low: BigInt(row.low),
      from: BigInt(row.from),
      mask: onesMask(widthOf(row)),
      flip: row.inverted ? onesMask(widthOf(row)) : 0n,
    }));
  return (pte) =>
    parts.reduce((value, part) => value | ((((pte >> part.low) & part.mask) ^ part.flip) << part.from), 0n);
}

function writer(rows: readonly Field[]): (value: bigint) => bigint {
  const parts = rows
    .filter((row) => row.access !== "decode")
    .map((row) => ({
      low: BigInt(row.low),
      from: BigInt(row.from),
      mask: row.unmasked ? null : onesMask(widthOf(row)),
      flip: row.inverted ? onesMask(widthOf(row)) : 0n,
    }));
  return (value) =>
    parts.reduce((pte, part) => {
      const bits = value >> part.from;
      return pte | (((part.mask === null ? bits : bits & part.mask) ^ part.flip) << part.low);
    }, 0n);
}

/** How many bits of type or offset the kernel's encode can write. */
export function encodedBits(layout: Layout, kind: "swpType" | "swpOffset"): number {
  return rowsOf(layout, kind)
    .filter((row) => row.access !== "decode")
    .reduce((bits, row) => bits + widthOf(row), 0);
}

/** The largest type that survives: the field's, and what swp_entry_t has room for. */
export function maxTypeOf(layout: Layout, swpTypeShift: number): number {
  return 2 ** Math.min(encodedBits(layout, "swpType"), longBitsOf(layout) - swpTypeShift) - 1;
}

/** The largest offset that survives, in pages: the field's, and what swp_entry_t has room for. */
export function maxOffsetOf(layout: Layout, swpTypeShift: number): bigint {
  return onesMask(Math.min(encodedBits(layout, "swpOffset"), swpTypeShift));
}
