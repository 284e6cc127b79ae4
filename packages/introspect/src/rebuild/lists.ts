// Empty lists: both pointers of their head lead to itself, so each tells its own virtual address.
import type { PhysicalMemory } from "@ptekit/dump";
import { memoryPieces } from "../pieces.ts";
import { MOST_IMAGE } from "./anchors.ts";

/** A place whose virtual address is known. */
export interface KnownPlace {
  readonly physical: bigint;
  readonly virtual: bigint;
}

/** Taken from a piece of memory at most: other places are to be asked, too. */
const MOST_OF_PIECE = 16;
/** Fewer say nothing. */
const ENOUGH = 16;

/** Empty lists around a place: variables of the kernel's image, and what its allocators gave. */
export function emptyLists(memory: PhysicalMemory, place: bigint): readonly KnownPlace[] {
  const found: KnownPlace[] = [];
  const from = place > MOST_IMAGE ? place - MOST_IMAGE : 0n;
  for (const { address, bytes, own } of memoryPieces(memory, from, place + MOST_IMAGE)) {
    const view = new DataView(bytes.buffer);
    for (let at = 0, left = MOST_OF_PIECE; at + 16 <= own && left > 0; at += 8) {
      const high = view.getUint32(at + 4, true);
      // Kernel addresses have their upper bits set on every 64-bit architecture with dumps.
      if (high < 0xff00_0000 || view.getUint32(at + 12, true) !== high) continue;
      const low = view.getUint32(at, true);
      if (view.getUint32(at + 8, true) !== low || (low & 0xfff) !== (at & 0xfff)) continue;
      found.push({ physical: address + BigInt(at), virtual: view.getBigUint64(at, true) });
      left--;
    }
  }
  return found;
}

/** Whether a translation leads to the places that are known, but for some that are none. */
export function leadsTo(places: readonly KnownPlace[], to: (address: bigint) => bigint | null): boolean {
  if (places.length < ENOUGH) return true;
  let wrong = 0;
  for (const { physical, virtual } of places)
    if (to(virtual) !== physical && ++wrong * 4 > places.length) return false;
  return true;
}
