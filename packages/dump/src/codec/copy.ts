/** Thrown by the decompressors here; a read turns it into `damaged`. */
export class CorruptBlock extends Error {}

/** Takes `size` bytes of the input as they are. */
export function run(input: Uint8Array, at: number, into: Uint8Array, out: number, size: number): void {
  if (at + size > input.length || out + size > into.length) throw new CorruptBlock();
  if (size > 16) into.set(input.subarray(at, at + size), out);
  else for (let i = 0; i < size; i++) into[out + i] = input[at + i] as number;
}

/** Repeats `size` bytes of what came out `distance` before; they may overlap. */
export function copyBack(into: Uint8Array, out: number, distance: number, size: number): void {
  if (distance < 1 || distance > out || out + size > into.length) throw new CorruptBlock();
  if (distance >= size && size > 32) into.copyWithin(out, out - distance, out - distance + size);
  else for (let i = 0; i < size; i++) into[out + i] = into[out + i - distance] as number;
}
