import { maskOf, onesMask, widthOf } from "../data/bits.ts";
import type { Layout } from "../data/layout.ts";
import { longBitsOf, rowsOf } from "../data/layout.ts";
import type { Field } from "../data/row.ts";
import type { FlagName } from "../interface/entry.ts";
import { anyOf, gathered, testOf } from "./gather.ts";
import type { OfHalves } from "./halves.ts";
import { highOf, joined, lowOf } from "./halves.ts";

// The only bit arithmetic: a layout's rows turned into the kernel's macros.

/** The three swap-PTE flags, in the order in which answers name them. */
export const FLAG_NAMES: readonly FlagName[] = Object.freeze(["exclusive", "softDirty", "uffdWp"] as const);

/** A layout's verbs on bare numbers; no meaning, no checks. Reading works on the halves of a PTE. */
export interface Codec {
  readonly isNone: OfHalves<boolean>;
  readonly isPresent: OfHalves<boolean>;
  /** Whether a flag is set, as decode reads it. */
  readonly flags: Readonly<Record<FlagName, OfHalves<boolean>>>;
  /** swp_type() of the arch-independent entry: __swp_type(), cut to what the entry holds. */
  readonly type: OfHalves<number>;
  /** swp_offset() of the arch-independent entry: __swp_offset(), cut likewise. */
  readonly offset: { readonly low: OfHalves<number>; readonly high: OfHalves<number> };
  /** pte_to_swp_entry(): the swp_entry_t of such a type and the halves of such an offset. */
  entry(type: number, offsetLow: number, offsetHigh: number): bigint;
  /** The same, of a PTE. */
  toSwpEntry(pte: bigint): bigint;
  /** The mask of a flag as encode writes it, 0 where the layout has none. */
  flagMask(flag: FlagName): bigint;
  /** swp_entry_to_pte(): masks and leaks as the kernel's macros do. */
  fromSwpEntry(entry: bigint): bigint;
  /** swp_entry(type, offset), cut as the kernel cuts it. */
  swpEntry(type: bigint, offset: bigint): bigint;
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
  const writeType = writer(types);
  const writeOffset = writer(offsets);
  const type = gathered(readable(types), longBitsOf(layout) - swpTypeShift).low;
  const offset = gathered(readable(offsets), swpTypeShift);
  const entry: Codec["entry"] =
    swpTypeShift < 32
      ? (number, low, high) => joined(low | (number << swpTypeShift), high)
      : (number, low, high) => joined(low, high | (number << (swpTypeShift - 32)));
  return {
    isNone: testOf(layout.none),
    isPresent: testOf(layout.present),
    flags: { exclusive: anyOf(read.exclusive), softDirty: anyOf(read.softDirty), uffdWp: anyOf(read.uffdWp) },
    type,
    offset,
    entry,
    toSwpEntry(pte) {
      const low = lowOf(pte);
      const high = highOf(pte);
      return entry(type(low, high), offset.low(low, high), offset.high(low, high));
    },
    flagMask: (flag) => written[flag],
    fromSwpEntry: (entry) =>
      (constant | writeType(entry >> shift) | writeOffset(entry & offsetMask)) & pteMask,
    swpEntry: (number, pages) => ((number << shift) & longMask) | (pages & offsetMask),
  };
}

const readable = (rows: readonly Field[]): Field[] => rows.filter((row) => row.access !== "encode");

function flagMasks(layout: Layout, access: "encode" | "decode"): Record<FlagName, bigint> {
  const mask = (flag: FlagName): bigint =>
    rowsOf(layout, flag)
      .filter((row) => row.access === "both" || row.access === access)
      .reduce((all, row) => all | maskOf(row), 0n);
  return { exclusive: mask("exclusive"), softDirty: mask("softDirty"), uffdWp: mask("uffdWp") };
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
