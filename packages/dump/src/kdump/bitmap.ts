// A bitmap of page frames in the file: is a bit set, and how many are set before it. Never held whole.
import type { Piece } from "../extents.ts";
import type { ByteSource } from "../interface.ts";

/** Counts are kept for so many pieces of the bitmap at most. */
const MOST_COUNTS = 2 ** 18;
const READ_BYTES = 2 ** 18;

/** A bitmap of page frames, one bit each, the least significant bit first. */
export interface Bitmap {
  has(frame: number): boolean;
  /** How many bits below `frame` are set. */
  rank(frame: number): number;
}

/** The smallest piece of which the set bits before it are kept. */
const LEAST_PIECE = 64;

/** `file` should answer small reads from memory. */
export function bitmapIn(file: ByteSource, offset: number, frames: number): Bitmap {
  const bytes = Math.ceil(frames / 8);
  let piece = LEAST_PIECE;
  while (bytes / piece > MOST_COUNTS) piece *= 2;
  const counts = countsOf(file, offset, bytes, piece);
  const buffer = new Uint8Array(piece);
  const words = new Uint32Array(buffer.buffer);
  let held = -1;
  /** Has the piece around a byte in the buffer, and says where in it the byte is. */
  const placeOf = (byte: number): number => {
    const wanted = Math.floor(byte / piece);
    if (wanted !== held) file.read(offset + wanted * piece, buffer.fill(0));
    held = wanted;
    return byte - wanted * piece;
  };
  return {
    has: (frame) => (((buffer[placeOf(Math.floor(frame / 8))] as number) >> (frame % 8)) & 1) === 1,
    rank: (frame) => {
      const at = placeOf(Math.floor(frame / 8));
      const whole = at >>> 2;
      let sum = counts[held] as number;
      for (let i = 0; i < whole; i++) sum += onesOf(words[i] as number);
      for (let i = 4 * whole; i < at; i++) sum += onesOf(buffer[i] as number);
      return sum + onesOf((buffer[at] as number) & ((1 << (frame % 8)) - 1));
    },
  };
}

/** The runs of set bits, as page frames. */
export function* runsOf(file: ByteSource, offset: number, frames: number): Generator<Piece, void, undefined> {
  const bytes = Math.ceil(frames / 8);
  const buffer = new Uint8Array(READ_BYTES);
  const words = new Uint32Array(buffer.buffer);
  let start = -1;
  for (let first = 0; first < bytes; first += READ_BYTES) {
    const part = buffer.subarray(0, Math.min(READ_BYTES, bytes - first)).fill(0);
    file.read(offset + first, part);
    for (let i = 0; i < part.length; i++) {
      // Long runs of the same bits, full or empty, are all that large memories have.
      const going = start < 0 ? 0 : 0xff;
      if (i % 4 === 0 && words[i >>> 2] === (start < 0 ? 0 : 0xffff_ffff)) {
        i += 3;
        continue;
      }
      const value = part[i] as number;
      if (value === going) continue;
      for (let bit = 0; bit < 8; bit++) {
        const frame = (first + i) * 8 + bit;
        const set = ((value >> bit) & 1) === 1 && frame < frames;
        if (set && start < 0) start = frame;
        else if (!set && start >= 0) {
          yield { start, end: frame };
          start = -1;
        }
      }
    }
  }
  if (start >= 0) yield { start, end: frames };
}

/** How many bits are set before each piece. */
function countsOf(file: ByteSource, offset: number, bytes: number, piece: number): Float64Array {
  const counts = new Float64Array(Math.ceil(bytes / piece) + 1);
  const each = Math.max(READ_BYTES, piece);
  const buffer = new Uint8Array(each);
  let sum = 0;
  for (let first = 0; first < bytes; first += each) {
    const part = buffer.subarray(0, Math.min(each, bytes - first)).fill(0);
    file.read(offset + first, part);
    for (let at = 0; at < part.length; at += piece) {
      counts[(first + at) / piece] = sum;
      sum += ones(part.subarray(at, at + piece));
    }
  }
  return counts;
}

function ones(bytes: Uint8Array): number {
  const whole = bytes.length - (bytes.length % 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let sum = 0;
  for (let at = 0; at < whole; at += 4) sum += onesOf(view.getUint32(at, true));
  for (let at = whole; at < bytes.length; at++) sum += onesOf(bytes[at] as number);
  return sum;
}

function onesOf(word: number): number {
  let sum = word - ((word >>> 1) & 0x5555_5555);
  sum = (sum & 0x3333_3333) + ((sum >>> 2) & 0x3333_3333);
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
