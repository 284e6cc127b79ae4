import { onesMask } from "../data/bits.ts";
import type { Layout } from "../data/layout.ts";
import { longBitsOf, rowsOf } from "../data/layout.ts";
import type { PfnKind, SpecialTypeName } from "../data/swap-types.ts";
import { typeNumber } from "../data/swap-types.ts";
import { PtekitError } from "../errors.ts";
import type { EncodeOptions, FlagName, PfnOptions, SwapEntry, SwpFlags } from "../interface/entry.ts";
import type { BackendParts, KernelFacts } from "../interface/kernel.ts";
import { checkFlags, checkKeys, checkNatural, describe, truncates } from "./arguments.ts";
import type { Codec } from "./codec.ts";
import { FLAG_NAMES, maxOffsetOf, maxTypeOf } from "./codec.ts";

/** The PTE of a type, an offset and flags. */
export function encodeEntry(
  { layout, kernel }: BackendParts,
  codec: Codec,
  entry: SwapEntry,
  options: EncodeOptions = {},
): bigint {
  checkKeys(entry, ["type", "offset", ...FLAG_NAMES], "an entry");
  checkKeys(options, ["overflow"], "options");
  checkFlags(entry, FLAG_NAMES, layout.id);
  const truncate = truncates(options);
  const { swpTypeShift } = kernel;
  const maxType = truncate ? Number.MAX_SAFE_INTEGER : maxTypeOf(layout, swpTypeShift);
  const type = checkType(entry.type, layout, maxType, swpTypeShift);
  const offset = checkNatural(entry.offset, layout.id, "offset");
  const maxOffset = maxOffsetOf(layout, swpTypeShift);
  if (!truncate && offset > maxOffset) throw offsetTooWide(layout, swpTypeShift, offset, maxOffset);
  return withFlags(codec, layout, codec.fromSwpEntry(codec.swpEntry(BigInt(type), offset)), entry);
}

/** The PTE of an entry that names a page frame, as {@link ArchBackend.encodePfn} says it. */
export function encodePfnEntry(
  parts: BackendParts,
  codec: Codec,
  kind: PfnKind,
  pfn: bigint,
  options: PfnOptions = {},
): bigint {
  const { layout, types, kernel } = parts;
  checkKeys(options, ["young", "dirty", "overflow", ...FLAG_NAMES], "options");
  checkFlags(options, ["young", "dirty", ...FLAG_NAMES], layout.id);
  const type = typeNumber(types, kind);
  if (type === undefined || !isPfnKind(kind)) throw noSuchType(parts, kind);
  const truncate = truncates(options);
  checkNatural(pfn, layout.id, "pfn");
  const offsetBits = maxOffsetOf(layout, kernel.swpTypeShift).toString(2).length;
  const limit = onesMask(Math.min(kernel.pfnBits, offsetBits));
  if (!truncate && pfn > limit) {
    throw new PtekitError(
      "PFN_TOO_WIDE",
      `${layout.id}: pfn 0x${pfn.toString(16)} needs ${pfn.toString(2).length} bits, ${kind} entries hold ${limit.toString(2).length} (SWP_PFN_BITS ${kernel.pfnBits}, offset field ${offsetBits})`,
      { limit },
    );
  }
  const offset = pfn | ageBits(kind, options, kernel, layout, truncate);
  const { exclusive = false, softDirty = false, uffdWp = false } = options;
  const entry = { type, offset, exclusive, softDirty, uffdWp };
  return encodeEntry(parts, codec, entry, truncate ? { overflow: "truncate" } : {});
}

const isPfnKind = (name: SpecialTypeName): boolean =>
  name !== "marker" && name !== "device-private-hmm" && name !== "userswap";

/** Names those that there are: a decoded kind is called `migration`, so one asks for that. */
function noSuchType({ layout, types, kernel }: BackendParts, kind: unknown): PtekitError {
  const names = types.special.map(({ name }) => name).filter(isPfnKind);
  const there = names.length === 0 ? "none" : names.join(", ");
  return new PtekitError(
    "NO_SUCH_TYPE",
    `${layout.id}: ${kernel.release} has no entries of type ${typeof kind === "string" ? kind : describe(kind)} that hold a PFN; those that do are ${there}`,
  );
}

function withFlags(codec: Codec, layout: Layout, pte: bigint, flags: SwpFlags): bigint {
  return FLAG_NAMES.reduce((word, flag) => (flags[flag] ? word | flagMask(codec, layout, flag) : word), pte);
}

function flagMask(codec: Codec, layout: Layout, flag: FlagName): bigint {
  const mask = codec.flagMask(flag);
  if (mask === 0n) throw new PtekitError("NO_SUCH_FLAG", `${layout.id}: swap PTEs have no ${flag} bit`);
  return mask;
}

/** SWP_MIG_YOUNG and SWP_MIG_DIRTY sit right above the PFN. */
function ageBits(
  kind: PfnKind,
  { young = false, dirty = false }: PfnOptions,
  kernel: KernelFacts,
  layout: Layout,
  truncate: boolean,
): bigint {
  if (!young && !dirty) return 0n;
  if (!kind.startsWith("migration") || kernel.migrationAd !== true) {
    // make_migration_entry_young() leaves the entry as it is where swap_migration_ad_supported is false.
    if (truncate) return 0n;
    throw new PtekitError(
      "NO_AD_BITS",
      `${layout.id}: ${kernel.release} keeps no young or dirty bit in a ${kind} entry`,
    );
  }
  const pfnBits = BigInt(kernel.pfnBits);
  return (young ? 1n << pfnBits : 0n) | (dirty ? 2n << pfnBits : 0n);
}

function checkType(type: number, layout: Layout, limit: number, swpTypeShift: number): number {
  if (!Number.isSafeInteger(type) || type < 0) {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `${layout.id}: type is a whole number from 0 on, not ${describe(type)}`,
    );
  }
  if (type > limit) {
    throw new PtekitError(
      "TYPE_TOO_WIDE",
      `${layout.id}: type ${type} needs ${type.toString(2).length} bits, ${holds(layout, "swpType", longBitsOf(layout) - swpTypeShift)}`,
      { limit },
    );
  }
  return type;
}

function offsetTooWide(layout: Layout, swpTypeShift: number, offset: bigint, maxOffset: bigint): PtekitError {
  const limit = maxOffset.toString(2).length;
  const need = offset.toString(2).length;
  return new PtekitError(
    "OFFSET_TOO_WIDE",
    `${layout.id}: offset 0x${offset.toString(16)} needs ${need} bits, ${holds(layout, "swpOffset", swpTypeShift, limit)}`,
    { limit: maxOffset },
  );
}

/** `swpOffset 31:8 holds 24`, or that swp_entry_t has room for fewer. */
function holds(layout: Layout, kind: "swpType" | "swpOffset", generic: number, limit?: number): string {
  const rows = rowsOf(layout, kind).filter((row) => row.access !== "decode");
  const bits = rows.reduce((sum, row) => sum + row.high - row.low + 1, 0);
  if (generic < bits) return `swp_entry_t holds ${generic}`;
  const places = rows.map(({ high, low }) => (high === low ? `${high}` : `${high}:${low}`));
  return `${kind} ${places.join(" and ")} holds ${limit ?? bits}`;
}
