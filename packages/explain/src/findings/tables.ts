import { shortHex } from "@ptekit/core";
import type { Case, Rule } from "./case.ts";

// The tables above the word: whether the word was an entry at all.

/** The segments in which a BIOS has its interrupt handlers. */
const SEGMENTS = [0xf000n, 0xe000n, 0xc000n, 0xc800n, 0xd000n];

/** Two real-mode vectors, segment and offset each: `F000:FEA5`. */
function vectorsOf(word: bigint, bits: 32 | 64): string[] | null {
  const halves = bits === 64 ? [word & 0xffff_ffffn, word >> 32n] : [word];
  const named = halves.map((half) => ({ segment: half >> 16n, offset: half & 0xffffn }));
  const four = (value: bigint): string => value.toString(16).toUpperCase().padStart(4, "0");
  return named.every(({ segment, offset }) => SEGMENTS.includes(segment) && offset !== 0n)
    ? named.map(({ segment, offset }) => `${four(segment)}:${four(offset)}`)
    : null;
}

/** A PMD that names no table: it is empty, or nothing but flags. */
const namesPageZero = ({ pmd, table }: Case): boolean => pmd !== null && (pmd === 0n || table === 0n);

const pmdText = (pmd: bigint): string =>
  pmd === 0n ? "the pmd is none (0)" : `the pmd (${shortHex(pmd)}) has flags alone and names page 0`;

export const TABLES: readonly Rule[] = [
  {
    name: "interrupt-vectors",
    cause: "bios-ivt",
    strength: "sure",
    citation: "The real-mode interrupt vector table of a PC, at physical address 0",
    holds: (one) => {
      const { pte, pmd, bits, arch } = one;
      if (pte === null || (arch !== null && !/86/.test(arch))) return null;
      const vectors = vectorsOf(pte, bits);
      if (vectors === null) return null;
      const zero = namesPageZero(one);
      if (!zero && pmd !== null) return null;
      const why = pmd === null ? "" : `: ${pmdText(pmd)}, so physical page 0 was read as a page table`;
      return {
        sentence: `the word is ${vectors.join(" and ")}, real-mode vectors of the BIOS interrupt vector table at physical address 0${why}; the page table is gone`,
        next: "who clears the pmd while the page table is still walked",
        strength: zero ? "sure" : "likely",
      };
    },
  },
  {
    name: "pmd-none",
    cause: "table-freed",
    strength: "sure",
    citation: "See pmd_none() and pte_offset_map() in include/linux/pgtable.h (as of Linux v6.12)",
    holds: (one) => {
      const { pmd, level, kind } = one;
      if (pmd === null || level !== "pte" || kind !== "bad-map" || !namesPageZero(one)) return null;
      return {
        sentence: `${pmdText(pmd)}: the page table was freed, there is none any more, and the word is not an entry but what lies in its place`,
        next: "a race of the walker with whoever frees page tables (exit, munmap, khugepaged, the OOM reaper)",
      };
    },
  },
  {
    name: "bad-upper",
    cause: "table-overwritten",
    strength: "sure",
    citation: "See pmd_bad() in the architecture's pgtable.h (as of Linux v6.12)",
    holds: ({ level, bad, pte, bits, upper }) => {
      if (level === "pte" || !bad || pte === null || pte === 0n) return null;
      if (upper !== null && (upper.kind === "entry" || (upper.kind === "present" && !upper.isBeyond)))
        return null;
      if (upper?.isPlain && !upper.isBeyond) return null;
      const high = bits === 64 ? pte >> 52n : 0n;
      const low = pte & 0xffff_ffffn;
      const what =
        high !== 0n && (high & ~0x800n) !== 0n
          ? `its high half, 0x${(pte >> 32n).toString(16)}, cannot be part of a table's address, so it was overwritten${(low & 1n) !== 0n && low >> 12n !== 0n ? `; its low half, 0x${low.toString(16)}, still names a table at ${shortHex(low & ~0xfffn)}` : ""}`
          : "it is no table as the kernel makes them: it was overwritten";
      return {
        sentence: `the ${level} itself is bad, one level above the PTEs: ${what}`,
        next: "what writes there: memory errors (a memtest), or a stray write next to it",
      };
    },
  },
  {
    name: "fine-table",
    cause: "fine-table",
    strength: "likely",
    citation:
      "See pud_clear_bad() in mm/pgtable-generic.c (as of Linux v6.12): it prints the entry that it reads anew",
    holds: ({ level, bad, upper }) => {
      if (!bad || !upper?.isPlain || upper.isBeyond) return null;
      return {
        sentence: `the kernel calls the ${level} bad, one level above the PTEs, and as it is printed it is in order: it points to a table at ${shortHex(upper.address ?? 0n)}; the entry was bad when the kernel tested it, and another when it printed it: it changed in between, or the CPUs do not see the same memory`,
        next: "who writes that entry at the same time, and the machine's cache coherence",
      };
    },
  },
  {
    name: "huge-for-table",
    cause: "huge-page",
    strength: "likely",
    citation: "See pmd_clear_bad() in mm/pgtable-generic.c (as of Linux v6.12)",
    holds: ({ level, bad, pte, upper }) => {
      if (!bad || pte === null || upper?.kind !== "present" || upper.isBeyond) return null;
      return {
        sentence: `the ${level} is in order and maps a huge page at ${shortHex(upper.address ?? 0n)}; who called it bad expected a page table there: no memory was overwritten, a walker of page tables met a huge page (hugetlbfs, THP or a device's)`,
        next: "the function in the call trace: it must ask pmd_leaf() or pmd_trans_huge() first, or hold the lock under which a huge page cannot appear",
      };
    },
  },
  {
    name: "reserved-upper",
    cause: "table-overwritten",
    strength: "likely",
    citation: "Intel SDM 3A, 4.5: reserved bits of paging-structure entries",
    holds: ({ level, bad, pte, upper }) => {
      if (bad || pte === null || upper === null || (upper.kind !== "bad" && !upper.isBeyond)) return null;
      const why =
        upper.kind === "bad"
          ? "is neither empty nor a table nor a page"
          : `names the address ${shortHex(upper.address ?? 0n)}, with bits set that no address of memory has`;
      return {
        sentence: `the ${level} ${shortHex(pte)} ${why}: it was overwritten`,
        next: "what writes there: memory errors (a memtest), or a stray write next to it",
      };
    },
  },
  {
    name: "huge-page",
    cause: "fine-pte",
    strength: "possible",
    citation: "The geometry of the architecture",
    holds: ({ level, pte, upper, bad }) => {
      if (pte === null || bad || upper?.kind !== "present" || upper.isBeyond) return null;
      return {
        sentence: `the walk ends at the ${level}: a present huge page at ${shortHex(upper.address ?? 0n)}; the address is mapped, and what was refused is the kind of access`,
        next: "the fault's own words: which access, and which permission the entry lacks",
      };
    },
  },
  {
    name: "table-only",
    cause: "unknown",
    strength: "possible",
    citation: "The geometry of the architecture",
    holds: ({ level, pte, upper, bad }) => {
      if (pte === null || bad || upper?.kind !== "table" || upper.isBeyond) return null;
      return {
        sentence: `the ${level} points to a table at ${shortHex(upper.address ?? 0n)}, as it should; the level below, where the answer is, was not printed`,
      };
    },
  },
  {
    name: "same-table",
    cause: "table-overwritten",
    strength: "possible",
    citation: "The records of this log",
    beside: true,
    holds: ({ kin, pmd, pte, kind }) => {
      if (pmd === null || pmd === 0n || kind !== "bad-map") return null;
      const words = [
        ...new Set(
          kin
            .filter((one) => one.pmd === pmd && one.pte !== null && one.pte !== pte)
            .map((one) => one.pte as bigint),
        ),
      ];
      if (words.length === 0) return null;
      return {
        sentence: `${words.length + 1} words of the same page table (pmd ${shortHex(pmd)}) are reported: the table as a whole was overwritten, or its page used again`,
      };
    },
  },
  {
    name: "same-word",
    cause: "table-overwritten",
    strength: "possible",
    citation: "The records of this log",
    beside: true,
    holds: ({ kin, pmd, pte, reading }) => {
      if (pte === null || pmd === null || reading?.said.kind === "none") return null;
      const tables = new Set(
        kin.filter((one) => one.pte === pte && one.pmd !== null && one.pmd !== pmd).map((one) => one.pmd),
      );
      return tables.size === 0
        ? null
        : { sentence: `the same word stands in ${tables.size + 1} page tables` };
    },
  },
];
