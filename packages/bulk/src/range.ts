import type { ArchBackend, BackendParts } from "@ptekit/core";
import { pteBytesOf } from "@ptekit/core";
import type { Census } from "./census.ts";
import type { OpenFile } from "./files.ts";
import { changed, READ_BYTES, readAt } from "./files.ts";
import type { Decoder } from "./interface.ts";

/** The part of a file from one byte up to another. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What a worker is given. */
export interface RangeTask {
  readonly parts: BackendParts;
  readonly engine: "auto" | "simd" | "javascript";
  readonly file: OpenFile;
  readonly range: Range;
}

/** What a worker says: bytes done since it last spoke, then its census or why there is none. */
export type RangeMessage =
  | { readonly bytes: number }
  | { readonly census: Census }
  | { readonly code: string; readonly sentence: string };

/** How often a range tells how far it is. */
export const REPORT_BYTES: number = 32 * READ_BYTES;

/** The data of a backend; it can be sent to a worker. */
export const partsOf = ({ arch, layout, present, types, kernel }: ArchBackend): BackendParts => ({
  arch,
  layout,
  present,
  types,
  kernel,
  assumptions: [],
});

/**
 * A census of part of a file, read into the decoder's memory block by block.
 *
 * @throws PtekitError `BAD_FILE` where the file ends before the range does.
 */
export function* censusRange(
  decoder: Decoder,
  file: OpenFile,
  range: Range,
): Generator<number, Census, undefined> {
  const pteBytes = pteBytesOf(decoder.backend.layout);
  const { bytes } = decoder.memory(READ_BYTES / pteBytes);
  const sum = decoder.counter();
  let told = range.from;
  for (let at = range.from; at < range.to; at += READ_BYTES) {
    const block = bytes.subarray(0, Math.min(READ_BYTES, range.to - at));
    const got = readAt(file, block, at);
    if (got < block.length) throw changed(file, at + got);
    sum.add(block);
    if (at + READ_BYTES - told >= REPORT_BYTES) {
      yield at + READ_BYTES - told;
      told = at + READ_BYTES;
    }
  }
  yield Math.max(0, range.to - told);
  return sum.census();
}
