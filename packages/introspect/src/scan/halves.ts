// Words as two halves of 32 bits: what is done to every PTE of a dump takes no bigint.
import type { Predicate, PresentLayout } from "@ptekit/core";

/** The words of a table, low and high halves by place. */
export interface Halves {
  readonly words: Uint32Array;
  /** From one PTE to the next, in words of 32 bits. */
  readonly step: number;
  readonly low: number;
  readonly high: number | null;
}

const HOST_LITTLE = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** `bytes` as halves; in memory of the other byte order, as a copy turned round. */
export function halvesOf(
  bytes: Uint8Array,
  wide: boolean,
  little: boolean,
  scratch: { words: Uint32Array },
): Halves {
  const count = bytes.length / 4;
  const own = little === HOST_LITTLE && bytes.byteOffset % 4 === 0;
  const words = own ? new Uint32Array(bytes.buffer, bytes.byteOffset, count) : turned(bytes, little, scratch);
  return { words, step: wide ? 2 : 1, low: wide && !little ? 1 : 0, high: wide ? (little ? 1 : 0) : null };
}

function turned(bytes: Uint8Array, little: boolean, scratch: { words: Uint32Array }): Uint32Array {
  const count = bytes.length / 4;
  if (scratch.words.length < count) scratch.words = new Uint32Array(count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = 0; i < count; i++) scratch.words[i] = view.getUint32(4 * i, little);
  return scratch.words.subarray(0, count);
}

export const lowOf = (word: bigint): number => Number(word & 0xffff_ffffn);
export const highOf = (word: bigint): number => Number((word >> 32n) & 0xffff_ffffn);
export const joined = (low: number, high: number): bigint => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);

/** A predicate over halves. */
export function halfTest(predicate: Predicate): (low: number, high: number) => boolean {
  const [first = () => false, ...rest] = predicate.map(termTest);
  return rest.reduce((a, b) => (low, high) => a(low, high) || b(low, high), first);
}

function termTest({ mask, op, value }: Predicate[number]): (low: number, high: number) => boolean {
  const [maskLow, maskHigh] = [lowOf(mask) | 0, highOf(mask) | 0];
  const [wantedLow, wantedHigh] = [lowOf(value) | 0, highOf(value) | 0];
  return op === "=="
    ? (low, high) => (low & maskLow) === wantedLow && (high & maskHigh) === wantedHigh
    : (low, high) => (low & maskLow) !== wantedLow || (high & maskHigh) !== wantedHigh;
}

/** The page frame of a present PTE, as a number: no machine has 2^53 page frames. */
export function halfPfn({ fields, invertedWhere }: PresentLayout): (low: number, high: number) => number {
  const parts = fields
    .filter(({ kind }) => kind === "pfn")
    .flatMap(({ high, low, from }) => partsOf(high, low, from));
  const inverted = invertedWhere === undefined ? null : halfTest(invertedWhere);
  const plain = (low: number, high: number): number => {
    let pfn = 0;
    for (const { upper, shift, mask, times } of parts)
      pfn += (((upper ? high : low) >>> shift) & mask) * times;
    return pfn;
  };
  if (inverted === null) return plain;
  return (low, high) => (inverted(low, high) ? plain(~low, ~high) : plain(low, high));
}

interface Part {
  readonly upper: boolean;
  readonly shift: number;
  readonly mask: number;
  readonly times: number;
}

/** A run of bits, cut where the halves meet, and so that a mask fits in 31 bits. */
function partsOf(high: number, low: number, from: number): Part[] {
  const parts: Part[] = [];
  for (let at = low; at <= high; ) {
    const upper = at >= 32;
    const end = Math.min(high, upper ? 63 : 31, at + 29);
    parts.push({ upper, shift: at % 32, mask: 2 ** (end - at + 1) - 1, times: 2 ** (from + at - low) });
    at = end + 1;
  }
  return parts;
}
