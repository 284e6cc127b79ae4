import { blockCache } from "./cache.ts";
import { DumpError } from "./errors.ts";
import type { ByteSource } from "./interface.ts";

/** A source of bytes that are in memory. */
export function bufferSource(bytes: Uint8Array, name = "the buffer"): ByteSource {
  return {
    name,
    size: bytes.length,
    read: (offset, into) => {
      const part = bytes.subarray(offset, offset + into.length);
      into.set(part);
      return part.length;
    },
  };
}

/** The two members of a Blob or a File that are read. */
export interface BlobLike {
  readonly size: number;
  slice(start: number, end: number): unknown;
}

/** What reads a Blob at once: a browser has one in workers, FileReaderSync. */
export interface SyncReader {
  readAsArrayBuffer(blob: never): ArrayBuffer;
}

/**
 * A source of a Blob or a File, without reading it whole. In a browser, only a worker can read at once.
 *
 * `reader`: default: `new FileReaderSync()`.
 *
 * @throws DumpError `BAD_ARGUMENT` outside a worker, where there is no FileReaderSync.
 */
export function blobSource(
  blob: BlobLike,
  name = "the file",
  reader: SyncReader = fileReaderSync(),
): ByteSource {
  return {
    name,
    size: blob.size,
    read: (offset, into) => {
      const end = Math.min(offset + into.length, blob.size);
      if (offset >= end) return 0;
      const part = new Uint8Array(reader.readAsArrayBuffer(blob.slice(offset, end) as never));
      into.set(part);
      return part.length;
    },
  };
}

function fileReaderSync(): SyncReader {
  const known = (globalThis as { FileReaderSync?: new () => SyncReader }).FileReaderSync;
  if (known === undefined)
    throw new DumpError("BAD_ARGUMENT", "a Blob can be read at once only in a worker of a browser");
  return new known();
}

/** The same bytes, with small reads answered from blocks that were read lately. */
export function buffered(source: ByteSource, capacityBytes: number, blockBytes = 4096): ByteSource {
  const cache = blockCache(blockBytes, capacityBytes);
  const fetch = (block: number): Uint8Array => {
    const length = Math.min(blockBytes, source.size - block * blockBytes);
    if (length <= 0) return new Uint8Array(0);
    const held = cache.get(block);
    if (held !== null) return held.subarray(0, length);
    const place = cache.place(block).subarray(0, length);
    const got = source.read(block * blockBytes, place);
    if (got === length) cache.keep(block);
    return place.subarray(0, got);
  };
  return {
    name: source.name,
    size: source.size,
    read: (offset, into) => {
      if (into.length >= blockBytes) return source.read(offset, into);
      let filled = 0;
      while (filled < into.length) {
        const at = offset + filled;
        const block = Math.floor(at / blockBytes);
        const from = at - block * blockBytes;
        const part = fetch(block).subarray(from, from + into.length - filled);
        if (part.length === 0) break;
        into.set(part, filled);
        filled += part.length;
      }
      return filled;
    },
  };
}
