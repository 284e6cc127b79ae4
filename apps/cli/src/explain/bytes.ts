/** What the bytes of a word show without any layout. */
export interface ByteCause {
  readonly name: "text" | "poison" | "byte-pattern";
  readonly sentence: string;
}

/** Fill bytes, and who writes them. See include/linux/poison.h (as of Linux v6.12) */
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
  255: "all bits set: what a read of memory that is not there gives",
};

const WORDS: readonly (readonly [bigint, bigint, string])[] = [
  [0xffff_ffff_ffff_f000n, 0xdead_0000_0000_0000n, "LIST_POISON or another POISON_POINTER_DELTA pointer"],
  [0xffff_ffffn, 0xdead_beefn, "0xdeadbeef"],
  [0xffff_ffffn, 0xdead_4eadn, "SPINLOCK_MAGIC"],
];

/** What the bytes of a PTE say of where they came from; null where nothing. */
export function byteCause(word: bigint, bits: 32 | 64): ByteCause | null {
  return poison(word, bits) ?? text(word, bits) ?? pattern(word, bits);
}

/** The words that a fill byte gives, for entries whose PTE was not printed. */
export function fillWords(bits: 32 | 64): readonly { readonly word: bigint; readonly sentence: string }[] {
  return Object.keys(FILLS).map((byte) => {
    const word = BigInt(
      `0x${Number(byte)
        .toString(16)
        .padStart(2, "0")
        .repeat(bits / 8)}`,
    );
    return { word, sentence: fillSentence(Number(byte)) };
  });
}

const fillSentence = (byte: number): string =>
  `poison pattern: every byte is 0x${byte.toString(16).padStart(2, "0")} (${FILLS[byte]})`;

function poison(word: bigint, bits: 32 | 64): ByteCause | null {
  const bytes = bytesOf(word, bits);
  const counts = new Map<number, number>();
  for (const byte of bytes) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  const [fill, times] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [0, 0];
  if (FILLS[fill] !== undefined && times === bytes.length)
    return { name: "poison", sentence: fillSentence(fill) };
  if (FILLS[fill] !== undefined && bits === 64 && times === bytes.length - 1) {
    const odd = bytes.find((byte) => byte !== fill) ?? 0;
    const but = `, but one is 0x${odd.toString(16).padStart(2, "0")}`;
    return { name: "poison", sentence: fillSentence(fill).replace(/ \(/, `${but} (`) };
  }
  const known = WORDS.find(
    ([mask, value]) => word !== 0n && (word & mask) === value && (bits === 64 || value >> 32n === 0n),
  );
  return known ? { name: "poison", sentence: `poison value: ${known[2]}` } : null;
}

function text(word: bigint, bits: 32 | 64): ByteCause | null {
  const bytes = bytesOf(word, bits);
  const printable = bytes.filter((byte) => byte >= 0x20 && byte < 0x7f).length;
  const allowed = bytes.every(
    (byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0 || byte === 9 || byte === 10 || byte === 13,
  );
  if (!allowed || printable < (bits === 64 ? 6 : 4)) return null;
  const shown = JSON.stringify(String.fromCharCode(...bytes)).replaceAll("\\u0000", "\\0");
  return {
    name: "text",
    sentence: `page table overwritten with text: its bytes, the lowest first, are ${shown}`,
  };
}

/** Eight bytes that are all small and near each other: somebody's data, not an address and flags. */
function pattern(word: bigint, bits: 32 | 64): ByteCause | null {
  if (bits !== 64) return null;
  const bytes = bytesOf(word, bits);
  const low = Math.min(...bytes);
  const high = Math.max(...bytes);
  if (low === 0 || high - low > 0x10) return null;
  const of = `every byte lies between 0x${low.toString(16).padStart(2, "0")} and 0x${high.toString(16).padStart(2, "0")}`;
  return {
    name: "byte-pattern",
    sentence: `byte pattern, not an entry: ${of}; somebody's data lies over the page table`,
  };
}

/** The bytes of a word, the least significant first. */
function bytesOf(word: bigint, bits: 32 | 64): number[] {
  return Array.from({ length: bits / 8 }, (_, i) => Number((word >> BigInt(8 * i)) & 0xffn));
}
