import type { Case, Rule } from "./case.ts";

// What the bytes of a word show, whatever its layout. See include/linux/poison.h (as of Linux v6.12) for the fills.

const FILLS: Readonly<Record<number, string>> = {
  90: "POISON_INUSE: slab memory not written yet",
  107: "POISON_FREE: slab memory used after it was freed",
  165: "POISON_END, the end of a slab object",
  204: "SLUB_RED_ACTIVE or POISON_FREE_INITMEM: a slab red zone, or init memory that was freed",
  187: "SLUB_RED_INACTIVE: a slab red zone",
  170: "PAGE_POISON: a page used after it was freed",
  91: "JBD_POISON_FREE",
  92: "JBD2_POISON_FREE",
  167: "POOL_POISON_FREED: dma pool memory used after it was freed",
  169: "POOL_POISON_ALLOCATED: dma pool memory not written yet",
  254: "none of the kernel's own poisons",
};

// See include/linux/spinlock_types_raw.h, rwlock_types.h and uapi/linux/magic.h (as of Linux v6.12).
const MAGIC: Readonly<Record<string, string>> = {
  deadbeef: "0xdeadbeef",
  dead4ead: "SPINLOCK_MAGIC (a lock of a kernel with CONFIG_DEBUG_SPINLOCK)",
  deaf1eed: "RWLOCK_MAGIC (a lock of a kernel with CONFIG_DEBUG_SPINLOCK)",
};

/** Where the whole word, or on 64 bits its low half, is one. */
const ALONE: Readonly<Record<string, string>> = {
  "464c457f": "the magic of an ELF file",
};
/** Of an unsigned long. */
const STACK_END_MAGIC = 0x57ac_6e9dn;

function magicOf(word: bigint, bits: 32 | 64): string | null {
  if (word === STACK_END_MAGIC) return "STACK_END_MAGIC (the end of a task's stack)";
  const [low = "", high = ""] = [word & 0xffff_ffffn, word >> 32n].map((half) => half.toString(16));
  if (bits === 32) return word >> 32n === 0n ? (MAGIC[low] ?? ALONE[low] ?? null) : null;
  return MAGIC[low] ?? ALONE[low] ?? MAGIC[high] ?? null;
}

const POISON = "See include/linux/poison.h (as of Linux v6.12)";

/** The bytes of a word, the least significant first. */
export const bytesOf = (word: bigint, bits: 32 | 64): number[] =>
  Array.from({ length: bits / 8 }, (_, i) => Number((word >> BigInt(8 * i)) & 0xffn));

const twoDigits = (byte: number): string => `0x${byte.toString(16).padStart(2, "0")}`;

/** The bytes in the order of memory. */
function inMemory(one: Case): number[] | null {
  if (one.pte === null) return null;
  const bytes = bytesOf(one.pte, one.bits);
  return one.reading?.candidate.backend.kernel.byteOrder === "big" ? bytes.reverse() : bytes;
}

/** The one byte that is repeated, but for one at most; null where there is none. */
function fillOf(word: bigint, bits: 32 | 64): { readonly byte: number; readonly odd: number | null } | null {
  const bytes = bytesOf(word, bits);
  const [first = 0, second = 0, third = 0] = bytes;
  const byte = first === second || first === third ? first : second;
  const odd = bytes.filter((one) => one !== byte);
  if (byte === 0 || odd.length > (bits === 64 ? 1 : 0)) return null;
  return { byte, odd: odd[0] ?? null };
}

const fillText = (byte: number): string => {
  const who = FILLS[byte];
  return `every byte is ${twoDigits(byte)}, a fill or poison pattern${who === undefined ? "" : ` (${who})`}`;
};

/** Printable characters, and what may stand between them. */
function textOf(bytes: readonly number[], bits: 32 | 64): string | null {
  const printable = bytes.filter((byte) => byte >= 0x20 && byte < 0x7f).length;
  const allowed = bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || [0, 9, 10, 13].includes(byte));
  const letters = bytes.filter((byte) => /[\w .,:;/"'=()-]/.test(String.fromCharCode(byte))).length;
  if (!allowed || printable < (bits === 64 ? 6 : 4) || letters < bytes.length / 2) return null;
  return JSON.stringify(String.fromCharCode(...bytes)).replaceAll("\\u0000", "\\0");
}

export const BYTES: readonly Rule[] = [
  {
    name: "all-ones",
    cause: "failing-read",
    strength: "sure",
    citation: "A bus gives all ones where nothing answers",
    holds: ({ pte, bits, details }) => {
      if (pte === null || pte !== (1n << BigInt(bits)) - 1n) return null;
      const check = details.taint?.includes("M")
        ? "; the taint flag M says that there was a machine check"
        : "";
      return {
        sentence: `all bits of the word are ones, as a bus gives where nothing answers: the page table was read from memory that is not there${check}`,
        next: "the memory or the bus that the table lies on",
      };
    },
  },
  {
    name: "byte-fill",
    cause: "byte-fill",
    strength: "sure",
    citation: POISON,
    holds: ({ pte, bits }) => {
      const fill = pte === null ? null : fillOf(pte, bits);
      if (
        fill === null ||
        fill.byte === 0xff ||
        (fill.odd !== null && (fill.odd === 0 || FILLS[fill.byte] === undefined))
      )
        return null;
      const but = fill.odd === null ? "" : `, but one is ${twoDigits(fill.odd)}`;
      return {
        sentence: `poison pattern: ${fillText(fill.byte)}${but}; it lies over the page table`,
        next:
          FILLS[fill.byte]?.startsWith("none") === false
            ? "who used that memory after it was freed"
            : "who fills memory with that byte: a device, a driver, firmware",
      };
    },
  },
  {
    name: "fill-behind-entry",
    cause: "byte-fill",
    strength: "likely",
    citation: POISON,
    holds: ({ pte, entry, reading }) => {
      if (pte !== null || entry === null || reading === null) return null;
      const { backend } = reading.candidate;
      const bits = backend.layout.pteBits;
      const byte = Object.keys(FILLS)
        .map(Number)
        .find((fill) => {
          const word = BigInt(
            `0x${fill
              .toString(16)
              .padStart(2, "0")
              .repeat(bits / 8)}`,
          );
          return (
            !["none", "present"].includes(backend.decode(word).kind) && backend.toSwpEntry(word) === entry
          );
        });
      if (byte === undefined || entry.toString(2).replaceAll("0", "").length < 3) return null;
      return { sentence: `poison pattern: the PTE behind the entry is one where ${fillText(byte)}` };
    },
  },
  {
    name: "text",
    cause: "text",
    strength: "sure",
    citation: "The bytes of the word",
    holds: (one) => {
      const bytes = inMemory(one);
      const text = bytes === null ? null : textOf(bytes, one.bits);
      if (text === null || bytes === null) return null;
      // Four letters are a present PTE as well, where a page dump says so.
      if (one.bits === 32 && one.page !== null && one.page.pfn !== null) return null;
      const before = one.kin.flatMap(({ pte }) =>
        pte !== null && pte !== one.pte ? (textOf(bytesOf(pte, one.bits), one.bits) ?? []) : [],
      );
      const beside = before.length > 0 ? `; another word beside it is ${before.slice(0, 2).join(", ")}` : "";
      return {
        sentence: `page table overwritten with text: its bytes, the lowest first, are ${text}${beside}`,
        next: "whose text it is: that program or driver writes over memory that is not its own, or read a page that was freed",
      };
    },
  },
  {
    name: "magic",
    cause: "table-overwritten",
    strength: "sure",
    citation: POISON,
    holds: ({ pte, bits }) => {
      if (pte === null) return null;
      const known = magicOf(pte, bits);
      return known === null ? null : { sentence: `poison value: ${known} lies over the page table` };
    },
  },
  {
    name: "byte-pattern",
    cause: "table-overwritten",
    strength: "likely",
    citation: "The bytes of the word",
    holds: ({ pte, bits, reading }) => {
      if (pte === null || bits !== 64 || reading?.said.kind === "none") return null;
      const bytes = bytesOf(pte, bits);
      const low = Math.min(...bytes);
      const high = Math.max(...bytes);
      if (low === 0 || high - low > 0x10 || high === low) return null;
      return {
        sentence: `byte pattern, not an entry: every byte lies between ${twoDigits(low)} and ${twoDigits(high)}; somebody's data lies over the page table`,
      };
    },
  },
];
