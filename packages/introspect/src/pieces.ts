// All of physical memory, piece by piece, for what has to be searched for.
import type { PhysicalMemory } from "@ptekit/dump";

/** A piece of memory; good until the next one is asked for. */
export interface MemoryPiece {
  /** The physical address of its first byte, a multiple of 4096. */
  readonly address: bigint;
  /** Zeros where nothing is. */
  readonly bytes: Uint8Array;
  /** How many of the bytes belong to this piece: the rest is the beginning of the next one. */
  readonly own: number;
}

/** Every page size is a multiple of this one. */
const PAGE = 4096;
const PIECE_BYTES = 2 ** 20;

/** What there is of memory between two addresses. Pieces of which nothing is there are left out. */
export function* memoryPieces(
  memory: PhysicalMemory,
  from: bigint = 0n,
  to: bigint = 2n ** 64n,
): Generator<MemoryPiece, void, undefined> {
  const buffer = new Uint8Array(PIECE_BYTES + PAGE);
  for (const range of memory.ranges) {
    const end = range.end < to ? range.end : to;
    for (let address = aligned(range.start > from ? range.start : from); address < end; ) {
      const left = Number(end - address);
      const own = Math.min(PIECE_BYTES, left);
      const bytes = buffer.subarray(0, Math.min(buffer.length, left));
      if (filled(memory, address, bytes)) yield { address, bytes, own };
      address += BigInt(PIECE_BYTES);
    }
  }
}

/** Fills `bytes`, at once where all of it is there, else page by page; false where nothing is there. */
function filled(memory: PhysicalMemory, address: bigint, bytes: Uint8Array): boolean {
  if (memory.read(address, bytes) === "read") return true;
  let there = false;
  for (let at = 0; at < bytes.length; at += PAGE) {
    const page = bytes.subarray(at, at + PAGE);
    if (memory.read(address + BigInt(at), page) === "read") there = true;
    else page.fill(0);
  }
  return there;
}

const aligned = (address: bigint): bigint => (address + BigInt(PAGE - 1)) & ~BigInt(PAGE - 1);
