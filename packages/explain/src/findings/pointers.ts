import type { AddressRange } from "@ptekit/core";
import { shortHex } from "@ptekit/core";
import type { Case, Rule } from "./case.ts";
import { isPlausible } from "./case.ts";

// Addresses where an entry should be. The ranges are each architecture's own.

const rangeOf = (ranges: readonly AddressRange[] | undefined, word: bigint): AddressRange | null =>
  ranges?.find(({ from, to }) => word >= from && word <= to) ?? null;

/** Whether the log has an address in the same region, as KASLR has put it this time. */
const hasNeighbour = ({ details, bits }: Case, word: bigint): bigint | null =>
  (bits === 64
    ? details.pointers?.find((pointer) => pointer !== word && pointer >> 36n === word >> 36n)
    : undefined) ?? null;

/** An entry that a kernel may have written as it stands. */
const isEntry = ({ reading, page }: Case): boolean => {
  if (reading === null || reading.said.kind === "swap") return false;
  if (reading.said.kind === "present" && reading.look === null) return false;
  if (!isPlausible(reading)) return false;
  // A present entry of the kernel's own page is none of a process.
  return reading.said.kind !== "present" || reading.look?.user !== false || page?.pfn === reading.look?.pfn;
};

/** The kernel's range in which a word lies, where it is an address and no entry. */
function kernelRange(one: Case): AddressRange | null {
  const { pte, bits, clues } = one;
  if (pte === null || one.level !== "pte" || (bits === 64 && pte >> 32n === 0n)) return null;
  const near = hasNeighbour(one, pte);
  // Pointers are to aligned objects, nearly always.
  if (bits === 64 && near === null && (pte & 3n) !== 0n) return null;
  const range = rangeOf(clues?.kernel, pte);
  if (range) return isEntry(one) ? null : range;
  return near === null || isEntry(one) ? null : { from: pte, to: pte, what: "the kernel's memory" };
}

const PAGE = 0xfffn;
/** Randomization moves a linear map by whole GiB. */
const MOVED = 0x3fff_ffffn;

/** Whether an address of a linear map lies in the page table that holds it. */
function isInTable({ clues, table, pmd }: Case, word: bigint): boolean {
  if (table === null || pmd === null || pmd === 0n) return false;
  // Where the PMD holds an address instead of a frame number.
  if ((word & ~PAGE) === (pmd & ~PAGE)) return true;
  return (clues?.kernel ?? []).some(({ from, to, physical }) => {
    if (word < from || word > to || physical === undefined) return false;
    if (physical === "moved") return (word & MOVED & ~PAGE) === (table & MOVED & ~PAGE);
    return ((word - from + physical) & ~PAGE) === (table & ~PAGE);
  });
}

export const POINTERS: readonly Rule[] = [
  {
    name: "list-poison",
    cause: "table-overwritten",
    strength: "sure",
    citation: "See LIST_POISON1 in include/linux/poison.h (as of Linux v6.12)",
    holds: ({ pte, bits }) => {
      if (pte === null) return null;
      const low =
        bits === 64 && pte >> 16n === 0xdead_0000_0000n
          ? pte & 0xffffn
          : bits === 32 && pte === 0x122n
            ? pte
            : null;
      if (low === null) return null;
      const name =
        low === 0x100n
          ? "LIST_POISON1"
          : low === 0x122n || low === 0x200n
            ? "LIST_POISON2"
            : "a POISON_POINTER_DELTA pointer";
      return {
        sentence: `poison value: ${shortHex(pte)} is ${name} (list_head of an object that was taken off its list); the page table lies in memory that a list element was in`,
        next: "who freed that memory while it was still used",
      };
    },
  },
  {
    name: "self-pointer",
    cause: "self-pointer",
    strength: "sure",
    citation: "See INIT_LIST_HEAD() in include/linux/list.h (as of Linux v6.12)",
    holds: (one) => {
      const { pte, table } = one;
      if (pte === null || table === null || one.level !== "pte" || !isInTable(one, pte)) return null;
      const at = pte & PAGE;
      return {
        sentence: `a kernel address that points into the very page table that it stands in (offset ${shortHex(at)} of the page at ${shortHex(table)}, which the pmd names): an empty list_head, or another pointer to itself, of memory that was freed and became a page table`,
        next: "who still writes to that page: a use after free",
      };
    },
  },
  {
    name: "kernel-pointer",
    cause: "kernel-pointer",
    strength: "sure",
    citation: "The memory map of the architecture (Documentation/arch/*/mm.rst)",
    holds: (one) => {
      const range = kernelRange(one);
      if (range === null || one.pte === null || isInTable(one, one.pte)) return null;
      const near = hasNeighbour(one, one.pte);
      const beside = near === null ? "" : `; ${shortHex(near)} beside it in the log lies in the same region`;
      // Half of the 32-bit words would do.
      const strength =
        one.bits === 64 ||
        one.kin.some(
          ({ pmd, pte }) =>
            pmd === one.pmd && pte !== one.pte && pte !== null && rangeOf(one.clues?.kernel, pte) !== null,
        )
          ? "sure"
          : "likely";
      return {
        sentence: `it looks like a kernel address, a pointer into ${range.what}: kernel data, such as a list_head, lies over the page table${beside}`,
        next: "who writes to memory that it had freed: the page became a page table, or the pmd points to the wrong page",
        strength,
      };
    },
  },
  {
    name: "user-pointer",
    cause: "user-pointer",
    strength: "likely",
    citation: "The memory map of the architecture (Documentation/arch/*/mm.rst)",
    holds: (one) => {
      const { word, reading, clues, entry, pte } = one;
      if (word === null || one.bits !== 64 || reading === null) return null;
      const range =
        rangeOf(clues?.user, word) ?? (looksLikeAddress(one, word) ? { what: "user space" } : null);
      if (range === null) return null;
      if (reading.said.kind === "present" && isPlausible(reading) && reading.look?.user !== false)
        return null;
      const behind = pte === null ? ` (the PTE behind the entry ${shortHex(entry ?? 0n)})` : "";
      return {
        sentence: `${shortHex(word)}${behind} is an address of user space, as of ${range.what}: a page of a program's data, such as its stack, lies over the page table`,
        next: "whose page it is: the page table was freed and used again, or a page was written to the wrong place",
      };
    },
  },
];

/** A word that lies beside the address that was accessed. */
const looksLikeAddress = ({ details }: Case, word: bigint): boolean =>
  details.address !== undefined &&
  word !== 0n &&
  details.address >> 32n !== 0n &&
  word >> 28n === details.address >> 28n;
