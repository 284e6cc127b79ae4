// What is asked: made from a seed, or taken from the rows of a vector file.
import type { Head, Lists, Row } from "./format.ts";
import { specialKinds } from "./targets.ts";

export interface Pair {
  readonly type: number;
  readonly offset: bigint;
}

export interface Special {
  readonly kind: string;
  readonly pfn: bigint;
  readonly cpu?: string;
}

/** The questions of one vector file, list by list: of `markers` the bits, of `decode` the PTEs. */
export interface Inputs {
  readonly encode: readonly Pair[];
  readonly encodeOverflow: readonly Pair[];
  readonly markers: readonly bigint[];
  readonly special: readonly Special[];
  readonly decode: readonly bigint[];
}

interface Making {
  readonly head: Head;
  readonly cpus?: readonly string[];
  readonly seed: bigint;
}

/** Questions that reach every bit, the rest at random. */
export function makeInputs({ head, cpus = [], seed }: Making): Inputs {
  const random = splitmix64(seed);
  const maxOffset = BigInt(head.maxOffset);
  const long = BigInt(head.longBits);
  const encode = encodePairs(head.maxType, maxOffset, random);
  const pfnBits =
    head.constants.SWP_PFN_BITS === undefined ? bitLength(maxOffset) : Number(head.constants.SWP_PFN_BITS);
  return {
    encode,
    encodeOverflow: overflowOffsets(maxOffset, long).map((offset) => ({ type: 1, offset })),
    markers: [...Array(16).keys(), 0x80].map(BigInt).concat(long === 64n ? 1n << 40n : 1n << 25n),
    special: [
      ...specials(pfns(BigInt(pfnBits), random)),
      ...cpus.flatMap((cpu) => specials([0n, 1n, 2n, 0x1234n]).map((question) => ({ ...question, cpu }))),
    ],
    decode: decodeWords(head, random),
  };
}

/** The questions that a vector file's rows answer. */
export function inputsOf(file: Lists): Inputs {
  const pairs = (rows: readonly Row[]): Pair[] =>
    rows.map(({ type, offset }) => ({ type: Number(type), offset: wordOf(offset) }));
  return {
    encode: pairs(file.encode),
    encodeOverflow: pairs(file.encodeOverflow),
    markers: (file.markers ?? [{ bits: "0x0" }]).map(({ bits }) => wordOf(bits)),
    special: (file.special ?? []).map(({ kind, pfn, cpu }) => ({
      kind: String(kind),
      pfn: wordOf(pfn),
      ...(typeof cpu === "string" && { cpu }),
    })),
    decode: file.decode.map(({ pte }) => wordOf(pte)),
  };
}

/** A word as a file writes it. */
const wordOf = (text: unknown): bigint => BigInt(text as string);

/** Every type with small offsets; every power of two; the largest offset, and the largest less one bit; random pairs. */
function encodePairs(maxType: number, maxOffset: bigint, random: Random): Pair[] {
  const pairs: Pair[] = [];
  const add = (type: number, offset: bigint): void => {
    if (offset <= maxOffset) pairs.push({ type, offset });
  };
  const bits = bitLength(maxOffset);
  for (let type = 0; type <= maxType; type++)
    for (const offset of [0n, 1n, 0x1234n, maxOffset]) add(type, offset);
  for (const type of [0, 1, 17, maxType]) for (let bit = 1; bit < bits; bit++) add(type, 1n << BigInt(bit));
  for (let bit = 0; bit < bits; bit++) add(3, maxOffset ^ (1n << BigInt(bit)));
  for (let i = 0; i < 32; i++) add(Number(random() % BigInt(maxType + 1)), random() & maxOffset);
  return unique(pairs, ({ type, offset }) => `${type} ${offset}`);
}

/** Each bit above the largest offset that an unsigned long has, and all of them. */
function overflowOffsets(maxOffset: bigint, longBits: bigint): bigint[] {
  const offsets: bigint[] = [];
  for (let bit = BigInt(bitLength(maxOffset)); bit < longBits; bit++) offsets.push(1n << bit);
  return [...offsets, (1n << longBits) - 1n];
}

function pfns(bits: bigint, random: Random): bigint[] {
  const mask = (1n << bits) - 1n;
  const fixed = [0n, 1n, 2n, 0x1234n, 0xabcden, mask].filter((pfn) => pfn <= mask);
  return [...fixed, ...Array.from({ length: 10 }, () => random() & mask)];
}

function specials(list: readonly bigint[]): Special[] {
  return list.flatMap((pfn) => specialKinds.map((kind) => ({ kind, pfn })));
}

/** Zero, each bit alone, each bit missing, random words, and random words that are not present. */
function decodeWords({ pteBits, presentMask }: Head, random: Random): bigint[] {
  const all = (1n << BigInt(pteBits)) - 1n;
  const absent = all ^ BigInt(presentMask);
  const words = [0n, all];
  for (let bit = 0n; bit < BigInt(pteBits); bit++) words.push(1n << bit, all ^ (1n << bit));
  for (let i = 0; i < 100; i++) words.push(random() & all);
  for (let i = 0; i < 200; i++) words.push(random() & absent);
  return unique(words, String);
}

function unique<T>(list: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(list.map((item) => [keyOf(item), item])).values()];
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}

/** 64 random bits a call. */
/** 64 random bits a call. */
export type Random = () => bigint;

/** splitmix64: the same for the same seed on every machine. */
export function splitmix64(seed: bigint): Random {
  let state = BigInt.asUintN(64, seed);
  return () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let word = BigInt.asUintN(64, (state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
    word = BigInt.asUintN(64, (word ^ (word >> 27n)) * 0x94d049bb133111ebn);
    return word ^ (word >> 31n);
  };
}
