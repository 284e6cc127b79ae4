// The pages of a kdump-compressed file, each decompressed when it is asked for.
import { fieldsOf } from "../bytes.ts";
import { blockCache } from "../cache.ts";
import { unlzo } from "../codec/lzo.ts";
import { unsnappy } from "../codec/snappy.ts";
import { DumpError } from "../errors.ts";
import { addressOf, rangesOf } from "../extents.ts";
import type {
  ByteSource,
  Compression,
  Decompress,
  Decompressors,
  PhysicalMemory,
  ReadOutcome,
} from "../interface.ts";
import { type Bitmap, bitmapIn, runsOf } from "./bitmap.ts";
import { compressionOf, type KdumpHeader } from "./header.ts";

const DESCRIPTOR_BYTES = 24;

/** A file of a set, or the only one. */
export interface KdumpFile {
  readonly header: KdumpHeader;
  /** Answers small reads from memory. */
  readonly file: ByteSource;
}

/** Where a page lies in which file. */
interface PagePlace {
  readonly file: ByteSource;
  readonly offset: number;
  readonly size: number;
  readonly flags: number;
}

interface Part {
  readonly start: number;
  readonly end: number;
  place(frame: number): PagePlace | null;
}

export function kdumpMemory(
  files: readonly [KdumpFile, ...KdumpFile[]],
  decompressors: Decompressors,
  cacheBytes: number,
): PhysicalMemory {
  const { header, file } = files[0];
  const { blockBytes, bitmapAt, bitmapBytes, frames, twoBitmaps } = header;
  const inFile = bitmapIn(file, twoBitmaps ? bitmapAt + bitmapBytes : bitmapAt, frames);
  const ofMachine = twoBitmaps ? bitmapIn(file, bitmapAt, frames) : inFile;
  const parts = files.map((part) => partOf(part, inFile)).sort((a, b) => a.start - b.start);
  const cache = blockCache(blockBytes, cacheBytes);
  const compressed = new Uint8Array(blockBytes);
  const decompress = decompressorsFor(file.name, decompressors);

  /** The bytes of a page, or why there are none. */
  const page = (frame: number): Uint8Array | Exclude<ReadOutcome, "read"> => {
    const held = cache.get(frame);
    if (held !== null) return held;
    if (frame >= frames) return "outside";
    if (!inFile.has(frame)) return ofMachine.has(frame) ? "excluded" : "outside";
    const place = parts.find(({ start, end }) => frame >= start && frame < end)?.place(frame);
    if (place == null || place.offset === 0) return "lost";
    if (place.size === 0 || place.size > blockBytes) return "damaged";
    const input = compressed.subarray(0, place.size);
    if (place.file.read(place.offset, input) < input.length) return "lost";
    const bytes = cache.place(frame);
    if (!expand(input, bytes, place.flags, decompress)) return "damaged";
    cache.keep(frame);
    return bytes;
  };

  return {
    ranges: rangesOf(scaled(runsOf(file, bitmapAt, frames), blockBytes), file.name),
    read: (address, into) => {
      const start = addressOf(address);
      if (start === null) return "outside";
      for (let done = 0; done < into.length; ) {
        const frame = Math.floor((start + done) / blockBytes);
        const bytes = page(frame);
        if (typeof bytes === "string") return bytes;
        const from = start + done - frame * blockBytes;
        const part = bytes.subarray(from, from + into.length - done);
        into.set(part, done);
        done += part.length;
      }
      return "read";
    },
  };
}

function* scaled(
  runs: Iterable<{ start: number; end: number }>,
  blockBytes: number,
): Generator<{ start: number; end: number }> {
  for (const { start, end } of runs) yield { start: start * blockBytes, end: end * blockBytes };
}

/** The descriptors of a file stand in the order of the bits set in its part of the second bitmap. */
function partOf({ header, file }: KdumpFile, inFile: Bitmap): Part {
  const { start, end } = header.split ?? { start: 0, end: header.frames };
  const before = start > 0 && start < header.frames ? inFile.rank(start) : 0;
  const bytes = new Uint8Array(DESCRIPTOR_BYTES);
  const fields = fieldsOf(bytes, header.little);
  return {
    start,
    end,
    place: (frame) => {
      const at = header.descriptorsAt + (inFile.rank(frame) - before) * DESCRIPTOR_BYTES;
      if (file.read(at, bytes) < DESCRIPTOR_BYTES) return null;
      return { file, offset: fields.u64(0), size: fields.u32(8), flags: fields.u32(12) };
    },
  };
}

/** Whether a page could be made of what the file holds of it. */
function expand(
  input: Uint8Array,
  into: Uint8Array,
  flags: number,
  decompress: (form: Compression) => Decompress,
): boolean {
  const form = compressionOf(flags);
  if (form === null) {
    if (input.length !== into.length) return false;
    into.set(input);
    return true;
  }
  const work = decompress(form);
  try {
    return work(input, into) === into.length;
  } catch {
    return false;
  }
}

function decompressorsFor(name: string, given: Decompressors): (form: Compression) => Decompress {
  const known: { readonly [form in Compression]: Decompress | undefined } = {
    zlib: given.zlib,
    zstd: given.zstd,
    lzo: unlzo,
    snappy: unsnappy,
  };
  return (form) => {
    const found = known[form];
    if (found === undefined)
      throw new DumpError(
        "NO_DECOMPRESSOR",
        `${name} has pages compressed with ${form}; no decompressor was given for that`,
      );
    return found;
  };
}
