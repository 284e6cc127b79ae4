import { compareNumbers, rowsOf, shortHex } from "@ptekit/core";
import { isReachable } from "../words/read.ts";
import type { Rule } from "./case.ts";
import { maxPages } from "./case.ts";
import { toldOf } from "./describe.ts";

// Swap entries: whether the area that they name can have them.

export const SWAP: readonly Rule[] = [
  {
    name: "readahead",
    cause: "harmless-readahead",
    strength: "likely",
    citation: "Linux kernel commit e8c26ab60598 (in v4.11); the message went in v4.14",
    holds: (one) => {
      const { entry, pte, message, numbers, release } = one;
      if (
        entry === null ||
        pte !== null ||
        numbers === null ||
        !/swap_info_get: Bad swap offset entry/.test(message)
      )
        return null;
      if (compareNumbers(numbers, [4, 11]) < 0 || compareNumbers(numbers, [4, 14]) >= 0) return null;
      const told = toldOf(one);
      if (told === null || told.kind !== "swap" || (told.offset ?? 0n) > 1n << 28n) return null;
      return {
        sentence: `swap readahead went past the end of swap area ${told.type} (offset ${shortHex(told.offset ?? 0n)}): the message of 4.11 to 4.13 (here ${release}) is harmless, nothing is wrong with the page tables`,
        next: "nothing to do; 4.14 no longer says it",
      };
    },
  },
  {
    name: "bad-area",
    cause: "bad-swap-area",
    strength: "likely",
    citation: "See read_swap_header() and __swap_info_get() in mm/swapfile.c (as of Linux v6.12)",
    holds: (one) => {
      const { entry, pte, message, areas } = one;
      const told = toldOf(one);
      if (
        entry === null ||
        pte !== null ||
        told === null ||
        told.kind !== "swap" ||
        !/offset entry/.test(message)
      )
        return null;
      const offset = told.offset ?? 0n;
      // The size is counted in 32 bits of pages or KiB: of less than a page, it wraps.
      const wrapped = areas.find(
        (bytes) => (1n << 32n) - ((bytes >> 10n) & 0xffff_ffffn) <= 64n || bytes === 0n,
      );
      if (wrapped !== undefined && offset < 1n << 24n) {
        return {
          sentence: `the entries are in order, type ${told.type}, offset ${shortHex(offset)}; the area itself is not: "Adding ${wrapped >> 10n}k swap" is a size that wrapped, as of a swap file smaller than a page`,
          next: "the swap file: its size, and what mkswap said",
        };
      }
      const page = BigInt(one.reading?.candidate.backend.kernel.pageShift ?? 12);
      const area = areas[told.type ?? 0];
      if (
        area !== undefined &&
        areas.length > (told.type ?? 0) &&
        offset >= area >> page &&
        offset < 1n << 32n
      ) {
        return {
          sentence: `offset ${shortHex(offset)} lies past the end of swap area ${told.type}, which has ${shortHex(area >> page)} pages`,
          next: "whether the area was replaced by a smaller one; else who writes such entries",
        };
      }
      return null;
    },
  },
  {
    name: "offset-empty",
    cause: "one-bit",
    strength: "likely",
    citation: "See SWP_OFFSET_FIRST_BIT in arch/x86/include/asm/pgtable_64.h (as of Linux v6.12)",
    holds: (one) => {
      const told = toldOf(one);
      if (told === null || one.reading === null || one.entry === null) return null;
      const { backend } = one.reading.candidate;
      const [row] = rowsOf(backend.layout, "swpOffset").filter(({ inverted }) => inverted);
      if (!row || told.kind !== "swap" || told.offset !== backend.maxOffset) return null;
      return {
        sentence: `offset field empty after L1TF inversion: bits ${row.high}:${row.low} of the PTE are all 0, which reads as the largest offset; a nearly-none PTE`,
        next: "the PTE itself, if it was printed: which of its low bits are set",
      };
    },
  },
  {
    name: "no-such-pte",
    cause: "table-overwritten",
    strength: "sure",
    citation: "The architecture's layout: toSwpEntry(fromSwpEntry(entry)) is another entry",
    holds: (one) => {
      const { entry, pte, reading } = one;
      if (
        entry === null ||
        pte !== null ||
        reading === null ||
        one.others.some(({ candidate }) => one.numbers === null && isReachable(candidate.backend, entry))
      )
        return null;
      const { backend } = reading.candidate;
      if (isReachable(backend, entry) || one.kind !== "bad-swap") return null;
      const shift = BigInt(backend.kernel.swpTypeShift);
      const offset = entry & ((1n << shift) - 1n);
      return {
        sentence: `no PTE of ${backend.layout.id} decodes to the entry ${shortHex(entry)} (offset ${shortHex(offset)} needs ${offset.toString(2).length} bits, the field has ${backend.maxOffset.toString(2).length}): it never came from a page table of that kernel`,
        next: "where the entry came from: shmem's tree, a swap cache, or memory that was overwritten",
      };
    },
  },
  {
    name: "no-area",
    cause: "table-overwritten",
    strength: "possible",
    citation: "See __swap_info_get() in mm/swapfile.c (as of Linux v6.12): type >= nr_swapfiles",
    beside: true,
    holds: (one) => {
      const told = toldOf(one);
      if (
        !/Bad swap file entry/.test(one.message) ||
        told === null ||
        told.kind !== "swap" ||
        one.areas.length > 0
      )
        return null;
      return told.type === 0
        ? {
            sentence:
              "type 0 was refused as a bad swap *file*: no swap was ever on, so this is no swap entry at all",
          }
        : null;
    },
  },
  {
    name: "beyond-area",
    cause: "table-overwritten",
    strength: "possible",
    citation: "See arch_max_swapfile_size() and read_swap_header() (as of Linux v6.12)",
    beside: true,
    holds: (one) => {
      const told = toldOf(one);
      if (told?.kind !== "swap" || one.reading === null || told.offset === undefined) return null;
      const { backend } = one.reading.candidate;
      const page = BigInt(backend.kernel.pageShift);
      const limit = maxPages(backend);
      if (told.offset <= limit) return null;
      return {
        sentence: `offset ${shortHex(told.offset)} lies ${bytesText(told.offset << page)} into swap area ${told.type}; the largest that this kernel takes is ${bytesText(limit << page)}`,
      };
    },
  },
];

const bytesText = (bytes: bigint): string => {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  let unit = 0;
  let rest = bytes;
  while (unit < units.length - 1 && rest >= 10240n) {
    rest /= 1024n;
    unit++;
  }
  return `${rest} ${units[unit]}`;
};
