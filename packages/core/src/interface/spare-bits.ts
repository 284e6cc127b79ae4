import type { FieldKind } from "../data/row.ts";
import type { FlagName } from "./entry.ts";

/** Who claims a bit of the swap PTE. */
export interface BitClaim {
  readonly bit: number;
  readonly claimedBy: FieldKind;
  /** Nothing claims, reads or sets it: a flag could live there. */
  readonly free: boolean;
  /** A free bit that the conversion drops or pte_none() ignores can carry a flag but nothing else. */
  readonly flagOnly: boolean;
  /** pte_none() ignores it: by itself it makes no special PTE. */
  readonly ignoredByNone: boolean;
  /** `bit 2 is inside the type field` */
  readonly sentence: string;
}

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

/** What a kernel has room for. */
export interface Capacity {
  /** How many swap types fit. */
  readonly types: number;
  /** How many of them are left for swap files. */
  readonly swapFiles: number;
  readonly offsetBits: number;
  /** The largest swap file that the layout holds, in bytes. */
  readonly layoutBytes: bigint;
  /** The largest swap file that the kernel allows, in bytes: CPU and swap header limit it too. */
  readonly maxBytes: bigint;
  /** The highest physical address that a migration, device or hwpoison entry can name. */
  readonly maxPhysicalAddress: bigint;
  /** Whether migration entries keep young and dirty; null before 6.1. */
  readonly migrationAd: boolean | null;
}
