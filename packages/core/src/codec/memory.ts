import { maskOf } from "../data/bits.ts";
import type { Layout } from "../data/layout.ts";
import { pteBytesOf, rowsOf } from "../data/layout.ts";
import { PtekitError } from "../errors.ts";

// How a PTE lies in memory: what set_pte() makes of it, and its bytes.

/** set_pte(): what it sets, and what it keeps of the entry before. */
export function storedOver(layout: Layout, pte: bigint, before: bigint): bigint {
  return rowsOf(layout, "setPte").reduce((word, row) => {
    const mask = maskOf(row);
    return (word & ~mask) | (row.stored === "kept" ? before & mask : mask);
  }, pte);
}

/** The bytes of a PTE, lowest address first. */
export function bytesOf(pte: bigint, layout: Layout, order: "little" | "big"): Uint8Array {
  const byteAt = (place: number): number => Number((pte >> BigInt(8 * place)) & 0xffn);
  return Uint8Array.from({ length: pteBytesOf(layout) }, (_, i) =>
    byteAt(placeOf(i % (layout.pteBits / 8), layout, order)),
  );
}

/** The PTE in such bytes; of its copies the first counts. */
export function fromBytes(bytes: Uint8Array, layout: Layout, order: "little" | "big"): bigint {
  if (!(bytes instanceof Uint8Array) || bytes.length !== pteBytesOf(layout)) {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `${layout.id}: a PTE is a Uint8Array of ${pteBytesOf(layout)} bytes`,
    );
  }
  let pte = 0n;
  for (let i = 0; i < layout.pteBits / 8; i++)
    pte |= BigInt(bytes[placeOf(i, layout, order)] as number) << BigInt(8 * i);
  return pte;
}

/** Where byte `i` (0 the least significant) of a PTE stands in memory, and which byte stands at `i`. */
function placeOf(i: number, layout: Layout, order: "little" | "big"): number {
  if (order === "little") return i;
  const word = layout.lowWordFirst === true ? 4 : layout.pteBits / 8;
  return i - (i % word) + (word - 1 - (i % word));
}
