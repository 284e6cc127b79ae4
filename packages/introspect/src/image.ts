// The kernel's image, piece by piece, for what has to be searched for.
import type { KernelMemory } from "./virtual.ts";

/** A piece of the image that is in the dump, with the beginning of what follows where that is there too. */
export interface Piece {
  readonly address: bigint;
  readonly bytes: Uint8Array;
  /** How many of the bytes belong to this piece; what is searched for may reach beyond them. */
  readonly own: number;
}

/** How far an image reaches: BPF's and the largest kernels' have some 100 MB with all they are debugged with. */
const MOST_IMAGE = 2 ** 27;
const PIECE_BYTES = 2 ** 19;
const OVERLAP = 4096;
const STEP = 4096;
/** An image has holes, but none of this size. */
const MOST_HOLE = 2 ** 24;

/** The pieces from `start` on. Pages that are missing read as zeros. */
export function* imagePieces(
  kernel: KernelMemory,
  start: bigint,
  most: number = MOST_IMAGE,
): Generator<Piece, void, undefined> {
  let hole = 0;
  for (let at = 0; at < most && hole < MOST_HOLE; at += PIECE_BYTES) {
    const address = start + BigInt(at);
    const { bytes, there } = patched(kernel, address, PIECE_BYTES + OVERLAP);
    hole = there ? 0 : hole + PIECE_BYTES;
    if (there) yield { address, bytes, own: PIECE_BYTES };
  }
}

/** So many bytes from an address on, with zeros for what is not there, and whether anything is. */
export function patched(
  kernel: KernelMemory,
  address: bigint,
  length: number,
): { readonly bytes: Uint8Array; readonly there: boolean } {
  const bytes = new Uint8Array(length);
  if (kernel.read(address, bytes) === "read") return { bytes, there: true };
  let there = false;
  for (let at = 0; at < length; ) {
    const size = Math.min(STEP - Number((address + BigInt(at)) % BigInt(STEP)), length - at);
    const part = bytes.subarray(at, at + size);
    if (kernel.read(address + BigInt(at), part) === "read") there = true;
    else part.fill(0);
    at += size;
  }
  return { bytes, there };
}
