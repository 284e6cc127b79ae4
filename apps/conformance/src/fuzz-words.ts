import type { Columns, Decoder } from "@ptekit/bulk";
import { compile } from "@ptekit/bulk";
import type { AnyDecoded, ArchBackend } from "@ptekit/core";
import { emptyPte, FLAG_NAMES, hex, KINDS, pteBytesOf } from "@ptekit/core";

const BLOCK = 2 ** 14;
/** One word in so many is held against the scalar codec, which is slow. */
const SCALAR = 1000;
const KEPT = 5;

/** How both engines and core's codec disagree about random words, in sentences; none where they agree. */
export async function fuzz(backend: ArchBackend, count: number, seed: number): Promise<string[]> {
  const simd = await compile(backend, { engine: "simd" });
  const plain = await compile(backend, { engine: "javascript" });
  const ours = simd.memory(BLOCK);
  const theirs = plain.memory(BLOCK);
  const next = random32(seed);
  const found: string[] = [];
  for (let done = 0; done < count && found.length < KEPT; done += BLOCK) {
    fill(backend, ours.bytes, next);
    theirs.bytes.set(ours.bytes);
    const rows = Math.min(BLOCK, count - done);
    simd.decode(ours.bytes, ours.columns);
    plain.decode(theirs.bytes, theirs.columns);
    const differs = firstDifference(ours.columns, theirs.columns, rows);
    if (differs >= 0) found.push(`the engines differ about ${text(backend, ours.bytes, differs)}`);
    if (JSON.stringify(simd.census(ours.bytes)) !== JSON.stringify(plain.census(theirs.bytes))) {
      found.push(`the engines count words differently that begin with ${text(backend, ours.bytes, 0)}`);
    }
    for (let row = (done / BLOCK) % SCALAR; row < rows; row += SCALAR) {
      if (!scalarAgrees(backend, ours.bytes, ours.columns, row)) {
        found.push(`core's codec differs about ${text(backend, ours.bytes, row)}`);
      }
    }
    found.push(...encodingDiffers(simd, plain, ours.columns, rows));
  }
  return found.slice(0, KEPT);
}

/** Random bytes; in half of the words the bits that make it present are those of the empty PTE. */
function fill(backend: ArchBackend, bytes: Uint8Array, next: () => number): void {
  const halves = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  for (let i = 0; i < halves.length; i++) halves[i] = next();
  const { layout } = backend;
  const mask = backend.toBytes(layout.present.reduce((all, term) => all | term.mask, 0n));
  const empty = backend.toBytes(emptyPte(layout));
  for (let i = 0; i < bytes.length; i += 2 * mask.length) {
    for (let byte = 0; byte < mask.length; byte++) {
      const keep = ~(mask[byte] as number);
      bytes[i + byte] = ((bytes[i + byte] as number) & keep) | ((empty[byte] as number) & ~keep);
    }
  }
}

const wordAt = (backend: ArchBackend, bytes: Uint8Array, row: number): bigint => {
  const size = pteBytesOf(backend.layout);
  return backend.fromBytes(bytes.slice(row * size, (row + 1) * size));
};

const text = (backend: ArchBackend, bytes: Uint8Array, row: number): string =>
  hex(wordAt(backend, bytes, row), backend.layout.pteBits);

function scalarAgrees(backend: ArchBackend, bytes: Uint8Array, columns: Columns, row: number): boolean {
  const { kind, type = 0, offset = 0n, ...said }: AnyDecoded = backend.decode(wordAt(backend, bytes, row));
  const isEntry = kind !== "none" && kind !== "present";
  const flags = FLAG_NAMES.reduce((bits, flag, bit) => (isEntry && said[flag] ? bits | (1 << bit) : bits), 0);
  return (
    KINDS[columns.kind[row] as number] === kind &&
    columns.type[row] === type &&
    columns.offset?.[row] === offset &&
    columns.flags[row] === flags
  );
}

/** Encodes what can be encoded of the rows with both engines. */
function encodingDiffers(simd: Decoder, plain: Decoder, columns: Columns, rows: number): string[] {
  const { backend } = simd;
  const { kind, type, flags, offset } = columns;
  const known = FLAG_NAMES.reduce(
    (mask, flag, bit) =>
      backend.layout.fields.some((row) => row.kind === flag && row.access !== "decode")
        ? mask | (1 << bit)
        : mask,
    0,
  );
  for (let row = 0; row < BLOCK; row++) {
    const fits =
      (kind[row] as number) > 1 &&
      (type[row] as number) <= backend.maxType &&
      ((flags[row] as number) & ~known) === 0 &&
      (offset?.[row] as bigint) <= backend.maxOffset;
    if (!fits) kind[row] = type[row] = flags[row] = 0;
    if (!fits && offset) offset[row] = 0n;
  }
  const [ours, theirs] = [simd.encode(columns), plain.encode(columns)];
  const row = ours.findIndex((word: number | bigint, i: number) => i < rows && word !== theirs[i]);
  return row < 0
    ? []
    : [`the engines encode type ${type[row]}, offset ${offset?.[row]}, flags ${flags[row]} differently`];
}

function firstDifference(a: Columns, b: Columns, rows: number): number {
  for (let row = 0; row < rows; row++) {
    if (a.kind[row] !== b.kind[row] || a.type[row] !== b.type[row] || a.flags[row] !== b.flags[row])
      return row;
    if (a.offset?.[row] !== b.offset?.[row]) return row;
  }
  return -1;
}

/** 32 random bits at a time; the same for the same seed. */
function random32(seed: number): () => number {
  let [x, y, z, w] = [seed | 1, 362436069, 521288629, 88675123];
  return () => {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return w >>> 0;
  };
}
