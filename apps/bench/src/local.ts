import type { ColumnsU64, Decoder, PteMemory } from "@ptekit/bulk";
import { compile } from "@ptekit/bulk";
import type { AnyDecoded, ArchBackend } from "@ptekit/core";
import { KINDS } from "@ptekit/core";

/** An implementation in this process. */
export interface Local {
  readonly name: string;
  /** Runs the work so many times over the first `n` PTEs. */
  run(work: Work, n: number, times: number): void;
  check(n: number): number;
  checkWords(n: number): number;
}

export type Work = "columns" | "census" | "encode";

/** The decoder, on its own memory: what `npm install @ptekit/bulk` gives. */
export async function bulkOf(
  backend: ArchBackend,
  engine: "simd" | "javascript",
  data: Uint8Array,
): Promise<Local> {
  const decoder = await compile(backend, { engine });
  const count = data.length / (backend.layout.pteBits / 8);
  const memory = decoder.memory(count);
  memory.bytes.set(data);
  let words: Uint32Array | BigUint64Array = memory.words.subarray(0, 0);
  return {
    name: engine,
    run(work, n, times) {
      const ptes = memory.words.subarray(0, n);
      const columns = first(memory.columns, n);
      for (let i = 0; i < times; i++) {
        if (work === "columns") decoder.decode(ptes, columns);
        else if (work === "census") decoder.census(ptes);
        else words = encodeInto(decoder, columns, memory, n);
      }
    },
    check: (n) => checksum(memory.columns, n),
    checkWords: (n) => checksumWords(words, n),
  };
}

/** Over the PTEs that were decoded; they are put back by the encoder itself where it is right. */
const encodeInto = (
  decoder: Decoder<"u64">,
  columns: ColumnsU64,
  memory: PteMemory<"u64">,
  n: number,
): Uint32Array | BigUint64Array => decoder.encode(columns, memory.words.subarray(0, n) as BigUint64Array);

const first = ({ kind, type, flags, offset }: ColumnsU64, n: number): ColumnsU64 => ({
  kind: kind.subarray(0, n),
  type: type.subarray(0, n),
  flags: flags.subarray(0, n),
  offset: offset.subarray(0, n),
});

/** A loop over core's scalar codec, a BigInt and an object for every PTE. */
export function scalarOf(backend: ArchBackend, data: Uint8Array): Local {
  const words = wordsOf(backend, data);
  const columns = emptyColumns(words.length);
  const loop = (n: number): void => {
    for (let i = 0; i < n; i++) {
      const {
        kind,
        type = 0,
        offset = 0n,
        exclusive,
        softDirty,
        uffdWp,
      }: AnyDecoded = backend.decode(BigInt(words[i] ?? 0));
      const entry = kind !== "none" && kind !== "present";
      columns.kind[i] = KINDS.indexOf(kind);
      columns.type[i] = type;
      columns.offset[i] = offset;
      columns.flags[i] = entry ? Number(exclusive) | (Number(softDirty) << 1) | (Number(uffdWp) << 2) : 0;
    }
  };
  return localOf("core's scalar codec", columns, loop);
}

/** A loop in JavaScript written by hand with BigInt, for the x86_64 layout since 5.19. */
export function bigintOf(backend: ArchBackend, data: Uint8Array): Local {
  const words = new BigUint64Array(data.buffer, data.byteOffset, data.length / 8);
  const columns = emptyColumns(words.length);
  const kinds = Array.from({ length: 32 }, (_, type) => {
    const entry = backend.decode(backend.encode({ type, offset: 1n }));
    return KINDS.indexOf(entry.kind);
  });
  const loop = (n: number): void => {
    for (let i = 0; i < n; i++) {
      const w = words[i] as bigint;
      const none = (w & 0xffff_ffff_ffff_ff9fn) === 0n;
      const entry = !none && (w & 0x101n) === 0n;
      const type = entry ? Number(w >> 59n) : 0;
      columns.kind[i] = entry ? (kinds[type] as number) : none ? 0 : 1;
      columns.type[i] = type;
      columns.offset[i] = entry ? (~w >> 9n) & 0x3_ffff_ffff_ffffn : 0n;
      columns.flags[i] = entry ? Number(((w >> 3n) & 1n) | (w & 2n) | (w & 4n)) : 0;
    }
  };
  return localOf("JavaScript, BigInt loop", columns, loop);
}

function localOf(name: string, columns: ColumnsU64, loop: (n: number) => void): Local {
  return {
    name,
    run(work, n, times) {
      if (work !== "columns") throw new Error(`${name} makes columns only`);
      for (let i = 0; i < times; i++) loop(n);
    },
    check: (n) => checksum(columns, n),
    checkWords: () => Number.NaN,
  };
}

const emptyColumns = (n: number): ColumnsU64 => ({
  kind: new Uint8Array(n),
  type: new Uint8Array(n),
  flags: new Uint8Array(n),
  offset: new BigUint64Array(n),
});

const wordsOf = (
  { layout }: ArchBackend,
  { buffer, byteOffset, length }: Uint8Array,
): Uint32Array | BigUint64Array =>
  layout.pteBits === 32
    ? new Uint32Array(buffer, byteOffset, length / 4)
    : new BigUint64Array(buffer, byteOffset, length / 8);

/** The checksum that the C program computes, in the same order. */
function checksum({ kind, type, flags, offset }: ColumnsU64, n: number): number {
  const halves = new Uint32Array(offset.buffer, offset.byteOffset, 2 * offset.length);
  let h = 0;
  for (let i = 0; i < n; i++) {
    h = Math.imul(h, 31) + (kind[i] as number);
    h = Math.imul(h, 31) + (type[i] as number);
    h = Math.imul(h, 31) + (flags[i] as number);
    h = Math.imul(h, 31) + (halves[2 * i] as number);
    h = (Math.imul(h, 31) + (halves[2 * i + 1] as number)) | 0;
  }
  return h >>> 0;
}

function checksumWords(words: Uint32Array | BigUint64Array, n: number): number {
  const wide = words instanceof BigUint64Array;
  const halves = new Uint32Array(words.buffer, words.byteOffset, words.byteLength / 4);
  let h = 0;
  for (let i = 0; i < n; i++) {
    h = (Math.imul(h, 31) + (halves[wide ? 2 * i : i] as number)) | 0;
    h = (Math.imul(h, 31) + (wide ? (halves[2 * i + 1] as number) : 0)) | 0;
  }
  return h >>> 0;
}
