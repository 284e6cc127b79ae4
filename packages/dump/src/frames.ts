// Snappy's framing format, as AVML writes it: chunks of at most 64 KiB, so that none is decompressed but the one asked for.
// See framing_format.txt of google/snappy.
import { fieldsOf } from "./bytes.ts";
import { blockCache } from "./cache.ts";
import { maskedCrc32c } from "./codec/crc32c.ts";
import { snappyLength, unsnappy } from "./codec/snappy.ts";
import type { ByteSource, ReadOutcome } from "./interface.ts";

const CHUNK_BYTES = 65536;
/** Type, length, and where there is data its checksum and the length of what was compressed. */
const HEAD_BYTES = 13;
const COMPRESSED = 0;
const PLAIN = 1;
/** From here on a chunk may be skipped: padding, stream identifiers. */
const SKIPPABLE = 0x80;
/** Chunk tables that are kept: of 64 blocks, each of at most 16 MiB in AVML's files. */
const TABLES_KEPT = 64;

/** A range of memory in frames. */
export interface FramedBlock {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
  /** Where the frames end. */
  readonly after: number;
  /** Whether all of the range is there. */
  readonly whole: boolean;
}

interface Chunk {
  readonly offset: number;
  readonly length: number;
  readonly type: number;
  /** Which bytes of the range it holds, from its start on. */
  readonly from: number;
  readonly to: number;
}

/** The extent of a range's frames; only headers are read. */
export function framesOf(file: ByteSource, start: number, end: number, offset: number): FramedBlock {
  let reached = 0;
  let after = offset;
  for (const chunk of chunksOf(file, offset, end - start)) {
    reached = chunk.to;
    after = chunk.offset + chunk.length;
  }
  const whole = reached === end - start && after <= file.size;
  // Past a chunk that makes no sense, nothing can be found.
  return { start, end, offset, after: whole ? after : file.size, whole };
}

/** The chunks with data, until so many bytes are covered, or one makes no sense. */
function* chunksOf(file: ByteSource, offset: number, bytes: number): Generator<Chunk, void, undefined> {
  const head = new Uint8Array(HEAD_BYTES);
  const fields = fieldsOf(head, true);
  let from = 0;
  for (let at = offset; from < bytes; ) {
    head.fill(0);
    if (file.read(at, head) < 4) return;
    const type = fields.u32(0) & 0xff;
    const length = fields.u32(0) >>> 8;
    if (type < SKIPPABLE) {
      const plain = type === PLAIN ? length - 4 : type === COMPRESSED ? snappyLength(head.subarray(8)) : -1;
      if (plain <= 0 || plain > CHUNK_BYTES || from + plain > bytes || length < 4) return;
      yield { offset: at + 4, length, type, from, to: from + plain };
      from += plain;
    } else if (length === 0) {
      // Nothing that writes frames writes empty chunks; a file full of them would take hours.
      return;
    }
    at += 4 + length;
  }
}

/** Reads from framed ranges, with the chunks that were decompressed lately at hand. */
export function chunkReader(
  file: ByteSource,
  cacheBytes: number,
): (block: FramedBlock, id: number, address: number, into: Uint8Array) => ReadOutcome {
  const tables = new Map<number, readonly Chunk[]>();
  const cache = blockCache(CHUNK_BYTES, cacheBytes);
  const input = new Uint8Array(CHUNK_BYTES * 2);
  const tableOf = (block: FramedBlock, id: number): readonly Chunk[] => {
    const known = tables.get(id);
    if (known !== undefined) return known;
    const table = [...chunksOf(file, block.offset, block.end - block.start)];
    if (tables.size >= TABLES_KEPT) tables.delete(tables.keys().next().value as number);
    tables.set(id, table);
    return table;
  };
  const bytesOf = (chunk: Chunk): Uint8Array | ReadOutcome => {
    const size = chunk.to - chunk.from;
    const held = cache.get(chunk.offset);
    if (held !== null) return held.subarray(0, size);
    if (chunk.length > input.length) return "damaged";
    const data = input.subarray(0, chunk.length);
    if (file.read(chunk.offset, data) < data.length) return "lost";
    const place = cache.place(chunk.offset).subarray(0, size);
    try {
      if (chunk.type === PLAIN) place.set(data.subarray(4));
      else if (unsnappy(data.subarray(4), place) !== size) return "damaged";
    } catch {
      return "damaged";
    }
    if (maskedCrc32c(place) !== fieldsOf(data, true).u32(0)) return "damaged";
    cache.keep(chunk.offset);
    return place;
  };
  return (block, id, address, into) => {
    const table = tableOf(block, id);
    for (let done = 0; done < into.length; ) {
      const at = address + done - block.start;
      const chunk = chunkAt(table, at);
      if (chunk === undefined) return block.whole ? "damaged" : "lost";
      const bytes = bytesOf(chunk);
      if (typeof bytes === "string") return bytes;
      const part = bytes.subarray(at - chunk.from, at - chunk.from + into.length - done);
      into.set(part, done);
      done += part.length;
    }
    return "read";
  };
}

function chunkAt(table: readonly Chunk[], at: number): Chunk | undefined {
  let low = 0;
  let high = table.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((table[middle] as Chunk).to <= at) low = middle + 1;
    else high = middle;
  }
  return table[low];
}
