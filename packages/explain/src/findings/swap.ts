import type { Decoded } from "@ptekit/core";
import { compareNumbers, hex, rowsOf } from "@ptekit/core";
import { isReachable } from "../words/read.ts";
import type { Case, Rule } from "./case.ts";
import { breaksZeros, isPlausible, maxPages, shortHex } from "./case.ts";

// Swap entries, markers and special entries: whether they can be what they say.

type Told = Decoded & {
  readonly type?: number;
  readonly offset?: bigint;
  readonly pfn?: bigint;
  readonly markers?: readonly string[];
};

const toldOf = ({ reading }: Case): Told | null => (reading === null ? null : (reading.said as Told));

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

export const SWAP: readonly Rule[] = [
  {
    name: "spurious-rsvd",
    cause: "spurious-rsvd",
    strength: "sure",
    citation: "Intel SDM 3A, 4.7: RSVD is set only where P is",
    holds: (one) => {
      const code = one.details.errorCode;
      if (
        code === undefined ||
        (code & 8) === 0 ||
        (code & 1) !== 0 ||
        one.level !== "pte" ||
        one.pte === null
      )
        return null;
      const told = toldOf(one);
      const inverted =
        one.reading !== null &&
        rowsOf(one.reading.candidate.backend.layout, "swpOffset").some((row) => row.inverted);
      const what =
        told?.kind === "swap"
          ? ` The PTE is a swap entry (type ${told.type}, offset ${shortHex(told.offset ?? 0n)}${inverted ? ", stored inverted since L1TF, which is why its high bits are all ones" : ""}).`
          : "";
      return {
        sentence:
          `the error code ${code.toString(16).padStart(4, "0")} claims a reserved bit (RSVD) for a PTE that is not present (P=0), which the hardware cannot do by its manual: a CPU erratum, not a corrupt table.${what}`.replace(
            /\.$/,
            "",
          ),
        next: "the CPU's errata and its microcode",
      };
    },
  },
  {
    name: "contradiction",
    cause: "contradiction",
    strength: "sure",
    citation: "The two words of the report",
    holds: (one) => {
      const { pte, entry, agreement, reading, others } = one;
      if (pte === null || entry === null || agreement?.kind !== "different" || reading === null) return null;
      const { backend } = reading.candidate;
      const fitting = others.filter(({ candidate }) => candidate.backend.toSwpEntry(pte) === entry);
      const places = inferred(pte, entry, backend.kernel.swpTypeShift, backend.layout.pteBits);
      const where =
        fitting.length > 0
          ? `they would fit each other in ${fitting.map(({ candidate }) => candidate.backend.layout.id).join(", ")}`
          : places === null
            ? "they fit each other in no layout of this architecture"
            : `they would fit each other with the type in bits ${places.type + 4}:${places.type} and the offset from bit ${places.offset} up: a vendor's layout, it seems`;
      return {
        sentence: `the two words contradict each other in ${backend.layout.id}: ${shortHex(entry)} is not the PTE ${hex(pte, backend.layout.pteBits)} decoded; ${where}`,
        next: "the source of that vendor's kernel: __swp_type() and __swp_offset() in its pgtable.h",
      };
    },
  },
  {
    name: "vendor-layout",
    cause: "contradiction",
    strength: "possible",
    citation: "The architecture's layouts",
    beside: true,
    holds: (one) => {
      const { pte, entry, agreement, reading, others } = one;
      if (pte === null || entry === null || agreement?.kind !== "same" || reading === null) return null;
      const { layout } = reading.candidate.backend;
      const base = /^\d+\.\d+(?:\.\d+)?/.exec(one.release ?? "")?.[0];
      const mainline = others.find(
        ({ candidate }) => candidate.target.release === base && candidate.backend.layout.id !== layout.id,
      );
      if (!mainline || mainline.candidate.backend.toSwpEntry(pte) === entry) return null;
      const fields = rowsOf(layout, "swpOffset")
        .map(({ high, low }) => `${high}:${low}`)
        .join(" and ");
      return {
        sentence: `a vendor's layout: in ${mainline.candidate.backend.layout.id}, which mainline's ${base} has, the two words contradict each other; in ${layout.id} (offset in bits ${fields}) they fit`,
      };
    },
  },
  {
    name: "none",
    cause: "none",
    strength: "sure",
    citation: "See pte_none() in the architecture's pgtable.h",
    holds: (one) => {
      const told = toldOf(one);
      const isNone =
        told === null
          ? one.upper === null
            ? one.pte === 0n
            : one.upper.kind === "none"
          : told.kind === "none";
      if (!isNone || one.entry !== null) return null;
      const at = one.details.address === undefined ? "" : ` at ${shortHex(one.details.address)}`;
      return {
        sentence: `none: an empty ${one.level === "pte" ? "PTE" : one.level}; nothing is mapped${at}, and the tables are not what is wrong`,
        next: "the code that used that address",
        strength: one.kind === "bad-map" ? "possible" : "sure",
      };
    },
  },
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
    name: "marker",
    cause: "marker",
    strength: "sure",
    citation: "See SWP_PTE_MARKER in include/linux/swapops.h (as of Linux v6.12)",
    holds: (one) => {
      const told = toldOf(one);
      if (told?.kind !== "marker" || one.reading === null || !isPlausible(one.reading)) return null;
      const names = told.markers ?? [];
      const raw = `The raw PTE is ${hex(told.pte, one.reading.candidate.backend.layout.pteBits)}`;
      const unknown = /^(?:unrecognized|zap)/.test(one.message);
      const what = unknown
        ? `; your kernel config does not know it${names.includes("uffd-wp") ? " (CONFIG_PTE_MARKER_UFFD_WP is off, and yet one was installed)" : ""}`
        : ": it names no swap slot and no page, and whoever met it here did not expect a marker";
      return {
        sentence: `${names.join(" and ")} PTE marker${unknown ? what : `, put there by the kernel (${names.includes("guard") ? "MADV_GUARD_INSTALL" : names.includes("uffd-wp") ? "userfaultfd" : "a page that was lost"})${what}`}. ${raw}`,
        next: "the function in the call trace that took it for a page: it must check pte_present() first",
      };
    },
  },
  {
    name: "unknown-marker",
    cause: "marker",
    strength: "possible",
    citation: "See pte_marker in include/linux/swapops.h (as of Linux v6.12)",
    holds: (one) => {
      const told = toldOf(one);
      if (
        told?.kind !== "marker" ||
        one.reading === null ||
        (told.markers ?? []).length > 0 ||
        breaksZeros(one.reading.candidate.backend, told.pte)
      )
        return null;
      if ((told.offset ?? 0n) > 0xffn) return null;
      return {
        sentence: `type ${told.type} is the marker type, but offset ${shortHex(told.offset ?? 0n)} has no bit that ${one.release ?? "this kernel"} knows`,
      };
    },
  },
  {
    name: "special-type",
    cause: "special-entry",
    strength: "likely",
    citation: "See MAX_SWAPFILES in include/linux/swap.h (as of Linux v6.12)",
    holds: (one) => {
      const told = toldOf(one);
      if (told === null || one.reading === null || !isPlausible(one.reading) || one.kind === "tool")
        return null;
      if (
        !["migration", "hwpoison", "device-private", "device-exclusive", "swapin-error"].includes(told.kind)
      )
        return null;
      const { types } = one.reading.candidate.backend;
      const name = types.special.find(({ type }) => type === told.type)?.name ?? told.kind;
      const pfn = told.pfn === undefined ? "" : `, pfn ${shortHex(told.pfn)}`;
      return {
        sentence: `type ${told.type} is ${name}${pfn}: a special entry, no swap area (MAX_SWAPFILES is ${types.maxSwapfiles} here)`,
        next:
          told.kind === "hwpoison"
            ? "the memory error that poisoned the page"
            : "the code that took a special entry for a swap slot",
      };
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

/** Where type and offset would have to stand in the PTE for the entry to be the PTE decoded; null where nowhere. */
function inferred(
  pte: bigint,
  entry: bigint,
  shift: number,
  bits: number,
): { readonly type: number; readonly offset: number } | null {
  const type = entry >> BigInt(shift);
  const offset = entry & ((1n << BigInt(shift)) - 1n);
  if (offset.toString(2).length < 8 || type > 31n) return null;
  for (let low = 2; low < bits / 2; low++) {
    if (pte >> BigInt(low) !== offset) continue;
    for (let at = 1; at + 5 <= low; at++) {
      if (
        ((pte >> BigInt(at)) & 31n) === type &&
        (pte & ~(31n << BigInt(at)) & ((1n << BigInt(low)) - 1n)) === 0n
      )
        return { type: at, offset: low };
    }
  }
  return null;
}
