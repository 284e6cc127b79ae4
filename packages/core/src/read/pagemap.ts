import { shortHex } from "../data/bits.ts";
import { atLeast, parseRelease } from "../data/release.ts";
import type { SwapTypes } from "../data/swap-types.ts";
import { PtekitError } from "../errors.ts";
import { requireKey } from "../util/require.ts";
import { entryMeaning } from "./generic-entry.ts";

/** What a word of /proc/PID/pagemap says. A flag is absent where that release has no bit for it. */
export interface PagemapEntry {
  /** The word itself. */
  readonly word: bigint;
  /** Bit 63: the page is in memory. */
  readonly present: boolean;
  /** Bit 62: the PTE holds a swap entry; set for migration, device and marker entries too. */
  readonly swapped: boolean;
  /** Bit 61, since 3.5: the page is of a file, or shared anonymous. */
  readonly fileOrShared?: boolean;
  /** Bit 58, since 6.15: a guard region. */
  readonly guard?: boolean;
  /** Bit 57, since 5.14. */
  readonly uffdWp?: boolean;
  /** Bit 56, since 4.2: mapped once, as far as the kernel knows. */
  readonly exclusive?: boolean;
  /** Bit 55, since 3.11. */
  readonly softDirty?: boolean;
  /** The page frame number of a present page, bits 54:0; 0 where the reader has no CAP_SYS_ADMIN (since 4.0). */
  readonly pfn?: bigint;
  /** The swap type of an entry, bits 4:0. */
  readonly type?: number;
  /** The swap offset of an entry, in pages, bits 54:5; 0 where the reader has no CAP_SYS_ADMIN. */
  readonly offset?: bigint;
  /** Bits that are set and that this release never sets, the highest first. */
  readonly unknown: readonly number[];
}

interface Flag {
  readonly name: "fileOrShared" | "guard" | "uffdWp" | "exclusive" | "softDirty";
  readonly bit: number;
  readonly since: string;
}

const FLAGS: readonly Flag[] = [
  { name: "fileOrShared", bit: 61, since: "3.5" },
  { name: "guard", bit: 58, since: "6.15" },
  { name: "uffdWp", bit: 57, since: "5.14" },
  { name: "exclusive", bit: 56, since: "4.2" },
  { name: "softDirty", bit: 55, since: "3.11" },
];

/**
 * What a word of /proc/PID/pagemap says, to a kernel of that release. The form is the same on every architecture.
 *
 * See PM_PFRAME_BITS, PM_SOFT_DIRTY, PM_UFFD_WP and pte_to_pagemap_entry() in fs/proc/task_mmu.c and
 * Documentation/admin-guide/mm/pagemap.rst (as of Linux v7.2). Before 4.2, bits 60:55 held the page shift unless bits
 * were cleared by /proc/PID/clear_refs.
 *
 * @param release as `for()` takes it
 * @throws PtekitError `BAD_WORD` where it is no bigint of 64 bits, `UNKNOWN_RELEASE`.
 */
export function decodePagemap(word: bigint, release: string): PagemapEntry {
  if (typeof word !== "bigint" || BigInt.asUintN(64, word) !== word) {
    throw new PtekitError("BAD_WORD", `a pagemap word is a bigint of 64 bits, not ${String(word)}`);
  }
  const known = FLAGS.filter(({ since }) => atLeast(parseRelease(release), since));
  const isSet = (bit: number): boolean => ((word >> BigInt(bit)) & 1n) === 1n;
  const [present, swapped] = [isSet(63), isSet(62)];
  const frame = word & ((1n << 55n) - 1n);
  const used = [63, 62, ...known.map(({ bit }) => bit)];
  return {
    word,
    present,
    swapped,
    ...Object.fromEntries(known.map(({ name, bit }) => [name, isSet(bit)])),
    ...(present ? { pfn: frame } : swapped ? { type: Number(frame & 0x1fn), offset: frame >> 5n } : {}),
    unknown: [63, 62, 61, 60, 59, 58, 57, 56, 55].filter((bit) => isSet(bit) && !used.includes(bit)),
  };
}

/**
 * A pagemap word's meaning in words: `a swap entry: type 31 (uffd-wp marker), offset 0x1; uffd-wp`.
 *
 * @param types what that kernel calls its swap types; without them the number stands alone
 */
export function pagemapMeaning(said: PagemapEntry, types?: SwapTypes): string {
  requireKey(said, "swapped", "what decodePagemap() returns");
  const { present, swapped, pfn, type = 0, offset = 0n } = said;
  const flags = [
    said.fileOrShared ? "file or shared" : "",
    said.exclusive ? "mapped once" : "",
    said.softDirty ? "soft-dirty" : "",
    said.uffdWp ? "uffd-wp" : "",
    said.guard ? "guard region" : "",
  ].filter((flag) => flag !== "");
  const hidden = "is hidden from a reader without CAP_SYS_ADMIN";
  const called = types === undefined ? "" : ` (${entryMeaning(types, type, offset)})`;
  const swap =
    // Offset 0 of a swap area is its header: no page is there.
    type === 0 && offset === 0n
      ? `a swap entry, which ${hidden}`
      : `a swap entry: type ${type}${called}, offset ${shortHex(offset)}`;
  const frame = pfn === 0n ? `present; the page frame ${hidden}` : `present, pfn ${shortHex(pfn ?? 0n)}`;
  return [present ? frame : swapped ? swap : "not present, and no swap entry", ...flags].join("; ");
}
