// kallsyms where nothing says where it is: by its token table, whose tokens for the digits are the digits.
// See scripts/kallsyms.c of Linux, which writes the parts one after the other, in an order that changed.
import { imagePieces, type Piece, patched } from "../image.ts";
import type { KernelMemory } from "../virtual.ts";
import { entryAt, spelled, type Tokens, tokensOf } from "./names.ts";
import { isInOrder } from "./order.ts";
import { type AddressForm, addressBy, type KallsymsPlaces, type KnownSymbol } from "./table.ts";

/** "0" to "9", each with the zero byte that ends it. */
const DIGITS = Uint8Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 0x30 + i / 2 : 0));
const ZERO = 0x30;
/** The names, the markers and, where there is one, the order by name lie before the tokens, in so many bytes at most. */
const MOST_BEFORE = 2 ** 23;
const SYMBOLS = { least: 1000, most: 4_000_000 };
/** Names that are read before a candidate is believed far enough to read all. */
const FIRST_NAMES = 24;
const MARKED = 256;

/** kallsyms as a search finds it. */
export interface FoundKallsyms extends KallsymsPlaces {
  readonly form: AddressForm;
}

/** Where kallsyms is in a kernel's image, or null. `known` tells which order and form is right. */
export function findKallsyms(
  kernel: KernelMemory,
  start: bigint,
  known: Required<KnownSymbol>,
): FoundKallsyms | null {
  for (const found of kallsymsIn(kernel, imagePieces(kernel, start), known)) return found;
  return null;
}

/**
 * Every kallsyms in pieces of memory. Where the address of the known symbol is not known, those whose addresses are in order.
 */
export function* kallsymsIn(
  kernel: KernelMemory,
  pieces: Iterable<Piece>,
  known: KnownSymbol,
): Generator<FoundKallsyms, void, undefined> {
  for (const tokens of tokenTables(kernel, pieces)) {
    const found = aroundTokens(kernel, tokens, known);
    if (found !== null) yield found;
  }
}

interface TokenTable {
  readonly table: bigint;
  readonly index: bigint;
  readonly tokens: Tokens;
}

/** Every token table: one, in the images of all kernels seen. */
function* tokenTables(kernel: KernelMemory, pieces: Iterable<Piece>): Generator<TokenTable, void, undefined> {
  for (const { address, bytes, own } of pieces) {
    for (let at = bytes.indexOf(ZERO); at >= 0 && at < own; at = bytes.indexOf(ZERO, at + 1)) {
      if (bytes[at + 1] !== 0 || bytes[at + 2] !== 0x31 || !DIGITS.every((byte, i) => bytes[at + i] === byte))
        continue;
      const found = tokenTableAround(kernel, address + BigInt(at));
      if (found !== null) yield found;
    }
  }
}

/** The table around its digits: an index of 256 offsets follows it, and agrees with it. */
function tokenTableAround(kernel: KernelMemory, digits: bigint): TokenTable | null {
  const { bytes } = patched(kernel, digits, 8192);
  let end = 0;
  for (let token = ZERO; token < 256; token++) {
    end = bytes.indexOf(0, end) + 1;
    if (end === 0) return null;
  }
  for (const align of [4n, 8n, 2n]) {
    const index = alignedUp(digits + BigInt(end), align);
    const indexBytes = new Uint8Array(512);
    if (kernel.read(index, indexBytes) !== "read") continue;
    const offsets = new DataView(indexBytes.buffer);
    const table = digits - BigInt(offsets.getUint16(2 * ZERO, kernel.little));
    const size = Number(digits - table) + end;
    const tableBytes = new Uint8Array(size);
    if (size > 8192 || kernel.read(table, tableBytes) !== "read") continue;
    const agrees = Array.from({ length: 256 }, (_, i) => offsets.getUint16(2 * i, kernel.little)).every(
      (offset, i) => offset < size && (i === 0 ? offset === 0 : tableBytes[offset - 1] === 0),
    );
    if (agrees) return { table, index, tokens: tokensOf(tableBytes, indexBytes, kernel.little) };
  }
  return null;
}

function aroundTokens(
  kernel: KernelMemory,
  { table, index, tokens }: TokenTable,
  known: KnownSymbol,
): FoundKallsyms | null {
  const low = table - BigInt(MOST_BEFORE);
  const { bytes } = patched(kernel, low, MOST_BEFORE);
  const view = new DataView(bytes.buffer);
  for (let at = MOST_BEFORE - 12; at >= 0; at -= 4) {
    const count = view.getUint32(at, kernel.little);
    if (count < SYMBOLS.least || count > SYMBOLS.most) continue;
    for (const gap of [4, 8]) {
      const names = namesFrom(bytes, at + gap, count, tokens, kernel.little, known.name);
      if (names === null) continue;
      const numSyms = low + BigInt(at);
      const found = { numSyms, names: numSyms + BigInt(gap), tokenTable: table, tokenIndex: index };
      for (const offsets of offsetsAround(found, count, kernel.bits)) {
        const places = { ...found, offsets: offsets.offsets, relativeBase: offsets.relativeBase };
        const form = offsets.forms.find((form) =>
          known.address === undefined
            ? isInOrder(form, kernel, places, count)
            : addressBy(form, kernel, places, names.known) === known.address,
        );
        if (form !== undefined) return { ...places, form };
      }
    }
  }
  return null;
}

/** Whether `count` names begin there, with the markers of every 256th behind them; and which one is the known symbol. */
function namesFrom(
  bytes: Uint8Array,
  start: number,
  count: number,
  tokens: Tokens,
  little: boolean,
  known: string,
): { readonly known: number } | null {
  const view = new DataView(bytes.buffer);
  const markers: number[] = [];
  let at = start;
  let place = -1;
  for (let i = 0; i < count; i++) {
    if (at + 2 > bytes.length) return null;
    if (i % MARKED === 0) markers.push(at - start);
    const entry = entryAt(bytes, at);
    if (entry.tokens === 0 || entry.at + entry.tokens > bytes.length) return null;
    const type = (tokens[bytes[entry.at] as number] as Uint8Array)[0] ?? 0;
    // A symbol's type is a letter, as nm writes it; after some names there is no doubt left.
    if (i < FIRST_NAMES && !isLetter(type)) return null;
    if (place < 0 && entry.tokens <= known.length + 1 && spelled(bytes, entry, tokens).slice(1) === known)
      place = i;
    at = entry.at + entry.tokens;
  }
  const marked = (from: number): boolean =>
    markers
      .slice(0, 64)
      .every(
        (marker, i) => from + 4 * i + 4 <= bytes.length && view.getUint32(from + 4 * i, little) === marker,
      );
  const aligned = [4, 8].map((align) => Math.ceil(at / align) * align);
  return place >= 0 && aligned.some(marked) ? { known: place } : null;
}

const isLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;

interface Offsets {
  readonly offsets: bigint;
  readonly relativeBase: bigint | null;
  readonly forms: readonly AddressForm[];
}

/**
 * Where offsets or addresses can be, the likeliest first: before the number of symbols (up to 6.4), or behind the tokens (since).
 * Parts are aligned to a word up to 6.15; since then, with offsets from their own place, each as its elements are.
 */
function* offsetsAround(
  { numSyms, tokenIndex }: { numSyms: bigint; tokenIndex: bigint },
  count: number,
  bits: 32 | 64,
): Generator<Offsets, void, undefined> {
  const word = BigInt(bits / 8);
  const size = 4n * BigInt(count);
  const base = (numSyms - word) & ~(word - 1n);
  const before = (align: bigint): bigint => base - alignedUp(size, align);
  const behind = (align: bigint): bigint => alignedUp(tokenIndex + 512n, align);
  const baseBehind = (align: bigint): bigint => alignedUp(behind(align) + size, word);
  const addresses = (numSyms - word * BigInt(count)) & ~(word - 1n);
  yield { offsets: before(word), relativeBase: base, forms: ["percpu", "relative"] };
  yield { offsets: behind(word), relativeBase: baseBehind(word), forms: ["percpu", "relative"] };
  yield { offsets: behind(4n), relativeBase: baseBehind(4n), forms: ["place", "percpu", "relative"] };
  yield { offsets: behind(word), relativeBase: baseBehind(word), forms: ["place"] };
  yield { offsets: addresses, relativeBase: null, forms: ["absolute"] };
  yield { offsets: before(4n), relativeBase: base, forms: ["percpu", "relative"] };
}

const alignedUp = (address: bigint, align: bigint): bigint => (address + align - 1n) & ~(align - 1n);
