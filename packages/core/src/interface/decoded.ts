import type { MarkerName } from "../data/swap-types.ts";

/** What a PTE is. */
export type Kind =
  | "none"
  | "present"
  | "swap"
  | "migration"
  | "hwpoison"
  | "device-private"
  | "device-exclusive"
  | "marker"
  | "swapin-error"
  | "unassigned";

/** What a migration or device entry may be turned into. */
export type Access = "read" | "read-exclusive" | "write" | null;

/** What a PTE says. A key is absent where it does not apply. */
export interface Decoded {
  readonly pte: bigint;
  readonly arch: string;
  /** The layout's id. */
  readonly layout: string;
  /** Each default that changed this answer, in a sentence. */
  readonly assumed: readonly string[];
  readonly kind: Kind;
  /** swp_type() of the arch-independent entry. */
  readonly type?: number;
  /** swp_offset(), in pages; the PFN and what is above it for migration, device and hwpoison entries. */
  readonly offset?: bigint;
  /** The arch-independent swp_entry_t. */
  readonly swpEntry?: bigint;
  readonly exclusive?: boolean;
  /** Of a present PTE too, where the backend describes present PTEs. */
  readonly softDirty?: boolean;
  readonly uffdWp?: boolean;
  /** What a migration or device entry may be turned into; null for device-exclusive from 6.15 on. */
  readonly access?: Access;
  /** Page frame number; of a present PTE too, where the backend describes present PTEs. */
  readonly pfn?: bigint;
  /** Of a migration entry; absent, not false, where that kernel does not honour it. */
  readonly young?: boolean;
  readonly dirty?: boolean;
  /** What a marker says; bits that this release does not read are dropped, as the kernel drops them. */
  readonly markers?: readonly MarkerName[];
}
