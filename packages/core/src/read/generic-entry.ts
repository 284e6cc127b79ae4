import { parseRelease } from "../data/release.ts";
import type { SwapTypes } from "../data/swap-types.ts";
import { swapTypes, typeMeaning } from "../data/swap-types.ts";
import { swpTypeShiftOf } from "../data/swp-entry.ts";
import { requireKey } from "../util/require.ts";

/** A swp_entry_t taken apart without any architecture. */
export interface GenericEntry {
  readonly bits: 32 | 64;
  readonly type: number;
  readonly offset: bigint;
}

/**
 * Type and offset of a swp_entry_t: SWP_TYPE_SHIFT is 58 (26 on 32 bits), 57 (25) before 4.20, and 59 (27) before 3.5.
 *
 * @param bits BITS_PER_LONG; null: 32 where the word has 32 bits and a type in them, since an offset that large on 64
 * bits would need a swap area of terabytes, and 64 otherwise.
 * @param release as `for()` takes it: vendors' builds and stable releases that changed the shift are known
 * @throws PtekitError `UNKNOWN_RELEASE`
 */
export function genericEntry(value: bigint, bits: 32 | 64 | null, release: string): GenericEntry {
  const kernel = parseRelease(release);
  const at = (width: 32 | 64): GenericEntry => {
    const shift = BigInt(swpTypeShiftOf(kernel, width));
    return { bits: width, type: Number(value >> shift), offset: value & ((1n << shift) - 1n) };
  };
  if (bits !== null) return at(bits);
  return value >> 32n === 0n && at(32).type > 0 ? at(32) : at(64);
}

/**
 * What a swp_entry_t says without any architecture, in words: `a swap area`, `uffd-wp marker`, `migration-read`. Every kind
 * of special entry is taken to be configured.
 *
 * @throws PtekitError `UNKNOWN_RELEASE`
 */
export function genericMeaning(entry: GenericEntry, release: string): string {
  requireKey(entry, "type", "a swp_entry_t taken apart");
  const { type, offset } = entry;
  return entryMeaning(
    swapTypes(parseRelease(release), () => true),
    type,
    offset,
  );
}

/** What a type and an offset say, to a kernel with those types. */
export function entryMeaning(types: SwapTypes, type: number, offset: bigint): string {
  const meaning = typeMeaning(types, type);
  if (meaning === "swap") return "a swap area";
  if (meaning !== "marker") return meaning;
  const names = types.markers.filter(({ value }) => (offset & value) !== 0n).map(({ name }) => name);
  return names.length > 0 ? `${names.join(", ")} marker` : "marker";
}
