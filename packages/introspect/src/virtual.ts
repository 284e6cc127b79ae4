// The kernel's own memory: its addresses by its own page tables.
import type { PhysicalMemory, ReadOutcome } from "@ptekit/dump";

/** Where an address leads: its physical address, and how many bytes from there on lie together. */
export interface Mapping {
  readonly physical: bigint;
  readonly bytes: number;
  /** Bytes of the page that maps it; their addresses begin at a multiple of that. */
  readonly size: number;
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

/** Translations that are kept, of pages and of large pages. */
const MOST_KEPT = 65_536;
/** Pages of a large page, at least: the kernel maps all memory and all struct pages by such. */
const LARGE = 512;
/** Memory for pages that were read lately: the kernel's structs are small, and many of a kind lie in one page. */
const PAGE_MEMORY = 2 ** 21;

export function kernelMemory(
  memory: PhysicalMemory,
  translate: Translate,
  shape: { readonly bits: 32 | 64; readonly little: boolean; readonly pageShift: number },
): KernelMemory {
  const { bits, little } = shape;
  const pageShift = BigInt(shape.pageShift);
  const offsetMask = (1n << pageShift) - 1n;
  const pageBytes = 1 << shape.pageShift;
  const kept = new Map<number, number | null>();
  const large = new Map<number, number>();
  const scratch = new Uint8Array(8);
  const view = new DataView(scratch.buffer);
  const long = scratch.subarray(0, bits / 8);
  const half = scratch.subarray(0, 4);

  /** The physical address of a page, by its number. Both have less than 53 bits. */
  const pageOf = (page: number): number | null => {
    const start = large.get(Math.floor(page / LARGE));
    if (start !== undefined) return start + (page % LARGE) * pageBytes;
    const known = kept.get(page);
    if (known !== undefined) return known;
    const found = translate(BigInt(page) << pageShift);
    const address = found === null ? null : Number(found.physical);
    if (kept.size + large.size >= MOST_KEPT) {
      kept.clear();
      large.clear();
    }
    if (found !== null && address !== null && found.size >= LARGE * pageBytes && page >= 0)
      large.set(Math.floor(page / LARGE), address - (page % LARGE) * pageBytes);
    else kept.set(page, address);
    return address;
  };
  const physical = (address: bigint): bigint | null => {
    const page = pageOf(Number(address >> pageShift));
    return page === null ? null : BigInt(page) | (address & offsetMask);
  };

  const slots = PAGE_MEMORY / pageBytes;
  const pages: (Uint8Array | undefined)[] = new Array(slots).fill(undefined);
  const held = new Float64Array(slots).fill(-1);
  /** The bytes of a page, by its number; null where it is not all there. */
  const bytesOf = (page: number): Uint8Array | null => {
    if (page < 0) return null;
    const slot = page % slots;
    if (held[slot] === page) return pages[slot] as Uint8Array;
    held[slot] = -1;
    const at = pageOf(page);
    if (at === null) return null;
    const bytes = pages[slot] ?? new Uint8Array(pageBytes);
    pages[slot] = bytes;
    if (memory.read(BigInt(at), bytes) !== "read") return null;
    held[slot] = page;
    return bytes;
  };

  const read = (address: bigint, into: Uint8Array): ReadOutcome | "unmapped" => {
    const inPage = Number(address & offsetMask);
    if (inPage + into.length < pageBytes) {
      const bytes = bytesOf(Number(address >> pageShift));
      if (bytes !== null) {
        for (let i = 0; i < into.length; i++) into[i] = bytes[inPage + i] as number;
        return "read";
      }
    }
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
