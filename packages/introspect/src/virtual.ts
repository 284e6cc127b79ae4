// The kernel's own memory: its addresses by its own page tables.
import type { PhysicalMemory, ReadOutcome } from "@ptekit/dump";

/** Where an address leads: its physical address, and how many bytes from there on lie together. */
export interface Mapping {
  readonly physical: bigint;
  readonly bytes: number;
}

/** How a kernel virtual address is found; null where nothing is mapped. */
export type Translate = (address: bigint) => Mapping | null;

/** Memory by kernel virtual address. Nothing throws for what a dump lacks. */
export interface KernelMemory {
  readonly bits: 32 | 64;
  readonly little: boolean;
  /** The physical address, or null where the kernel's tables map nothing, or are not in the dump. */
  physical(address: bigint): bigint | null;
  /** Fills `into`; `unmapped` where the tables lead nowhere. */
  read(address: bigint, into: Uint8Array): ReadOutcome | "unmapped";
  /** A pointer or an `unsigned long`; null where it is not there. */
  word(address: bigint): bigint | null;
  u32(address: bigint): number | null;
}

/** Translations that are kept. */
const MOST_KEPT = 65_536;

export function kernelMemory(
  memory: PhysicalMemory,
  translate: Translate,
  shape: { readonly bits: 32 | 64; readonly little: boolean; readonly pageShift: number },
): KernelMemory {
  const { bits, little } = shape;
  const pageShift = BigInt(shape.pageShift);
  const offsetMask = (1n << pageShift) - 1n;
  const pageBytes = 1 << shape.pageShift;
  const kept = new Map<bigint, bigint | null>();
  const scratch = new Uint8Array(8);
  const view = new DataView(scratch.buffer);
  const long = scratch.subarray(0, bits / 8);
  const half = scratch.subarray(0, 4);

  /** The physical address of a page. */
  const pageOf = (page: bigint): bigint | null => {
    const known = kept.get(page);
    if (known !== undefined) return known;
    if (kept.size >= MOST_KEPT) kept.clear();
    const found = translate(page << pageShift)?.physical ?? null;
    kept.set(page, found);
    return found;
  };
  const physical = (address: bigint): bigint | null => {
    const page = pageOf(address >> pageShift);
    return page === null ? null : page | (address & offsetMask);
  };
  const read = (address: bigint, into: Uint8Array): ReadOutcome | "unmapped" => {
    const inPage = Number(address & offsetMask);
    if (inPage + into.length <= pageBytes) {
      const at = physical(address);
      return at === null ? "unmapped" : memory.read(at, into);
    }
    for (let done = 0; done < into.length; ) {
      const found = translate(address + BigInt(done));
      if (found === null) return "unmapped";
      const size = Math.min(found.bytes, into.length - done);
      const outcome = memory.read(found.physical, into.subarray(done, done + size));
      if (outcome !== "read") return outcome;
      done += size;
    }
    return "read";
  };
  return {
    bits,
    little,
    physical,
    read,
    word: (address) => {
      if (read(address, long) !== "read") return null;
      return bits === 64 ? view.getBigUint64(0, little) : BigInt(view.getUint32(0, little));
    },
    u32: (address) => (read(address, half) === "read" ? view.getUint32(0, little) : null),
  };
}
