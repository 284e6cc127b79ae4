import type { BackendParts } from "../backend.ts";
import type { FlagName } from "../codec/codec.ts";
import { encodedBits } from "../codec/codec.ts";
import type { Field, Layout } from "../data/layout.ts";
import {
  exclusive,
  longBitsOf,
  rowAt,
  rowsOf,
  softDirty,
  spare,
  swpOffset,
  swpType,
  uffdWp,
  widthOf,
} from "../data/layout.ts";
import { parseRelease } from "../data/release.ts";
import { MAX_SWAPFILES_SHIFT } from "../data/swap-types.ts";
import { PtekitError } from "../errors.ts";
import type { Capacity } from "./limits.ts";
import { capacityOf, limitsOf } from "./limits.ts";
import type { BitClaim } from "./spare.ts";
import { bitClaims, claimSentence, freeBits } from "./spare.ts";

/** What a bit is wanted for: a flag, or one more bit of type or offset. */
export type BitUse = FlagName | "type" | "offset";

/** Which bit: a free one by its number, or the lowest bit of the type or the offset. */
export type BitRequest =
  | { readonly bit: number; readonly for: BitUse }
  | { readonly from: "type" | "offset"; readonly for: FlagName };

/** What taking a bit from a field would cost. */
export interface Taking {
  /** The bit that a flag would get. */
  readonly bit: number;
  readonly from: "type" | "offset";
  readonly before: Capacity;
  readonly after: Capacity;
  /** The kernel's own build check that would refuse it, in a sentence; null where none would. */
  readonly refusedBy: string | null;
}

/** What a free bit could buy instead of a flag. */
export interface Gain {
  readonly bit: number;
  readonly for: "type" | "offset";
  readonly before: Capacity;
  readonly after: Capacity;
  /** Why it can buy nothing; null where it can. */
  readonly refusedBy: string | null;
}

/** The answer to the spare-bit question. */
export interface SpareBits {
  /** Every bit, the highest first. */
  readonly bits: readonly BitClaim[];
  /** The free bits, lowest first. */
  readonly free: readonly number[];
  /** What a bit would cost where none is free: from the offset, from the type. */
  readonly takeable: readonly Taking[];
  /** What each free bit could buy. */
  readonly gains: readonly Gain[];
}

/** Who claims every bit, which are free, what they could buy, and what taking others would cost. */
export function spareBits(parts: BackendParts): SpareBits {
  const { layout } = parts;
  const free = freeBits(layout);
  return {
    bits: bitClaims(layout),
    free,
    takeable: (["offset", "type"] as const).flatMap((from) => takingOf(parts, from)),
    gains: free.flatMap((bit) => (["type", "offset"] as const).map((use) => gainOf(parts, bit, use))),
  };
}

/** The parts of the kernel that would have this layout: its limits follow. */
export function withLayout(parts: BackendParts, layout: Layout): BackendParts {
  const { kernel } = parts;
  const limits = limitsOf(layout, { ...kernel, release: parseRelease(kernel.release) });
  return { ...parts, layout, kernel: { ...kernel, ...limits }, assumptions: [] };
}

const capacity = ({ layout, types, kernel }: BackendParts): Capacity => capacityOf(layout, types, kernel);

function takingOf(parts: BackendParts, from: "type" | "offset"): Taking[] {
  const { layout, kernel } = parts;
  const bit = lowestRow(layout, from)?.low;
  if (bit === undefined || encodedBits(layout, kindOf(from)) < 2) return [];
  const after = withLayout(parts, withoutLowestBit(layout, from, spare(bit, bit)));
  const typeBits = encodedBits(after.layout, "swpType");
  const refusedBy =
    from === "type" && typeBits < MAX_SWAPFILES_SHIFT && kernel.typeCheck !== null
      ? `MAX_SWAPFILES_CHECK(): MAX_SWAPFILES_SHIFT is ${MAX_SWAPFILES_SHIFT}, the type would have ${typeBits} bits (${kernel.typeCheck})`
      : null;
  return [{ bit, from, before: capacity(parts), after: capacity(after), refusedBy }];
}

function gainOf(parts: BackendParts, bit: number, use: "type" | "offset"): Gain {
  const before = capacity(parts);
  try {
    const after = withLayout(parts, reserveBit(parts.layout, { bit, for: use }));
    // A bit more of type is a type more only where MAX_SWAPFILES_SHIFT grows with it.
    const types = use === "type" ? before.types * 2 : before.types;
    const grown = { ...capacity(after), types, swapFiles: before.swapFiles + types - before.types };
    return { bit, for: use, before, after: grown, refusedBy: genericLimit(after, use) };
  } catch (error) {
    if (!(error instanceof PtekitError)) throw error;
    return { bit, for: use, before, after: before, refusedBy: error.message };
  }
}

/** swp_entry_t must hold what the PTE holds. */
function genericLimit({ layout, kernel }: BackendParts, use: "type" | "offset"): string | null {
  const bits = encodedBits(layout, kindOf(use));
  const limit = use === "offset" ? kernel.swpTypeShift : longBitsOf(layout) - kernel.swpTypeShift;
  return bits <= limit ? null : `swp_entry_t holds ${limit} bits of ${use}, the PTE would hold ${bits}`;
}

/**
 * The hypothetical layout in which a bit is taken: a free bit by its number, or the lowest bit of a field, moving
 * nothing else. It passes or fails the same checks and properties as a real one.
 *
 * @throws PtekitError `BIT_CLAIMED` with the sentence that would have prevented the mistake (`bit 2 is inside the type
 * field`), `NO_SUCH_BIT`, `UNKNOWN_OPTION`.
 */
export function reserveBit(layout: Layout, request: BitRequest): Layout {
  const uses = ["exclusive", "softDirty", "uffdWp", ...("bit" in request ? ["type", "offset"] : [])];
  if (!uses.includes(request.for)) {
    throw new PtekitError(
      "UNKNOWN_OPTION",
      `a bit is reserved for ${uses.join(", ")}, not ${String(request.for)}`,
    );
  }
  const own = layout.fields.find((row) => row.kind === request.for);
  if (own) throw new PtekitError("BIT_CLAIMED", `${layout.id}: ${claimSentence(layout, own.low)} already`);
  return "bit" in request
    ? withBit(layout, request.bit, request.for)
    : withBitFrom(layout, request.from, request.for);
}

function withBit(layout: Layout, bit: number, use: BitUse): Layout {
  const row = Number.isInteger(bit) ? rowAt(layout, bit) : undefined;
  if (!row) {
    throw new PtekitError(
      "NO_SUCH_BIT",
      `${layout.id}: a bit is a whole number from 0 to ${layout.pteBits - 1}, not ${bit}`,
    );
  }
  const claim = bitClaims(layout).find((candidate) => candidate.bit === bit);
  if (!claim?.free) throw new PtekitError("BIT_CLAIMED", `${layout.id}: ${claimSentence(layout, bit)}`);
  if ((use === "type" || use === "offset") && claim.flagOnly) {
    const why =
      claim.ignoredByNone && row.kind !== "dropped"
        ? `bit ${bit} is ignored by pte_none()`
        : claimSentence(layout, bit);
    throw new PtekitError(
      "BIT_CLAIMED",
      `${layout.id}: ${why}: it can carry a flag, not a bit of the ${use}`,
    );
  }
  const rest = [
    ...(row.high > bit ? [{ ...row, low: bit + 1 }] : []),
    fieldFor(layout, bit, use),
    ...(row.low < bit ? [{ ...row, high: bit - 1 }] : []),
  ];
  const fields = layout.fields.flatMap((other) => {
    if (other === row) return rest;
    // A kernel that splits a field masks its parts: what is meant for the new bit would leak over those in between.
    return (use === "type" || use === "offset") && other.kind === kindOf(use)
      ? { ...other, unmasked: false }
      : other;
  });
  return hypothetical(layout, fields, `bit ${bit} for ${use}`);
}

function withBitFrom(layout: Layout, from: "type" | "offset", use: FlagName): Layout {
  const row = lowestRow(layout, from);
  if (!row) throw new PtekitError("NO_SUCH_BIT", `${layout.id}: there is no bit 0 of the ${from}`);
  return withoutLowestBit(layout, from, fieldFor(layout, row.low, use));
}

/** The field without its lowest bit, which `instead` takes. */
function withoutLowestBit(layout: Layout, from: "type" | "offset", instead: Field): Layout {
  const lowest = lowestRow(layout, from);
  const fields = layout.fields.flatMap((row): Field[] => {
    if (row === lowest) return row.high === row.low ? [instead] : [{ ...row, low: row.low + 1 }, instead];
    return row.kind === kindOf(from) ? [{ ...row, from: row.from - 1 }] : [row];
  });
  return hypothetical(layout, fields, `the lowest bit of the ${from} for ${instead.kind}`);
}

const kindOf = (field: "type" | "offset"): "swpType" | "swpOffset" =>
  field === "type" ? "swpType" : "swpOffset";

/** The row that holds bit 0 of the value. */
function lowestRow(layout: Layout, field: "type" | "offset"): Field | undefined {
  return rowsOf(layout, kindOf(field)).find((row) => row.from === 0 && row.access !== "decode");
}

function fieldFor(layout: Layout, bit: number, use: BitUse): Field {
  if (use === "type") return swpType(bit, bit, valueBits(layout, "swpType"));
  if (use === "offset") {
    const inverted = rowsOf(layout, "swpOffset").some((row) => row.inverted);
    return { ...swpOffset(bit, bit, valueBits(layout, "swpOffset")), inverted };
  }
  return { exclusive, softDirty, uffdWp }[use](bit);
}

/** How many bits of the value its rows hold, written or read. */
function valueBits(layout: Layout, kind: "swpType" | "swpOffset"): number {
  return Math.max(...rowsOf(layout, kind).map((row) => row.from + widthOf(row)));
}

function hypothetical(layout: Layout, fields: readonly Field[], what: string): Layout {
  return { ...layout, id: `${layout.id}, ${what}`, fields, note: "hypothetical: no kernel has it" };
}
