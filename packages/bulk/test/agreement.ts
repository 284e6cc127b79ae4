import type { Columns, Decoder } from "@ptekit/bulk";
import type { AnyDecoded, ArchBackend } from "@ptekit/core";
import { emptyPte, FLAG_NAMES, KINDS, PtekitError } from "@ptekit/core";

/** A row as core's scalar codec sees the word. */
export interface Row {
  readonly kind: number;
  readonly type: number;
  readonly offset: bigint;
  readonly flags: number;
}

export function scalarRow(backend: ArchBackend, pte: bigint): Row {
  const { kind, type = 0, offset = 0n, ...flags }: AnyDecoded = backend.decode(pte);
  const bits = FLAG_NAMES.reduce((sum, flag, bit) => (flags[flag] ? sum | (1 << bit) : sum), 0);
  const isEntry = kind !== "none" && kind !== "present";
  return { kind: KINDS.indexOf(kind), type, offset, flags: isEntry ? bits : 0 };
}

export const rowOf = (columns: Columns, row: number): Row => ({
  kind: columns.kind[row] ?? -1,
  type: columns.type[row] ?? -1,
  offset:
    columns.offset?.[row] ??
    (BigInt(columns.offsetHigh?.[row] ?? -1) << 32n) | BigInt(columns.offsetLow?.[row] ?? -1),
  flags: columns.flags[row] ?? -1,
});

/** Numbers of the PTE's width. */
export const wordsOf = (backend: ArchBackend, words: readonly bigint[]): Uint32Array | BigUint64Array =>
  backend.layout.pteBits === 32 ? Uint32Array.from(words, Number) : BigUint64Array.from(words);

/** The words as they lie in memory. */
export function bytesOf(backend: ArchBackend, words: readonly bigint[]): Uint8Array {
  const size = backend.layout.pteBits / 8;
  // Byte n of this word holds n: its bytes in memory tell the order.
  const probe = Array.from({ length: size }, (_, n) => BigInt(n) << BigInt(8 * n)).reduce((a, b) => a | b);
  const stored = backend.toBytes(probe);
  const order = stored.subarray(0, size);
  const numbers = new DataView(new ArrayBuffer(words.length * size));
  words.forEach((word, i) => {
    if (size === 4) numbers.setUint32(4 * i, Number(word), true);
    else numbers.setBigUint64(8 * i, word, true);
  });
  const little = new Uint8Array(numbers.buffer);
  const once = little.map((_, i) => little[i - (i % size) + (order[i % size] ?? 0)] ?? 0);
  // Some PTEs stand there several times.
  const copies = new Uint8Array(words.length * stored.length);
  return copies.map((_, i) => once[Math.floor(i / stored.length) * size + (i % size)] ?? 0);
}

/** Deterministic: xorshift128, 64 bits at a time. */
export function randomWords(seed: number): () => bigint {
  let [x, y, z, w] = [seed | 1, 362436069, 521288629, 88675123];
  const next = (): number => {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return w >>> 0;
  };
  return () => (BigInt(next()) << 32n) | BigInt(next());
}

/** Words that reach every branch: random ones, near the empty PTE, near the predicates' values, and what encode writes. */
export function wordsFor(backend: ArchBackend, count: number, seed: number): bigint[] {
  const random = randomWords(seed);
  const { layout } = backend;
  const all = (1n << BigInt(layout.pteBits)) - 1n;
  const terms = [...layout.present, ...layout.none];
  const unpresent = layout.present.reduce((mask, term) => mask | term.mask, 0n);
  return Array.from({ length: count }, (_, i) => {
    const word = random();
    const term = terms[i % terms.length];
    const sort = Number((word >> 3n) % 8n);
    if (sort < 2) return word & all;
    if (sort === 2) return emptyPte(layout);
    if (sort === 3) return (emptyPte(layout) ^ (1n << (word % 64n))) & all;
    if (sort === 4) return ((random() & ~(term?.mask ?? 0n)) | (term?.value ?? 0n)) & all;
    if (sort === 5) return backend.encode(randomEntry(backend, word, random()));
    return word & all & ~unpresent;
  });
}

function randomEntry(backend: ArchBackend, a: bigint, b: bigint): Parameters<ArchBackend["encode"]>[0] {
  const type = Number(a % BigInt(backend.maxType + 1));
  const flags = Object.fromEntries(
    FLAG_NAMES.filter((flag) =>
      backend.layout.fields.some((row) => row.kind === flag && row.access !== "decode"),
    ).map((flag, bit) => [flag, ((b >> BigInt(bit)) & 1n) === 1n]),
  );
  return { type, offset: (b >> 8n) & backend.maxOffset, ...flags };
}

/** Rows that are encoded too; core's encode is slow. */
const ENCODED = 2000;

/** Every way in which an engine's answers about the words differ from core's, at most a few; none where it agrees. */
export function disagreements(
  decoder: Decoder,
  words: readonly bigint[],
  expected: readonly Row[],
): string[] {
  const { backend } = decoder;
  const found: string[] = [];
  for (const [name, input] of [
    ["numbers", wordsOf(backend, words)],
    ["bytes", bytesOf(backend, words)],
  ] as const) {
    const columns = decoder.decode(input);
    words.forEach((word, i) => {
      const row = rowOf(columns, i);
      const wanted = expected[i] as Row;
      if (
        row.kind !== wanted.kind ||
        row.type !== wanted.type ||
        row.offset !== wanted.offset ||
        row.flags !== wanted.flags
      )
        found.push(`${name}: 0x${word.toString(16)} is ${text(row)}, not ${text(wanted)}`);
    });
    found.push(...censusDisagreements(decoder, input, expected));
  }
  found.push(...encodeDisagreements(decoder, expected.slice(0, ENCODED)));
  return found.slice(0, 5);
}

const text = (row: Row): string =>
  `${KINDS[row.kind]} ${row.type} 0x${row.offset.toString(16)} flags ${row.flags}`;

function censusDisagreements(
  decoder: Decoder,
  input: Parameters<Decoder["census"]>[0],
  rows: readonly Row[],
): string[] {
  const census = decoder.census(input);
  const { types } = decoder.backend;
  const kinds = KINDS.map(() => 0);
  const typeCounts = census.types.map(() => 0);
  const flags = FLAG_NAMES.map(() => 0);
  const markers = types.markers.map(() => 0);
  const bump = (counts: number[], i: number, test = true): void => {
    counts[i] = (counts[i] ?? 0) + (test ? 1 : 0);
  };
  for (const row of rows) {
    const kind = KINDS[row.kind];
    bump(kinds, row.kind);
    bump(typeCounts, row.type, kind !== "none" && kind !== "present");
    FLAG_NAMES.forEach((_, bit) => {
      bump(flags, bit, ((row.flags >> bit) & 1) === 1);
    });
    types.markers.forEach(({ value }, i) => {
      bump(markers, i, kind === "marker" && (row.offset & value) === value);
    });
  }
  const named = (names: readonly string[], counts: number[]) =>
    Object.fromEntries(names.map((name, i) => [name, counts[i]]));
  const wanted = {
    total: rows.length,
    kinds: named(KINDS, kinds),
    types: typeCounts,
    flags: named(FLAG_NAMES, flags),
    markers: named(
      types.markers.map(({ name }) => name),
      markers,
    ),
  };
  const [got, want] = [JSON.stringify(census), JSON.stringify(wanted)];
  return got === want ? [] : [`census ${got}, not ${want}`];
}

function encodeDisagreements(decoder: Decoder, rows: readonly Row[]): string[] {
  const { backend } = decoder;
  const encoded = rows.flatMap((row) => {
    const word = scalarEncode(backend, row);
    return word === null ? [] : [{ row, word }];
  });
  const columns = columnsOf(
    decoder,
    encoded.map(({ row }) => row),
  );
  const words = decoder.encode(columns);
  const size = backend.toBytes(0n).length;
  const bytes = decoder.encode(columns, new Uint8Array(encoded.length * size));
  const wantedBytes = bytesOf(
    backend,
    encoded.map(({ word }) => word),
  );
  const found = encoded.flatMap(({ row, word }, i) =>
    BigInt(words[i] ?? -1) === word
      ? []
      : [`${text(row)} encodes to 0x${words[i]?.toString(16)}, not 0x${word.toString(16)}`],
  );
  const firstByte = bytes.findIndex((byte, i) => byte !== wantedBytes[i]);
  return firstByte < 0 ? found : [...found, `encode: byte ${firstByte} differs`];
}

/** The word that core's encode writes, null where it refuses or the row is present. */
function scalarEncode(backend: ArchBackend, row: Row): bigint | null {
  if (KINDS[row.kind] === "none") return emptyPte(backend.layout);
  if (KINDS[row.kind] === "present") return null;
  const flags = Object.fromEntries(FLAG_NAMES.map((flag, bit) => [flag, ((row.flags >> bit) & 1) === 1]));
  try {
    return backend.encode({ type: row.type, offset: row.offset, ...flags });
  } catch (error) {
    if (error instanceof PtekitError) return null;
    throw error;
  }
}

export function columnsOf(decoder: Decoder, rows: readonly Row[]): Columns {
  const bytes = {
    kind: Uint8Array.from(rows, (row) => row.kind),
    type: Uint8Array.from(rows, (row) => row.type),
    flags: Uint8Array.from(rows, (row) => row.flags),
  };
  const offsets = rows.map((row) => row.offset);
  return decoder.offsets === "u64"
    ? { ...bytes, offset: BigUint64Array.from(offsets) }
    : {
        ...bytes,
        offsetLow: Uint32Array.from(offsets, (offset) => Number(offset & 0xffff_ffffn)),
        offsetHigh: Uint32Array.from(offsets, (offset) => Number(offset >> 32n)),
      };
}
