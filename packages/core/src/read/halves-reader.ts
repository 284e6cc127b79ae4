import { codecOf } from "../codec/codec.ts";
import type { MarkerName } from "../data/swap-types.ts";
import type { ArchBackend } from "../interface/backend.ts";
import type { Kind } from "../interface/decoded.ts";
import type { FlagName } from "../interface/entry.ts";
import { requireKernel } from "../util/require.ts";
import { markersIn, meaningsOf } from "./meanings.ts";

/** What is asked of a word by its low and its high 32 bits, each as a number of either sign; of a 32-bit PTE the high half is 0. */
export type AskHalves<T> = (low: number, high: number) => T;

/** What a kernel's words say, by halves. */
export interface HalvesReader {
  readonly isNone: AskHalves<boolean>;
  /** Of a word that is not none. */
  readonly isPresent: AskHalves<boolean>;
  /** What follows is of words that are neither none nor present: the type, and the halves of the offset, of either sign. */
  readonly type: AskHalves<number>;
  readonly offset: { readonly low: AskHalves<number>; readonly high: AskHalves<number> };
  readonly flags: Readonly<Record<FlagName, AskHalves<boolean>>>;
  /** The kind by type; a type beyond the last one is `unassigned`. */
  readonly kinds: readonly Kind[];
  /** What a marker says, by the low half of its offset. */
  readonly markers: (offsetLow: number) => readonly MarkerName[];
}

/**
 * What a backend's `decode` says, without a bigint and without an object a word: for those who go through whole tables.
 *
 * ```ts
 * const { isNone, isPresent, type, kinds } = halvesReader(backend);
 * if (!isNone(low, high) && !isPresent(low, high)) count(kinds[type(low, high)] ?? "unassigned");
 * ```
 *
 * @throws PtekitError `BAD_ARGUMENT` for what is no backend.
 */
export function halvesReader(backend: ArchBackend): HalvesReader {
  requireKernel(backend);
  const { layout, kernel, types } = backend;
  const { isNone, isPresent, type, offset, flags } = codecOf(layout, kernel.swpTypeShift);
  const kinds = meaningsOf(types).map(({ kind }) => kind);
  return { isNone, isPresent, type, offset, flags, kinds, markers: markersIn(types) };
}
