// LZO1X: literals, and copies of what came out before. The stream is described in Documentation/staging/lzo.rst of Linux.
import { CorruptBlock, copyBack, run } from "./copy.ts";

/** After four literals or more, an instruction that would be a literal run is a copy from farther away. */
const MANY_LITERALS = 4;
const END_DISTANCE = 16384;

/**
 * Decompresses an LZO1X block into `into`; returns how many bytes were written.
 * Throws for anything that is no whole block, or holds more than `into`.
 */
export function unlzo(input: Uint8Array, into: Uint8Array): number {
  let at = 0;
  let out = 0;
  /** How many literals the last instruction took: 0, 1 to 3, or many. */
  let state = 0;

  const byte = (): number => {
    const value = input[at++];
    if (value === undefined) throw new CorruptBlock();
    return value;
  };
  /** A length that is zero in its own bits goes on in the bytes that follow, 255 for each zero byte. */
  const long = (bits: number, most: number): number => {
    if (bits !== 0) return bits;
    let length = most;
    for (let next = byte(); ; next = byte()) {
      if (next !== 0) return length + next;
      length += 255;
    }
  };
  const literals = (size: number): void => {
    run(input, at, into, out, size);
    at += size;
    out += size;
  };
  const copy = (distance: number, size: number, after: number): void => {
    copyBack(into, out, distance, size);
    out += size;
    literals(after);
    state = after;
  };

  const first = input[0] ?? 0;
  if (first > 17) {
    at = 1;
    literals(first - 17);
    state = Math.min(first - 17, MANY_LITERALS);
  }
  for (;;) {
    const code = byte();
    if (code >= 64) {
      const size = code >= 128 ? 5 + ((code >> 5) & 3) : 3 + ((code >> 5) & 1);
      copy(byte() * 8 + ((code >> 2) & 7) + 1, size, code & 3);
    } else if (code >= 32) {
      const size = 2 + long(code & 31, 31);
      const low = byte();
      copy(byte() * 64 + (low >> 2) + 1, size, low & 3);
    } else if (code >= 16) {
      const size = 2 + long(code & 7, 7);
      const low = byte();
      const distance = END_DISTANCE + ((code & 8) << 11) + byte() * 64 + (low >> 2);
      if (distance === END_DISTANCE) {
        // What follows the end is no part of the block.
        if (at !== input.length) throw new CorruptBlock();
        return out;
      }
      copy(distance, size, low & 3);
    } else if (state === 0) {
      literals(3 + long(code, 15));
      state = MANY_LITERALS;
    } else {
      const far = state === MANY_LITERALS;
      copy(byte() * 4 + (code >> 2) + (far ? 2049 : 1), far ? 3 : 2, code & 3);
    }
  }
}
