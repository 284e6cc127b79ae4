import type { ArchBackend } from "@ptekit/core";
import { FLAG_NAMES, hex, KINDS, PtekitError } from "@ptekit/core";
import type { Block, BlockOptions, ByteSource } from "./blocks.ts";
import { blocksOf } from "./blocks.ts";
import type { Census, Counter } from "./census.ts";
import { censusOf, noCounts } from "./census.ts";
import type { Columns } from "./columns.ts";
import {
  checkColumns,
  columnsIn,
  copyRows,
  createColumns,
  describe,
  placesIn,
  sliceColumns,
} from "./columns.ts";
import type { FindPredicate } from "./find.ts";
import { rowTest } from "./find.ts";
import type { Input, PteInput } from "./input.ts";
import { inputOf, putCopies } from "./input.ts";
import { javascriptEngine } from "./javascript.ts";
import type { Arena, Engine, OffsetColumns } from "./kernel.ts";
import type { Plan, Stored } from "./plan.ts";
import { PRESENT, planOf } from "./plan.ts";
import { simdEngine } from "./wasm/engine.ts";
import { simdApi } from "./wasm/webassembly.ts";

/** How to compile. */
export interface CompileOptions {
  /** Default `"auto"`: SIMD where WebAssembly with SIMD can be had, else JavaScript. */
  readonly engine?: "auto" | "simd" | "javascript";
  /** One column of 64-bit offsets (default), or two of their 32-bit halves. */
  readonly offsets?: OffsetColumns;
}

/** Room for PTEs and their columns that the engine works on without a copy. */
export interface PteMemory {
  /** To read a file into. */
  readonly bytes: Uint8Array;
  /** The same room as numbers: Uint32Array or BigUint64Array, by the PTE's width. */
  readonly words: Uint32Array | BigUint64Array;
  readonly columns: Columns;
}

/** A backend, compiled for millions of PTEs. */
export interface Decoder {
  readonly backend: ArchBackend;
  readonly engine: "simd" | "javascript";
  readonly offsets: OffsetColumns;
  /**
   * What the PTEs say, in columns: new ones, or the first rows of `out`.
   *
   * Without a copy where both are views of one `memory()`.
   *
   * @throws PtekitError `BAD_ARGUMENT` for arrays of the wrong kind or length, or an `out` that is too small.
   */
  decode(ptes: PteInput, out?: Columns): Columns;
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
  encode(columns: Columns): Uint32Array | BigUint64Array;
  /** The same into `out`: numbers, or bytes as they lie in memory. Returns `out`. */
  encode<T extends Uint32Array | BigUint64Array | Uint8Array>(columns: Columns, out: T): T;
  /**
   * Room for `ptes` PTEs and their columns.
   *
   * @throws PtekitError `BAD_ARGUMENT` for more than WebAssembly can hold (4 GiB with columns).
   */
  memory(ptes: number): PteMemory;
  /** The blocks of a stream of bytes, decoded; see {@link Block}. */
  blocks(source: ByteSource, options?: BlockOptions): AsyncGenerator<Block, void, undefined>;
  /** A census of a stream of bytes. Throws `BAD_FILE` where it ends inside a PTE. */
  censusOf(source: ByteSource, options?: BlockOptions): Promise<Census>;
}

/** PTEs in a block that is copied, decoded and copied out: PTEs and columns stay in cache. */
const BLOCK = 16384;

/**
 * A decoder for a backend: its layout compiled to a WebAssembly SIMD module, or the JavaScript engine.
 *
 * @throws PtekitError `BAD_LAYOUT` naming the field that cannot be compiled; `UNKNOWN_OPTION`; `BAD_ARGUMENT` for engine
 * `"simd"` where it cannot be had.
 */
export async function compile(backend: ArchBackend, options: CompileOptions = {}): Promise<Decoder> {
  const { engine = "auto", offsets = "u64" } = checkOptions(options);
  const plan = planOf(backend);
  const api = engine === "javascript" ? undefined : simdApi();
  if (engine === "simd" && !api)
    throw new PtekitError("BAD_ARGUMENT", `engine "simd" needs WebAssembly SIMD, which cannot be had here`);
  return decoderOf(plan, api ? simdEngine(api, plan, offsets) : javascriptEngine(plan, offsets), offsets);
}

function checkOptions(options: CompileOptions): CompileOptions {
  for (const [key, value] of Object.entries(options)) {
    const known = { engine: ["auto", "simd", "javascript"], offsets: ["u64", "u32"] }[key];
    if (!known) throw new PtekitError("UNKNOWN_OPTION", `compile has engine and offsets, not ${key}`);
    if (value !== undefined && !known.includes(value)) {
      throw new PtekitError("UNKNOWN_OPTION", `${key} is ${known.join(" or ")}, not ${String(value)}`);
    }
  }
  return options;
}

function decoderOf(plan: Plan, engine: Engine, offsets: OffsetColumns): Decoder {
  const { backend, pteBytes } = plan;
  const arenas = new WeakMap<ArrayBufferLike, Arena>();
  let scratchArena: Arena | undefined;
  const scratch = (): Arena => {
    scratchArena ??= engine.arena(BLOCK);
    return scratchArena;
  };

  /** Copies an input into the scratch arena, block by block. */
  const eachBlock = (
    { bytes, count }: Input,
    work: (arena: Arena, first: number, rows: number) => void,
  ): void => {
    const arena = scratch();
    const room = new Uint8Array(arena.buffer);
    for (let first = 0; first < count; first += BLOCK) {
      const rows = Math.min(BLOCK, count - first);
      room.set(bytes.subarray(first * pteBytes, (first + rows) * pteBytes), arena.input);
      work(arena, first, rows);
    }
  };

  const decode = (ptes: PteInput, out?: Columns): Columns => {
    const input = inputOf(plan, ptes);
    const { count, stored, bytes } = input;
    if (out !== undefined) checkRoom(checkColumns(out, offsets, "out"), count);
    const columns = out ?? createColumns(count, offsets);
    const arena = arenas.get(bytes.buffer);
    const places = arena && placesIn(arena.buffer, columns);
    if (arena && places) {
      arena.decode(bytes.byteOffset, count, stored, places);
      return columns;
    }
    eachBlock(input, (block, first, rows) => {
      block.decode(block.input, rows, stored, block.places);
      copyRows(columnsIn(block.buffer, block.places, rows, offsets), columns, first, rows);
    });
    return columns;
  };

  const counter = (): Counter => {
    const sum = noCounts(plan);
    return {
      add(ptes) {
        const input = inputOf(plan, ptes);
        const arena = arenas.get(input.bytes.buffer);
        if (arena) arena.census(input.bytes.byteOffset, input.count, input.stored, sum);
        else eachBlock(input, (block, _, rows) => block.census(block.input, rows, input.stored, sum));
      },
      census: () => censusOf(plan, sum),
    };
  };

  const census = (ptes: PteInput): Census => {
    const one = counter();
    one.add(ptes);
    return one.census();
  };

  const find = (ptes: PteInput, predicate: FindPredicate): Uint32Array => {
    const test = rowTest(plan, predicate);
    const input = inputOf(plan, ptes);
    const found: number[] = [];
    eachBlock(input, (block, first, rows) => {
      block.decode(block.input, rows, input.stored, block.places);
      const columns = columnsIn(block.buffer, block.places, rows, offsets);
      for (let row = 0; row < rows; row++) if (test(columns, row)) found.push(first + row);
    });
    return Uint32Array.from(found);
  };

  const encodeInto = (columns: Columns, out: Uint32Array | BigUint64Array | Uint8Array): void => {
    const rows = checkColumns(columns, offsets, "columns");
    const { bytes, count, stored } = inputOf(plan, out);
    checkRoom(count, rows);
    if (out instanceof Uint8Array && plan.storedBytes !== pteBytes) {
      const once = bytes.subarray(0, rows * pteBytes);
      encodeRows(columns, rows, once, stored);
      putCopies(plan, once, out);
    } else {
      encodeRows(columns, rows, bytes, stored);
    }
  };

  const encodeRows = (columns: Columns, rows: number, bytes: Uint8Array, stored: Stored): void => {
    const arena = arenas.get(bytes.buffer);
    const places = arena && placesIn(arena.buffer, columns);
    if (arena && places) {
      if (!arena.encode(bytes.byteOffset, rows, stored, places)) throw unfitRow(plan, columns, rows);
      return;
    }
    const block = scratch();
    const room = new Uint8Array(block.buffer);
    for (let first = 0; first < rows; first += BLOCK) {
      const some = Math.min(BLOCK, rows - first);
      copyRows(
        sliceColumns(columns, first, some),
        columnsIn(block.buffer, block.places, some, offsets),
        0,
        some,
      );
      if (!block.encode(block.input, some, stored, block.places)) throw unfitRow(plan, columns, rows);
      bytes.set(room.subarray(block.input, block.input + some * pteBytes), first * pteBytes);
    }
  };

  const decoder: Decoder = {
    backend,
    engine: engine.name,
    offsets,
    decode,
    census,
    counter,
    find,
    encode<T extends Uint32Array | BigUint64Array | Uint8Array>(columns: Columns, out?: T): T {
      const rows = checkColumns(columns, offsets, "columns");
      const words = out ?? ((plan.pteBits === 32 ? new Uint32Array(rows) : new BigUint64Array(rows)) as T);
      encodeInto(columns, words);
      return words;
    },
    memory(ptes) {
      if (!Number.isSafeInteger(ptes) || ptes < 1) {
        throw new PtekitError(
          "BAD_ARGUMENT",
          `memory takes a number of PTEs from 1 on, not ${describe(ptes)}`,
        );
      }
      const arena = engine.arena(ptes);
      arenas.set(arena.buffer, arena);
      const { buffer, input, places } = arena;
      return {
        // Copies of a word do not fit the engines' memory, which holds it once.
        bytes:
          plan.storedBytes === pteBytes
            ? new Uint8Array(buffer, input, ptes * pteBytes)
            : new Uint8Array(ptes * plan.storedBytes),
        words:
          plan.pteBits === 32
            ? new Uint32Array(buffer, input, ptes)
            : new BigUint64Array(buffer, input, ptes),
        columns: columnsIn(buffer, places, ptes, offsets),
      };
    },
    blocks: (source, blockOptions) => blocksOf(decoder, source, blockOptions),
    async censusOf(source, blockOptions) {
      const sum = counter();
      for await (const { bytes } of blocksOf(decoder, source, { ...blockOptions, columns: false }))
        sum.add(bytes);
      return sum.census();
    },
  };
  return Object.freeze(decoder);
}

function checkRoom(rows: number, wanted: number): void {
  if (rows < wanted)
    throw new PtekitError("BAD_ARGUMENT", `out has room for ${rows} rows, ${wanted} are needed`);
}

/** What the scalar codec says against the first row that does not fit. */
function unfitRow(plan: Plan, columns: Columns, rows: number): PtekitError {
  const { backend } = plan;
  for (let row = 0; row < rows; row++) {
    const kind = columns.kind[row] ?? 0;
    if (kind === PRESENT || kind >= KINDS.length) {
      const what = KINDS[kind] ?? `kind ${kind}`;
      return new PtekitError(
        "BAD_ARGUMENT",
        `${backend.layout.id}: row ${row}: ${what} cannot be encoded as a swap entry`,
        { row },
      );
    }
    const offset =
      columns.offset?.[row] ??
      (BigInt(columns.offsetHigh?.[row] ?? 0) << 32n) | BigInt(columns.offsetLow?.[row] ?? 0);
    const bits = columns.flags[row] ?? 0;
    if (bits >> FLAG_NAMES.length !== 0) {
      return new PtekitError(
        "NO_SUCH_FLAG",
        `${backend.layout.id}: row ${row}: flags 0x${bits.toString(16)}`,
        { row, limit: (1 << FLAG_NAMES.length) - 1 },
      );
    }
    const flags = Object.fromEntries(FLAG_NAMES.map((flag, i) => [flag, ((bits >> i) & 1) === 1]));
    try {
      backend.encode({ type: columns.type[row] ?? 0, offset, ...flags });
    } catch (error) {
      if (error instanceof PtekitError) {
        const { code, message, limit } = error;
        return new PtekitError(code, `row ${row}: ${message}`, {
          row,
          ...(limit === undefined ? {} : { limit }),
        });
      }
      throw error;
    }
  }
  return new PtekitError(
    "BAD_ARGUMENT",
    `${backend.layout.id}: a row does not fit ${hex(plan.empty, plan.pteBits)}`,
  );
}
