import type { ArchBackend } from "@ptekit/core";
import type { Census, Counter } from "./census.ts";
import type { Columns } from "./columns.ts";
import type { FindPredicate } from "./find.ts";
import type { PteInput } from "./input.ts";
import type { OffsetColumns } from "./kernel.ts";

// What compile() takes and returns.

/** Bytes that come in pieces of any size: a Node stream, a ReadableStream, an array of pieces. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** How blocks are read: their size, and who is told of the progress. */
export interface BlockOptions {
  /** PTEs in a block. Default 16384 of a stream, which with their columns stay in cache; a mebibyte of a file. */
  readonly ptesPerBlock?: number;
  /** Called after every block with the PTEs done so far. */
  readonly onProgress?: (ptes: number) => void;
}

/** Some PTEs of a stream. Its arrays are views that the next block overwrites. */
export interface Block<O extends OffsetColumns = OffsetColumns> {
  /** The place of its first PTE in the stream. */
  readonly first: number;
  readonly count: number;
  /** The PTEs, as they lie in memory. */
  readonly bytes: Uint8Array;
  readonly columns: Columns<O>;
}

/** How to compile. */
export interface CompileOptions<O extends OffsetColumns = OffsetColumns> {
  /** Default `"auto"`: SIMD where WebAssembly with SIMD can be had, else JavaScript. */
  readonly engine?: "auto" | "simd" | "javascript";
  /** One column of 64-bit offsets (default), or two of their 32-bit halves. */
  readonly offsets?: O;
}

/** Room for PTEs and their columns that the engine works on without a copy. */
export interface PteMemory<O extends OffsetColumns = OffsetColumns> {
  /** To read a file into. */
  readonly bytes: Uint8Array;
  /** The same room as numbers: Uint32Array or BigUint64Array, by the PTE's width. */
  readonly words: Uint32Array | BigUint64Array;
  readonly columns: Columns<O>;
}

/** A backend, compiled for millions of PTEs; `O` is how it lays out offsets. */
export interface Decoder<O extends OffsetColumns = OffsetColumns> {
  readonly backend: ArchBackend;
  readonly engine: "simd" | "javascript";
  readonly offsets: O;
  /**
   * What the PTEs say, in columns: new ones, or the first rows of `out`.
   *
   * Without a copy where both are views of one `memory()`.
   *
   * @throws PtekitError `BAD_ARGUMENT` for arrays of the wrong kind or length, or an `out` that is too small.
   */
  decode(ptes: PteInput, out?: Columns<O>): Columns<O>;
  /** How many PTEs of each kind, type, flag and marker there are. Throws as `decode` does for `ptes`. */
  census(ptes: PteInput): Census;
  /** A census of PTEs that come in parts. */
  counter(): Counter;
  /**
   * The places of the PTEs that a predicate fits, lowest first.
   *
   * @throws PtekitError `BAD_ARGUMENT`, `UNKNOWN_OPTION`, `NO_SUCH_MARKER`.
   */
  find(ptes: PteInput, predicate: FindPredicate): Uint32Array;
  /**
   * The PTEs that the kernel would write for the rows, as numbers; `none` gives the empty PTE.
   *
   * @throws PtekitError what the backend's `encode` throws, naming the row; `BAD_ARGUMENT` for a row of kind present.
   */
  encode(columns: Columns<O>): Uint32Array | BigUint64Array;
  /**
   * The same into `out`: numbers, or bytes as they lie in memory. Returns `out`, which a refusal leaves as it was; room of
   * `memory()` is worked in, and holds nothing of use then.
   */
  encode<T extends Uint32Array | BigUint64Array | Uint8Array>(columns: Columns<O>, out: T): T;
  /**
   * Room for `ptes` PTEs and their columns.
   *
   * @throws PtekitError `BAD_ARGUMENT` for more than WebAssembly can hold (4 GiB with columns).
   */
  memory(ptes: number): PteMemory<O>;
  /** The blocks of a stream of bytes, decoded; see {@link Block}. */
  blocks(source: ByteSource, options?: BlockOptions): AsyncGenerator<Block<O>, void, undefined>;
  /** A census of a stream of bytes. Throws `BAD_FILE` where it ends inside a PTE. */
  censusOf(source: ByteSource, options?: BlockOptions): Promise<Census>;
}
