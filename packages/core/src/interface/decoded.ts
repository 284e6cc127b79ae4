import type { EntryLevel } from "../data/layout.ts";
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

/** What a migration or device entry may be turned into; null for device-exclusive from 6.15 on. */
export type Access = "read" | "read-exclusive" | "write" | null;

/**
 * What a PTE says: a union on `kind`, so that `if (d.kind === "swap")` gives `d.offset` and a `switch` is exhaustive.
 *
 * Plain data, a fresh object each time, but for `assumed` and `level`: they are worked out when they are read, stand on
 * the prototype, and so are in no copy (`{ ...d }`, structuredClone). `toJson(d)` has all of it.
 */
export type Decoded = DecodedNone | DecodedPresent | DecodedEntry;

/** What a PTE that is neither none nor present says: it holds an arch-independent entry. */
export type DecodedEntry =
  | DecodedSwap
  | DecodedMigration
  | DecodedHwpoison
  | DecodedDevicePrivate
  | DecodedDeviceExclusive
  | DecodedMarker
  | DecodedSwapinError
  | DecodedUnassigned;

/** The answers of one kind: `DecodedAs<"swap">`. */
export type DecodedAs<K extends Kind> = Extract<Decoded, { readonly kind: K }>;

/** A default that changed an answer, and the answer without it. */
export interface Assumed {
  /** `cpu without la57 (not given)` */
  readonly sentence: string;
  /** What the same word says otherwise; null where the other case is not described, or has no such word. */
  readonly otherwise: Decoded | null;
}

/** The same answers with every key that one of them has, for code that treats all kinds alike. */
export interface AnyDecoded extends DecodedWord {
  readonly kind: Kind;
  readonly type?: number;
  readonly offset?: bigint;
  readonly swpEntry?: bigint;
  readonly exclusive?: boolean;
  readonly softDirty?: boolean;
  readonly uffdWp?: boolean;
  readonly access?: Access;
  readonly pfn?: bigint;
  readonly young?: boolean;
  readonly dirty?: boolean;
  readonly write?: boolean;
  readonly special?: boolean;
  readonly protNone?: boolean;
  readonly leaf?: boolean;
  readonly table?: bigint;
  readonly bad?: boolean;
  readonly markers?: readonly MarkerName[];
}

/** What every answer says. */
export interface DecodedWord {
  readonly pte: bigint;
  readonly arch: string;
  /** The layout's id. */
  readonly layout: string;
  /** Which level's entry it is: that of the backend that was asked. */
  readonly level: EntryLevel;
  /** Each default that changed this answer; worked out when it is read. */
  readonly assumed: readonly Assumed[];
}

/** A PTE that pte_none() takes for empty. */
export interface DecodedNone extends DecodedWord {
  readonly kind: "none";
}

/**
 * A present entry; the keys are there where the backend describes present PTEs, above the PTEs where it describes the
 * entries of huge pages. Of those, what is neither a table nor a leaf is bad.
 */
export interface DecodedPresent extends DecodedWord {
  readonly kind: "present";
  /** Page frame number. */
  readonly pfn?: bigint;
  readonly softDirty?: boolean;
  readonly uffdWp?: boolean;
  /** pte_write() */
  readonly write?: boolean;
  /** pte_dirty() */
  readonly dirty?: boolean;
  /** pte_young() */
  readonly young?: boolean;
  /** pte_special(): it maps no page that the mm code may touch. */
  readonly special?: boolean;
  /** Whether it is a page under PROT_NONE; false where nothing tells it. */
  readonly protNone?: boolean;
  /** pmd_leaf(), pud_leaf(): it maps a huge page. Absent for a PTE, and where no geometry is described. */
  readonly leaf?: boolean;
  /** Physical address of the table that it leads to, where it is no leaf. */
  readonly table?: bigint;
  /** pmd_bad(), pud_bad(): it is neither a table nor a leaf. */
  readonly bad?: true;
}

/** What every PTE with an arch-independent entry says. */
export interface DecodedFields extends DecodedWord {
  /** swp_type() of the arch-independent entry. */
  readonly type: number;
  /** swp_offset(), in pages; the PFN and what is above it for migration, device and hwpoison entries. */
  readonly offset: bigint;
  /** The arch-independent swp_entry_t. */
  readonly swpEntry: bigint;
  readonly exclusive: boolean;
  readonly softDirty: boolean;
  readonly uffdWp: boolean;
}

/** An entry that names a page frame. */
export interface DecodedFrame extends DecodedFields {
  /** Page frame number. */
  readonly pfn: bigint;
}

/** A swap slot: `type` is the swap area, `offset` the page in it. */
export interface DecodedSwap extends DecodedFields {
  readonly kind: "swap";
}

/** A page on its way to another frame. */
export interface DecodedMigration extends DecodedFrame {
  readonly kind: "migration";
  /** What it is turned into when the page has arrived. */
  readonly access: "read" | "read-exclusive" | "write";
  /** Whether the page was young; absent, not false, where that kernel does not honour it. */
  readonly young?: boolean;
  /** Whether it was dirty; absent as `young` is. */
  readonly dirty?: boolean;
}

/** A page with an uncorrected memory error. */
export interface DecodedHwpoison extends DecodedFrame {
  readonly kind: "hwpoison";
}

/** A page in a device's own memory. */
export interface DecodedDevicePrivate extends DecodedFrame {
  readonly kind: "device-private";
  /** Absent for the entries of RHEL 7's HMM. */
  readonly access?: "read" | "write";
}

/** A page that a device has to itself. */
export interface DecodedDeviceExclusive extends DecodedFrame {
  readonly kind: "device-exclusive";
  /** Null from 6.15 on. */
  readonly access: "read" | "write" | null;
}

/** A PTE marker. */
export interface DecodedMarker extends DecodedFields {
  readonly kind: "marker";
  /** What it says; bits that this release does not read are dropped, as the kernel drops them. */
  readonly markers: readonly MarkerName[];
}

/** A page that could not be read back (5.19 to 6.1). */
export interface DecodedSwapinError extends DecodedFrame {
  readonly kind: "swapin-error";
}

/** A type that mainline gives to nothing in this release; a vendor may: openEuler's userswap. */
export interface DecodedUnassigned extends DecodedFields {
  readonly kind: "unassigned";
}
