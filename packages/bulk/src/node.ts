import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { ArchBackend, PtekitErrorCode } from "@ptekit/core";
import { PtekitError, pteBytesOf } from "@ptekit/core";
import { endsInside } from "./blocks.ts";
import type { Census } from "./census.ts";
import { addCensus } from "./census.ts";
import { sliceColumns } from "./columns.ts";
import { compile } from "./decoder.ts";
import { describe } from "./describe.ts";
import type { OpenFile } from "./files.ts";
import { checkUnchanged, closeFile, openFile, READ_BYTES, readAt, readNext } from "./files.ts";
import type { FindPredicate } from "./find.ts";
import type { Block, BlockOptions, Decoder } from "./interface.ts";
import type { OffsetColumns } from "./kernel.ts";
import type { Range, RangeMessage, RangeTask } from "./range.ts";
import { censusRange, partsOf } from "./range.ts";

/** How to count a file. */
export interface DecodeFileOptions {
  readonly backend: ArchBackend;
  /** Threads. Default: one for every 256 MiB, at most one for every core. A pipe is read by one. */
  readonly workers?: number;
  readonly engine?: "auto" | "simd" | "javascript";
  /** Called with the first bytes, before any is counted: what it throws is what the promise is rejected with. */
  readonly onHead?: (bytes: Uint8Array) => void;
  /** Called now and then with the bytes done, and of how many (null for a pipe). */
  readonly onProgress?: (done: number, total: number | null) => void;
  /** Stops the work; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

const PER_WORKER = 2 ** 28;

/**
 * A census of a file of raw PTEs as they lie in memory, spread over worker threads; the same for every number of them.
 *
 * `file` is a path, or a descriptor that stays open (0 is standard input) and is read by one thread from where it stands.
 * Memory use does not depend on its size.
 *
 * @throws PtekitError `BAD_FILE` for a file that cannot be read, is no whole number of PTEs, or changes its length while
 * it is read; there are no counts then. `BAD_ARGUMENT`, `BAD_LAYOUT`.
 */
export async function decodeFile(file: string | number, options: DecodeFileOptions): Promise<Census> {
  checkOptions(options);
  const { backend, workers, engine = "auto", signal } = options;
  if (workers !== undefined && (!Number.isInteger(workers) || workers < 1 || workers > 1024)) {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `workers is a whole number from 1 to 1024, not ${describe(workers)}`,
    );
  }
  signal?.throwIfAborted();
  const decoder = await compile(backend, { engine });
  const opened = openFile(file);
  try {
    if (opened.size === null) return await censusPipe(decoder, opened, options);
    if (options.onHead) {
      const head = new Uint8Array(HEAD_BYTES);
      options.onHead(head.subarray(0, readAt(opened, head, 0)));
    }
    const pteBytes = pteBytesOf(backend.layout);
    const left = opened.size % pteBytes;
    if (left !== 0) throw endsInside(decoder, (opened.size - left) / pteBytes, left);
    const wanted = workers ?? Math.min(availableParallelism(), Math.ceil(opened.size / PER_WORKER));
    const ranges = split(opened.size, wanted);
    const census =
      ranges.length > 1
        ? await censusByWorkers(opened, ranges, options)
        : await censusHere(decoder, opened, { from: 0, to: opened.size }, options);
    checkUnchanged(opened);
    return census;
  } finally {
    closeFile(opened);
  }
}

const OPTIONS = ["backend", "workers", "engine", "onHead", "onProgress", "signal"];
const HEAD_BYTES = 65_536;

/** A misspelt option is refused, not passed over: `worker` for `workers`. */
function checkOptions(options: DecodeFileOptions): void {
  if (typeof options !== "object" || options === null) {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `decodeFile takes options with a backend, not ${describe(options)}`,
    );
  }
  const other = Object.keys(options).find((key) => !OPTIONS.includes(key));
  if (other !== undefined)
    throw new PtekitError("UNKNOWN_OPTION", `decodeFile has ${OPTIONS.join(", ")}, not ${other}`);
}

/** At most so many ranges of whole blocks. */
function split(size: number, wanted: number): Range[] {
  const blocks = Math.ceil(size / READ_BYTES);
  const each = Math.max(1, Math.ceil(blocks / Math.max(wanted, 1))) * READ_BYTES;
  return Array.from({ length: Math.ceil(size / each) }, (_, i) => ({
    from: i * each,
    to: Math.min((i + 1) * each, size),
  }));
}

async function censusHere(
  decoder: Decoder,
  file: OpenFile,
  range: Range,
  options: DecodeFileOptions,
): Promise<Census> {
  const steps = censusRange(decoder, file, range);
  let done = 0;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    done += step.value;
    options.onProgress?.(done, range.to);
    // Timers and signals get their turn.
    await new Promise((resolve) => setImmediate(resolve));
    options.signal?.throwIfAborted();
  }
}

async function censusPipe(decoder: Decoder, file: OpenFile, options: DecodeFileOptions): Promise<Census> {
  const sum = decoder.counter();
  let done = 0;
  for await (const { bytes } of blocksOfFile(decoder, file, { columns: false })) {
    if (done === 0) options.onHead?.(bytes.subarray(0, HEAD_BYTES));
    sum.add(bytes);
    done += bytes.length;
    options.onProgress?.(done, file.ours && file.stated ? file.stated : null);
    options.signal?.throwIfAborted();
  }
  return sum.census();
}

async function censusByWorkers(
  file: OpenFile,
  ranges: readonly Range[],
  options: DecodeFileOptions,
): Promise<Census> {
  const { backend, engine = "auto", onProgress, signal } = options;
  let done = 0;
  const progress = (bytes: number): void => {
    done += bytes;
    onProgress?.(done, file.size);
  };
  const workers = ranges.map((range) => {
    const task: RangeTask = { parts: partsOf(backend), engine, file, range };
    return new Worker(new URL("./worker.js", import.meta.url), { workerData: task });
  });
  const over = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true, signal: over.signal });
  });
  try {
    const censuses = await Promise.race([
      Promise.all(workers.map((worker) => resultOf(worker, progress))),
      stopped,
    ]);
    return censuses.reduce(addCensus);
  } finally {
    over.abort();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function resultOf(worker: Worker, progress: (bytes: number) => void): Promise<Census> {
  return new Promise((resolve, reject) => {
    // What a caller's function throws is the caller's to catch: it rejects the promise, as with one worker.
    const told = (bytes: number): void => {
      try {
        progress(bytes);
      } catch (error) {
        reject(error);
      }
    };
    worker.on("message", (message: RangeMessage) => {
      if ("bytes" in message) told(message.bytes);
      else if ("census" in message) resolve(message.census);
      else reject(new PtekitError(message.code as PtekitErrorCode, message.sentence));
    });
    worker.on("error", reject);
    worker.on("exit", (code) => reject(new Error(`a worker ended with ${code} before its census`)));
  });
}

/**
 * The blocks of a file of raw PTEs, read straight into the decoder's memory and decoded; a number is a descriptor.
 *
 * @throws PtekitError `BAD_FILE` where it cannot be read, ends inside a PTE, or changes its length while it is read, after
 * the blocks before that; `BAD_ARGUMENT`.
 */
export async function* fileBlocks<O extends OffsetColumns>(
  decoder: Decoder<O>,
  file: string | number,
  options: BlockOptions = {},
): AsyncGenerator<Block<O>, void, undefined> {
  yield* eachOf(decoder, file, { ...options, columns: true });
}

/**
 * The places of the PTEs in a file that a predicate fits, lowest first. Throws as {@link fileBlocks} does.
 */
export async function* findInFile(
  decoder: Decoder,
  file: string | number,
  predicate: FindPredicate,
  options: BlockOptions = {},
): AsyncGenerator<number, void, undefined> {
  // A bad predicate is refused also where the file is empty.
  decoder.find(new Uint8Array(0), predicate);
  for await (const { bytes, first } of eachOf(decoder, file, { ...options, columns: false })) {
    for (const place of decoder.find(bytes, predicate)) yield first + place;
  }
}

type FileBlockOptions = BlockOptions & { readonly columns: boolean };

async function* eachOf<O extends OffsetColumns>(
  decoder: Decoder<O>,
  file: string | number,
  options: FileBlockOptions,
): AsyncGenerator<Block<O>, void, undefined> {
  const opened = openFile(file);
  try {
    yield* blocksOfFile(decoder, opened, options);
  } finally {
    closeFile(opened);
  }
}

async function* blocksOfFile<O extends OffsetColumns>(
  decoder: Decoder<O>,
  file: OpenFile,
  options: FileBlockOptions,
): AsyncGenerator<Block<O>, void, undefined> {
  const pteBytes = pteBytesOf(decoder.backend.layout);
  const memory = decoder.memory(options.ptesPerBlock ?? READ_BYTES / pteBytes);
  for (let first = 0; ; ) {
    const got = await readNext(file, memory.bytes);
    const count = Math.floor(got / pteBytes);
    const bytes = memory.bytes.subarray(0, count * pteBytes);
    const columns = sliceColumns(memory.columns, 0, count);
    if (options.columns) decoder.decode(bytes, columns);
    if (count > 0) yield { first, count, bytes, columns };
    first += count;
    if (count > 0) options.onProgress?.(first);
    if (got < memory.bytes.length) {
      // What changed is said before what a change left behind.
      checkUnchanged(file);
      if (got % pteBytes !== 0) throw endsInside(decoder, first, got % pteBytes);
      return;
    }
  }
}
