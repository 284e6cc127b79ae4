import type { ArchBackend } from "@ptekit/core";
import { PtekitError } from "@ptekit/core";
import type { Block, BlockOptions, ByteSource } from "./blocks.ts";
import { blocksOf } from "./blocks.ts";
import type { Census, Counter } from "./census.ts";
import type { Columns } from "./columns.ts";
import { checkColumns, describe } from "./columns.ts";
import { encodeInto } from "./encode.ts";
import type { FindPredicate } from "./find.ts";
import type { PteInput } from "./input.ts";
import { javascriptEngine } from "./javascript.ts";
import type { OffsetColumns } from "./kernel.ts";
import { planOf } from "./plan.ts";
import type { Session } from "./session.ts";
import { counterOf, decodeTo, memoryOf, placesOfFit, sessionOf } from "./session.ts";
import { simdEngine } from "./wasm/engine.ts";
import { simdApi } from "./wasm/webassembly.ts";

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

/**
 * A decoder for a backend: its layout compiled to a WebAssembly SIMD module, or the JavaScript engine.
 *
 * @throws PtekitError `BAD_LAYOUT` naming the field that cannot be compiled; `UNKNOWN_OPTION`; `BAD_ARGUMENT` for engine
 * `"simd"` where it cannot be had.
 */
export async function compile<O extends OffsetColumns = "u64">(
  backend: ArchBackend,
  options: CompileOptions<O> = {},
): Promise<Decoder<O>> {
  checkOptions(options);
  const { engine = "auto", offsets = "u64" as O } = options;
  const plan = planOf(backend);
  const api = engine === "javascript" ? undefined : simdApi();
  if (engine === "simd" && !api)
    throw new PtekitError("BAD_ARGUMENT", `engine "simd" needs WebAssembly SIMD, which cannot be had here`);
  return decoderOf(
    sessionOf(plan, api ? simdEngine(api, plan, offsets) : javascriptEngine(plan, offsets), offsets),
  );
}

function checkOptions(options: CompileOptions): void {
  if (typeof options !== "object" || options === null)
    throw new PtekitError("BAD_ARGUMENT", `options are an object, not ${describe(options)}`);
  for (const [key, value] of Object.entries(options)) {
    const known = { engine: ["auto", "simd", "javascript"], offsets: ["u64", "u32"] }[key];
    if (!known) throw new PtekitError("UNKNOWN_OPTION", `compile has engine and offsets, not ${key}`);
    if (value !== undefined && !known.includes(value)) {
      throw new PtekitError("UNKNOWN_OPTION", `${key} is ${known.join(" or ")}, not ${String(value)}`);
    }
  }
}

/** The verbs over one session. */
function decoderOf<O extends OffsetColumns>(session: Session<O>): Decoder<O> {
  const { plan, engine, offsets } = session;
  const decoder: Decoder<O> = {
    backend: plan.backend,
    engine: engine.name,
    offsets,
    decode: (ptes, out) => decodeTo(session, ptes, out),
    census(ptes) {
      const counter = counterOf(session);
      counter.add(ptes);
      return counter.census();
    },
    counter: () => counterOf(session),
    find: (ptes, predicate) => placesOfFit(session, ptes, predicate),
    encode<T extends Uint32Array | BigUint64Array | Uint8Array>(columns: Columns<O>, out?: T): T {
      const rows = checkColumns(columns, offsets, "columns");
      const words = out ?? ((plan.pteBits === 32 ? new Uint32Array(rows) : new BigUint64Array(rows)) as T);
      encodeInto(session, columns, rows, words);
      return words;
    },
    memory: (ptes) => memoryOf(session, ptes),
    blocks: (source, options) => blocksOf(decoder, source, options),
    async censusOf(source, options) {
      const counter = counterOf(session);
      for await (const { bytes } of blocksOf(decoder, source, { ...options, columns: false }))
        counter.add(bytes);
      return counter.census();
    },
  };
  return Object.freeze(decoder);
}
