// Snappy's raw format: the length of what comes out, then literals and copies. See format_description.txt of google/snappy.
import { CorruptBlock, copyBack, run } from "./copy.ts";

/** How many bytes a snappy block says it holds; -1 where it does not say. */
export function snappyLength(input: Uint8Array): number {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = input[i];
    if (byte === undefined) return -1;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return length;
  }
  return -1;
}

/**
 * Decompresses a snappy block into `into`; returns how many bytes were written.
 * Throws for anything that is no whole block, or holds more than `into`.
 */
export function unsnappy(input: Uint8Array, into: Uint8Array): number {
  const length = snappyLength(input);
  if (length < 0 || length > into.length) throw new CorruptBlock();
  let at = input.findIndex((byte) => byte < 0x80) + 1;
  let out = 0;
  const byte = (): number => {
    const value = input[at++];
    if (value === undefined) throw new CorruptBlock();
    return value;
  };
  while (at < input.length) {
    const tag = byte();
    if ((tag & 3) === 0) {
      let size = (tag >> 2) + 1;
      if (size > 60) {
        const more = size - 60;
        size = 1;
        for (let i = 0; i < more; i++) size += byte() * 2 ** (8 * i);
      }
      run(input, at, into.subarray(0, length), out, size);
      at += size;
      out += size;
      continue;
    }
    const size = (tag & 3) === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const distance =
      (tag & 3) === 1
        ? (tag >> 5) * 256 + byte()
        : (tag & 3) === 2
          ? byte() + byte() * 256
          : byte() + byte() * 256 + byte() * 65536 + byte() * 2 ** 24;
    if (out + size > length) throw new CorruptBlock();
    copyBack(into, out, distance, size);
    out += size;
  }
  if (out !== length) throw new CorruptBlock();
  return out;
}
