import type { AnyDecoded, ArchBackend, KnownBug } from "@ptekit/core";
import { compareNumbers, emptyPte, longBitsOf, parseRelease, rowsOf, shortHex } from "@ptekit/core";
import { bitsOf } from "../words/backends.ts";
import type { Case, Rule } from "./case.ts";
import { breaksZeros } from "./case.ts";

// One or two bits that changed, and what they mean.

/** Whether a bug is in the release that is meant; of an unknown release it may be. */
function isDuring(bug: KnownBug, { numbers, release }: Case): boolean {
  if (numbers === null)
    return bug.from === undefined || bug.until === undefined ? bug.cleared === undefined : false;
  const base = numbers.slice(0, 2);
  if (bug.candidatesOnly && !/-rc\d/.test(release ?? "")) return false;
  return (
    (bug.from === undefined || compareNumbers(base, parseRelease(bug.from).numbers) >= 0) &&
    (bug.until === undefined || compareNumbers(numbers, parseRelease(bug.until).numbers) < 0)
  );
}

/** `i386 2-level`, `arm LPAE`: how kernel people call a family of layouts. */
function familyOf({ arch, layout }: ArchBackend): string {
  const variant = layout.id
    .slice(arch.length + 1)
    .split(" ")
    .slice(1)
    .join(" ");
  const twoLevel = (layout.when ?? []).some((need) => /^!CONFIG_\w*PAE$/.test(need));
  return [arch, ...(variant === "" ? [] : [variant]), ...(twoLevel ? ["2-level"] : [])].join(" ");
}

const isIn = (backend: ArchBackend, kind: "swpType" | "swpOffset", bit: number): boolean =>
  rowsOf(backend.layout, kind).some(({ high, low }) => bit <= high && bit >= low);

const bitText = (bit: number): string => `bit ${bit}`;

/** What a bit means in a present entry, where the kernel or the hardware sets it alone. */
function presentMeaning(backend: ArchBackend, bit: number): string | null {
  const row = backend.present?.fields.find(({ high, low }) => bit <= high && bit >= low);
  if (!row || row.kind === "pfn" || row.kind === "free") return null;
  return /ACCESSED|DIRTY|_PAGE_A$|_PAGE_D$|YOUNG|PTE_AF$/i.test(row.name) || row.kind === "softDirty"
    ? row.name
    : null;
}

const invertedText = (backend: ArchBackend, offset: bigint | undefined): string =>
  offset !== undefined && rowsOf(backend.layout, "swpOffset").some((row) => row.inverted)
    ? `. The offset ${shortHex(offset)} is large because the field is stored inverted (L1TF): an empty one reads as all ones`
    : "";

export const BITS: readonly Rule[] = [
  {
    name: "half-entry",
    cause: "flags-lost",
    strength: "sure",
    citation: "See native_set_pte() in arch/x86/include/asm/pgtable-3level.h (as of Linux v6.12)",
    holds: ({ pte, reading, level }) => {
      if (pte === null || reading === null || level !== "pte") return null;
      const { backend } = reading.candidate;
      const { layout, kernel } = backend;
      const isPair = layout.pteBits === 64 && longBitsOf(layout) === 32;
      if (!isPair || (pte & 0xffff_ffffn) !== 0n || pte === 0n || !breaksZeros(backend, pte)) return null;
      const address = pte & ((1n << 52n) - 1n);
      if (address === 0n || address >> BigInt(kernel.physBits) !== 0n || (pte & (0x7ffn << 52n)) !== 0n)
        return null;
      return {
        sentence: `the low half of the PTE is 0, and its high half 0x${(pte >> 32n).toString(16)} is that of a present PTE (an address from ${shortHex(address)} on): a kernel of 32 bits writes such a PTE in two halves, and this one was read between them, or has lost the half with its flags`,
        next: "who reads that PTE without its lock (swap readahead, a walk of another process's table)",
      };
    },
  },
  {
    name: "known-bug",
    cause: "known-kernel-bug",
    strength: "sure",
    citation: "The bugs that the architecture's clues list, each with its own citation",
    holds: (one) => {
      const { reading, clues, level, upper } = one;
      const isPte = level === "pte";
      const word = isPte ? one.word : one.pte;
      const backend = isPte ? reading?.candidate.backend : upper?.backend;
      if (word === null || !backend) return null;
      for (const bug of clues?.bugs ?? []) {
        if (!bug.set || (bug.level ?? "pte") !== level || !isDuring(bug, one)) continue;
        const mask = bug.set.reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n);
        if ((word & mask) !== mask) continue;
        const without = word & ~mask;
        if (bug.alone && without !== emptyPte(backend.layout)) continue;
        const before = backend.decode(without);
        if (bug.kind !== undefined && before.kind !== bug.kind) continue;
        if (isPte && bug.kind !== undefined && reading?.said.kind !== bug.kind) continue;
        const { offset, pfn } = before as AnyDecoded;
        const what =
          pfn === undefined
            ? `the offset is ${shortHex(offset ?? 0n)}`
            : `it is a ${before.kind} entry of pfn ${shortHex(pfn)}`;
        const was = offset === undefined ? "" : `; without bit ${bug.set.join(", ")} ${what}`;
        return {
          sentence: `a known bug of that kernel: ${bug.sentence}${was} (${bug.citation})`,
          ...(bug.next === undefined ? {} : { next: bug.next }),
        };
      }
      return null;
    },
  },
  {
    name: "one-bit-off",
    cause: "one-bit",
    strength: "likely",
    citation: "The entry's place: its area, its page, its swap slot",
    holds: ({ mending = [], word, reading, level }) => {
      const [first, ...more] = mending;
      if (first === undefined || word === null || reading === null || level !== "pte") return null;
      const { backend } = reading.candidate;
      const turned = (bit: number): string => {
        const right = backend.decode(word ^ (1n << BigInt(bit)));
        const { type, offset, pfn } = right as AnyDecoded;
        if (right.kind === "none") return "an empty entry";
        if (right.kind === "present")
          return `a present PTE${pfn === undefined ? "" : ` of pfn ${shortHex(pfn)}`}`;
        return `${right.kind}${type === undefined ? "" : ` of type ${type}`}${offset === undefined ? "" : `, offset ${shortHex(offset)}`}`;
      };
      const next = "the memory (a memtest); the same bit in other entries speaks for it";
      return more.length === 0
        ? {
            sentence: `bit ${first} is flipped, as by faulty memory or a stray write: turned round it is ${turned(first)}, and everything fits`,
            next,
          }
        : {
            sentence: `one flipped bit may be it, as by faulty memory: bit ${mending.join(" or ")}; with bit ${first} turned round it is ${turned(first)}, and everything fits`,
            next,
            strength: "possible",
          };
    },
  },
  {
    name: "misread-bit",
    cause: "known-kernel-bug",
    strength: "sure",
    citation: "The two words of the report",
    holds: (one) => {
      const { agreement, reading } = one;
      if (agreement?.kind !== "misread" || reading === null) return null;
      const { backend } = reading.candidate;
      const bit = agreement.bits[0] ?? 0;
      const bug = one.clues?.bugs?.find(({ cleared }) => cleared?.includes(bit));
      const why =
        bug === undefined ? "it was cleared as if it were a flag" : `${bug.sentence} (${bug.citation})`;
      return {
        sentence: `bit ${bit} is inside the ${isIn(backend, "swpType", bit) ? "type" : "offset"} field on ${familyOf(backend)}: no spare bit there. The PTE has it set, the kernel's entry has it clear: ${why}`,
        next: "the kernel's own change to that flag",
      };
    },
  },
  {
    name: "misread-type",
    cause: "known-kernel-bug",
    strength: "likely",
    citation: "The bugs that the architecture's clues list, each with its own citation",
    holds: (one) => {
      const { entry, pte, reading } = one;
      if (entry === null || pte !== null || reading === null) return null;
      const { backend } = reading.candidate;
      const written = backend.fromSwpEntry(entry);
      for (const bug of one.clues?.bugs ?? []) {
        const bit = bug.cleared?.[0];
        if (
          bit === undefined ||
          one.numbers === null ||
          !isDuring(bug, one) ||
          !isIn(backend, "swpType", bit)
        )
          continue;
        const whole = backend.decode(written | (1n << BigInt(bit)));
        const type = (whole as { type?: number }).type;
        if (type === undefined || whole.kind === "swap" || backend.decode(written).kind !== "swap") continue;
        const low = rowsOf(backend.layout, "swpType")[0]?.low ?? 0;
        return {
          sentence: `bit ${bit} is inside the type field on ${familyOf(backend)}: no spare bit there. Type ${Number(entry >> BigInt(backend.kernel.swpTypeShift))} is ${whole.kind} (type ${type}) with type bit ${bit - low} cleared: ${bug.sentence} (${bug.citation})`,
        };
      }
      return null;
    },
  },
  {
    name: "flag-on-empty",
    cause: "known-kernel-bug",
    strength: "likely",
    citation: "The architecture's description of present PTEs",
    holds: ({ word, pte, reading }) => {
      if (word === null || reading === null) return null;
      const { backend } = reading.candidate;
      const set = bitsOf(word ^ emptyPte(backend.layout));
      const named = set.map((bit) => presentMeaning(backend, bit));
      if (set.length === 0 || set.length > 2 || named.some((name) => name === null)) return null;
      const bits = set.map((bit, i) => `${bitText(bit)} is ${named[i]}`).join(", ");
      return {
        sentence: `an empty PTE with only a flag of present ones set${pte === null ? " (the PTE behind the entry)" : ""}: ${bits}. The kernel or the hardware sets it; that is a race with whoever cleared the PTE, not faulty memory`,
        next: "who sets that flag without checking that the PTE is still present",
      };
    },
  },
  {
    name: "one-bit",
    cause: "one-bit",
    strength: "sure",
    citation: "The architecture's empty PTE",
    holds: (one) => {
      const { word, pte, reading } = one;
      if (one.level !== "pte") return null;
      if (reading === null) {
        const only = pte ?? one.entry;
        const set = only === null ? [] : bitsOf(only);
        if (set.length !== 1) return null;
        const what = pte === null ? "the swp_entry_t" : "an entry that should be empty";
        return {
          sentence: `one bit is set in ${what}: bit ${set[0]}, as by faulty memory or a stray write`,
          strength: "likely",
          next: "the memory (a memtest)",
        };
      }
      const { backend } = reading.candidate;
      if (word === null || reading.said.kind === "none") return null;
      const set = bitsOf(word ^ emptyPte(backend.layout));
      if (set.length !== 1 || isSmallSlot(one) || presentMeaning(backend, set[0] ?? 0) !== null) return null;
      const from = pte === null ? " (of the PTE behind the entry; its flags are not in the entry)" : "";
      return {
        sentence: `none PTE with bit ${set[0]} flipped${from}: one bit is set in an entry that should be empty, as by faulty memory or a stray write${invertedText(backend, (reading.said as { offset?: bigint }).offset)}`,
        next: "the memory (a memtest); the same address again speaks for it, other addresses for a stray write",
      };
    },
  },
  {
    name: "two-bits",
    cause: "one-bit",
    strength: "possible",
    citation: "The architecture's empty PTE",
    holds: (one) => {
      const { word, pte, entry, reading } = one;
      if (one.level !== "pte" || isSmallSlot(one)) return null;
      const plain =
        reading === null
          ? (pte ?? entry)
          : word === null
            ? null
            : word ^ emptyPte(reading.candidate.backend.layout);
      const set = plain === null ? [] : bitsOf(plain);
      if (set.length !== 2 || reading?.said.kind === "none") return null;
      const what =
        reading === null && pte === null ? "of the swp_entry_t" : "in an entry that should be empty";
      const from = pte === null && reading !== null ? " (of the PTE behind the entry)" : "";
      return {
        sentence: `two-bit pattern: bits ${set.join(" and ")} are set ${what}${from}; two flipped bits, or a small number`,
        next: "the memory (a memtest)",
      };
    },
  },
  {
    name: "flags-lost",
    cause: "flags-lost",
    strength: "likely",
    citation: "A PTE's low bits are its flags",
    holds: ({ pte, reading, level, table, pmd }) => {
      if (pte === null || level !== "pte" || reading === null || reading.said.kind !== "swap") return null;
      const { kernel, layout } = reading.candidate.backend;
      const shift = BigInt(kernel.pageShift);
      const frame = pte >> shift;
      if (
        (pte & ((1n << shift) - 1n)) !== 0n ||
        frame === 0n ||
        frame >> (layout.pteBits === 64 ? 28n : 20n) !== 0n
      )
        return null;
      if (bitsOf(pte).length < 3 || rowsOf(layout, "swpOffset").some((row) => row.inverted && false))
        return null;
      const near =
        table !== null && pmd !== 0n && table >> 28n === pte >> 28n
          ? "; the page table lies in the same region"
          : "";
      return {
        sentence: `the word is page-aligned, its low ${kernel.pageShift} bits are all 0: a frame number (0x${frame.toString(16)}) whose flag bits are gone, as if a present PTE had lost them, or an address without flags was written${near}`,
        next: "what writes PTEs or addresses there: a hypervisor's accessed and dirty bits, a driver with DMA",
      };
    },
  },
];

/** The first slots of an area: small offsets are no flipped bits. */
function isSmallSlot({ entry, reading, message, pte }: Case): boolean {
  if (entry === null || reading === null || reading.said.kind !== "swap") return false;
  const offset = (reading.said as { offset?: bigint }).offset ?? 0n;
  return pte === null && /offset entry/.test(message) && offset < 1n << 24n;
}
