import { endianness } from "node:os";

// See Documentation/admin-guide/mm/pagemap.rst (as of Linux v6.16) for the bits of an entry.

/** Pages of one mapping, by what pagemap says of them. */
export interface Counts {
  present: number;
  /** Present, and of a file or shared memory. */
  fileOrShared: number;
  /** Swapped by pagemap's word: swap areas and every special entry. */
  swapped: number;
  exclusive: number;
  softDirty: number;
  uffdWp: number;
  guard: number;
  /** Page frame numbers that are not 0: without CAP_SYS_ADMIN there is none. */
  frames: number;
  /** Swapped pages whose entry is not 0. */
  entries: number;
  /** Swapped pages by swap type. */
  readonly types: Map<number, number>;
  /** Swapped pages of the marker type, by marker bits. */
  readonly markers: Map<number, number>;
}

export const noCounts = (): Counts => ({
  present: 0,
  fileOrShared: 0,
  swapped: 0,
  exclusive: 0,
  softDirty: 0,
  uffdWp: 0,
  guard: 0,
  frames: 0,
  entries: 0,
  types: new Map(),
  markers: new Map(),
});

// Which 32-bit half of an entry comes first in memory.
const LOW = endianness() === "LE" ? 0 : 1;

/** Adds a block of pagemap entries, 64 bits each in the machine's byte order. */
export function addBlock(counts: Counts, block: Uint32Array, markerType: number): void {
  for (let i = 0; i < block.length; i += 2) {
    const low = block[i + LOW] as number;
    const high = block[i + 1 - LOW] as number;
    if (high === 0 && low === 0) continue;
    if (high & (1 << 23)) counts.softDirty++;
    if (high & (1 << 24)) counts.exclusive++;
    if (high & (1 << 25)) counts.uffdWp++;
    if (high & (1 << 26)) counts.guard++;
    if (high & (1 << 31)) addPresent(counts, low, high);
    else if (high & (1 << 30)) addSwapped(counts, low, high, markerType);
  }
}

function addPresent(counts: Counts, low: number, high: number): void {
  counts.present++;
  if (high & (1 << 29)) counts.fileOrShared++;
  if (low !== 0 || (high & 0x7fffff) !== 0) counts.frames++;
}

function addSwapped(counts: Counts, low: number, high: number, markerType: number): void {
  counts.swapped++;
  if (low === 0 && (high & 0x7fffff) === 0) return;
  counts.entries++;
  const type = low & 31;
  counts.types.set(type, (counts.types.get(type) ?? 0) + 1);
  if (type !== markerType) return;
  const bits = (low >>> 5) & 7;
  counts.markers.set(bits, (counts.markers.get(bits) ?? 0) + 1);
}

/** Everything of `other` added to `counts`. */
export function addCounts(counts: Counts, other: Counts): void {
  for (const key of [
    "present",
    "fileOrShared",
    "swapped",
    "exclusive",
    "softDirty",
    "uffdWp",
    "guard",
    "frames",
    "entries",
  ] as const) {
    counts[key] += other[key];
  }
  for (const [type, pages] of other.types) counts.types.set(type, (counts.types.get(type) ?? 0) + pages);
  for (const [bits, pages] of other.markers)
    counts.markers.set(bits, (counts.markers.get(bits) ?? 0) + pages);
}
