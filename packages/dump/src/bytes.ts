// Numbers and texts out of a header.
import { DumpError } from "./errors.ts";
import type { ByteSource } from "./interface.ts";

/** Bytes of a header, read by the widths and order that it was written in. */
export interface Fields {
  readonly bytes: Uint8Array;
  u16(at: number): number;
  u32(at: number): number;
  /** Exact up to 2^53; more than that is rounded, and larger than any file or memory. */
  u64(at: number): number;
  /** A text up to its first zero byte, one character a byte. */
  text(at: number, length: number): string;
}

export function fieldsOf(bytes: Uint8Array, little: boolean): Fields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u32 = (at: number): number => view.getUint32(at, little);
  return {
    bytes,
    u16: (at) => view.getUint16(at, little),
    u32,
    u64: (at) => (little ? u32(at + 4) * 2 ** 32 + u32(at) : u32(at) * 2 ** 32 + u32(at + 4)),
    text: (at, length) => latin1(bytes.subarray(at, at + length)),
  };
}

/** A text up to its first zero byte. Every byte becomes one character, so that nothing is lost and nothing throws. */
export function latin1(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const parts: string[] = [];
  const whole = end < 0 ? bytes : bytes.subarray(0, end);
  for (let at = 0; at < whole.length; at += 4096)
    parts.push(String.fromCharCode(...whole.subarray(at, at + 4096)));
  return parts.join("");
}

/**
 * `length` bytes from `offset` on.
 *
 * @throws DumpError `BAD_DUMP` where the file ends before, or they are more than `most`.
 */
export function bytesAt(
  source: ByteSource,
  offset: number,
  length: number,
  what: string,
  most: number = 2 ** 20,
): Uint8Array {
  if (length > most)
    throw new DumpError("BAD_DUMP", `${source.name}: ${what} has ${length} bytes, more than any dump's`);
  if (!(offset >= 0 && offset + length <= source.size))
    throw new DumpError("BAD_DUMP", `${source.name} ends inside ${what}`);
  const into = new Uint8Array(length);
  if (source.read(offset, into) < length)
    throw new DumpError("BAD_DUMP", `${source.name} ends inside ${what}`);
  return into;
}

/** The first bytes of a file; fewer where it is shorter. */
export function firstBytes(source: ByteSource, length: number): Uint8Array {
  const into = new Uint8Array(length);
  return into.subarray(0, source.read(0, into));
}

/** An address as people write it. */
export const hex = (value: number): string => `0x${value.toString(16)}`;
