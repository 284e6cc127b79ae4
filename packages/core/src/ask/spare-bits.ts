import { encodedBits } from "../codec/codec.ts";
import type { Layout } from "../data/layout.ts";
import { longBitsOf } from "../data/layout.ts";
import { parseRelease } from "../data/release.ts";
import { spare } from "../data/row.ts";
import { MAX_SWAPFILES_SHIFT } from "../data/swap-types.ts";
import { PtekitError } from "../errors.ts";
import type { BackendParts } from "../interface/kernel.ts";
import type { Capacity, Gain, SpareBits, Taking } from "../interface/spare-bits.ts";
import { limitsOf } from "../target/limits.ts";
import { deepFreeze } from "../util/freeze.ts";
import { requireKernel } from "../util/require.ts";
import { capacityOf } from "./capacity.ts";
import { bitClaims, freeBits } from "./claims.ts";
import { kindOf, lowestRow, reserveBit, withoutLowestBit } from "./reserve.ts";

/** Who claims every bit, which are free, what they could buy, and what taking others would cost. */
export function spareBits(parts: BackendParts): SpareBits {
  const { layout } = parts;
  const free = freeBits(layout);
  return deepFreeze({
    bits: bitClaims(layout),
    free,
    takeable: (["offset", "type"] as const).flatMap((from) => takingOf(parts, from)),
    gains: free.flatMap((bit) => (["type", "offset"] as const).map((use) => gainOf(parts, bit, use))),
  });
}

/** The parts of the kernel that would have this layout: its limits follow. */
export function withLayout(parts: BackendParts, layout: Layout): BackendParts {
  requireKernel(parts);
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
