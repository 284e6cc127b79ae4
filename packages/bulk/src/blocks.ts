import { PtekitError, pteBytesOf } from "@ptekit/core";
import { sliceColumns } from "./columns.ts";
import type { Block, BlockOptions, ByteSource, Decoder } from "./interface.ts";
import type { OffsetColumns } from "./kernel.ts";

/**
 * The blocks of a stream, decoded, one after the other.
 *
 * @throws PtekitError `BAD_FILE` where the stream ends inside a PTE, after the blocks before it; `BAD_ARGUMENT` for a
 * source that gives something else than bytes.
 */
export async function* blocksOf<O extends OffsetColumns>(
  decoder: Decoder<O>,
  source: ByteSource,
  options: BlockOptions & { readonly columns?: boolean } = {},
): AsyncGenerator<Block<O>, void, undefined> {
  const { ptesPerBlock = 16384, onProgress, columns: wanted = true } = options;
  const pteBytes = pteBytesOf(decoder.backend.layout);
  const memory = decoder.memory(ptesPerBlock);
  const room = ptesPerBlock * pteBytes;
  let filled = 0;
  let first = 0;
  const take = (count: number): Block<O> => {
    const bytes = memory.bytes.subarray(0, count * pteBytes);
    const columns = sliceColumns(memory.columns, 0, count);
    if (wanted) decoder.decode(bytes, columns);
    const block = { first, count, bytes, columns };
    first += count;
    return block;
  };
  for await (const piece of source) {
    if (!(piece instanceof Uint8Array)) {
      throw new PtekitError("BAD_ARGUMENT", `a stream of PTEs gives Uint8Arrays, not ${typeof piece}`);
    }
    let used = 0;
    while (used < piece.length) {
      const some = piece.subarray(used, used + room - filled);
      memory.bytes.set(some, filled);
      used += some.length;
      filled += some.length;
      if (filled < room) break;
      yield take(ptesPerBlock);
      filled = 0;
      onProgress?.(first);
    }
  }
  const rest = Math.floor(filled / pteBytes);
  if (rest > 0) {
    yield take(rest);
    onProgress?.(first);
  }
  const left = filled - rest * pteBytes;
  if (left > 0) throw endsInside(decoder, first, left);
}

/** The error for an input whose last PTE is cut off. */
export function endsInside(decoder: Decoder, ptes: number, bytes: number): PtekitError {
  const { layout } = decoder.backend;
  return new PtekitError(
    "BAD_FILE",
    `${layout.id}: the input ends inside PTE ${ptes}: ${bytes} of ${pteBytesOf(layout)} bytes (truncated, or not an array of PTEs)`,
  );
}
