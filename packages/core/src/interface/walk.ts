import type { LevelName } from "../data/geometry.ts";
import type { Decoded } from "./decoded.ts";

/**
 * Reads physical memory: fills `into` from `address` on. True, or `"read"`, where all of it is there; false, or a word
 * that says why not.
 */
export type ReadMemory = (address: bigint, into: Uint8Array) => boolean | string;

/** What a machine's tables need beside the backend. */
export interface TreeOptions {
  /** How many levels the tables have, where they are the lower ones of the backend's geometry. */
  readonly levels?: number;
  /** Bits of an entry that encrypt the memory it names, and are no part of its address: `sme_me_mask`. */
  readonly smeMask?: bigint;
  /** Where entries hold the kernel's virtual addresses: what to take from one for the physical address (PAGE_OFFSET - PHYS_OFFSET). */
  readonly linear?: bigint;
}

/**
 * What an entry on the way is: `table` leads on, `present` maps a page, `not-present` is a swap entry or another that
 * software reads, `none` is empty, `bad` is nothing that this kernel writes at that level.
 */
export type StepKind = "table" | "present" | "not-present" | "none" | "bad";

/** One entry on the way from the root. */
export interface WalkStep {
  /** The kernel's name of the level; of several that are folded into one, the highest. */
  readonly level: LevelName;
  /** The other names that the same entry goes by, because those levels are folded. */
  readonly folded: readonly LevelName[];
  /** Physical address of the table. */
  readonly table: bigint;
  readonly index: number;
  /** Physical address of the entry. */
  readonly at: bigint;
  /** The entry itself. */
  readonly entry: bigint;
  readonly kind: StepKind;
  /** What the entry says, where it is no table and entries of that level are described. */
  readonly decoded: Decoded | null;
}

/**
 * How a walk ended: as its last entry is, or
 *
 * - `outside`: the tables do not translate such an address
 * - `unreadable`: the memory does not hold the next entry
 * - `cycle`: an entry leads to a table that was on the way already
 */
export type WalkEnd = Exclude<StepKind, "table"> | "outside" | "unreadable" | "cycle";

/** The way from the root to an address's entry. */
export interface Walk {
  readonly address: bigint;
  readonly root: bigint;
  readonly path: readonly WalkStep[];
  readonly end: WalkEnd;
  /** In a sentence, how it ended. */
  readonly sentence: string;
  /** Physical address of the byte, where the entry maps a page and its frame is described; else null. */
  readonly physical: bigint | null;
  /** How many bytes the last entry spans: the size of the page, or of the hole. 0 where no entry was read. */
  readonly span: bigint;
  /** Defaults that chose this geometry, in sentences: the target did not say. */
  readonly assumed: readonly string[];
}

/** How to stream an address space. */
export interface EntriesOptions extends TreeOptions {
  /** Whose half of the top table. Default: the user's. */
  readonly part?: "user" | "all";
  /** Memory to read the entries into, such as a decoder's. Default: 1 MiB of its own. */
  readonly into?: Uint8Array;
  /** Added to every address, where the root is of an address space that does not begin at 0 (TTBR1's). */
  readonly base?: bigint;
  /** Told of each table below the root when it is read, before its entries come: of those without entries, too. */
  readonly onTable?: (table: EnteredTable) => void;
}

/** A table, and the upper entry that leads to it. */
export interface EnteredTable {
  /** The level of the entry, by its lowest name. */
  readonly level: LevelName;
  /** The first virtual address that it translates. */
  readonly address: bigint;
  readonly entry: bigint;
  /** Physical address of the table. */
  readonly table: bigint;
}

/** Entries of one level that follow each other in one table. */
export interface EntryRun {
  /** Virtual address of the first. */
  readonly address: bigint;
  /** Physical address of the first. */
  readonly at: bigint;
  /** The place of the first among the block's entries. */
  readonly first: number;
  readonly count: number;
}

/** Entries of one level, in order of address. */
export interface EntryBlock {
  readonly kind: "entries";
  /** The level, by its lowest name: the one by which its entries are read. */
  readonly level: LevelName;
  /** How many bytes of addresses an entry spans. */
  readonly span: bigint;
  /** The entries as they lie in memory: a view of `into`, filled anew with the next block. */
  readonly bytes: Uint8Array;
  readonly count: number;
  /** Where they are from, lowest address first. */
  readonly runs: readonly EntryRun[];
}

/**
 * A table, or an upper entry, that cannot be followed:
 *
 * - `unreadable`: the memory does not hold the table
 * - `cycle`: the table is one of those above it
 * - `shared`: the table was met before, below another entry; it is not streamed again
 * - `bad`: the entry is neither none, a table nor a page, and no entry of its level is known here
 */
export interface TableProblem {
  readonly kind: "problem";
  readonly problem: "unreadable" | "cycle" | "shared" | "bad";
  /** The level of the entry that leads there; of the root where that cannot be read. */
  readonly level: LevelName;
  /** The first virtual address that it stands for. */
  readonly address: bigint;
  /** The entry; null where it is the root itself. */
  readonly entry: bigint | null;
  /** Physical address of the table; of a bad entry, of the one that it stands in. */
  readonly table: bigint;
  readonly sentence: string;
}

/** Physical memory to search. */
export interface SearchableMemory {
  /** What there is, lowest first; `end` is not part of it. */
  readonly ranges: readonly { readonly start: bigint; readonly end: bigint }[];
  readonly read: ReadMemory;
}

/** A page that is known to be mapped, and to which frame. */
export interface KnownPage {
  /** Virtual address. */
  readonly address: bigint;
  readonly pfn: bigint;
}

/** What a search for a root found. */
export interface FoundRoot {
  /** The root; null where none fits, and where several do that are not copies of one. */
  readonly root: bigint | null;
  /** Every table from which all pages are found, lowest first; a copy too. */
  readonly candidates: readonly bigint[];
}
