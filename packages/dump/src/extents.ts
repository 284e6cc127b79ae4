// Memory as pieces of a file: which piece holds an address, also where pieces lie over each other.
import { DumpError } from "./errors.ts";
import type { PhysicalMemory, PhysicalRange, ReadOutcome } from "./interface.ts";

/** Pieces that do not overlap, lowest first: piece i covers `starts[i]` up to `ends[i]`, and `ids[i]` is whose it is. */
export interface Extents {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly ids: Uint32Array;
}

/** Piece number i of a list, before overlaps are settled. Of two that overlap, the later one is seen. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

/** Settles overlaps: what each address belongs to. Time and size grow with the number of pieces, not with theirs. */
export function overlay(pieces: readonly Piece[]): Extents {
  const order = pieces.map((_, i) => i).filter((i) => at(pieces, i).start < at(pieces, i).end);
  order.sort((a, b) => at(pieces, a).start - at(pieces, b).start);
  const starts: number[] = [];
  const ends: number[] = [];
  const ids: number[] = [];
  const emit = (start: number, end: number, id: number): void => {
    const last = ids.length - 1;
    if (ids[last] === id && ends[last] === start) ends[last] = end;
    else {
      starts.push(start);
      ends.push(end);
      ids.push(id);
    }
  };
  const open = largestFirst();
  let position = 0;
  for (let next = 0; next < order.length || open.top() !== undefined; ) {
    const top = open.top();
    const coming = next < order.length ? at(pieces, at(order, next)).start : Number.POSITIVE_INFINITY;
    if (top === undefined || coming <= position) {
      position = Math.max(position, coming);
      open.push(at(order, next++));
      continue;
    }
    const { end } = at(pieces, top);
    if (end <= position) {
      open.pop();
      continue;
    }
    const until = Math.min(end, coming);
    emit(position, until, top);
    position = until;
  }
  return { starts: Float64Array.from(starts), ends: Float64Array.from(ends), ids: Uint32Array.from(ids) };
}

/** The piece that holds an address, or -1. */
export function pieceAt({ starts, ends }: Extents, address: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as number) <= address) low = middle + 1;
    else high = middle;
  }
  return low > 0 && address < (ends[low - 1] as number) ? low - 1 : -1;
}

/** No machine has its memory in more pieces; a header that says so is wrong. */
const MOST_RANGES = 2 ** 20;

/** The ranges that pieces cover, neighbours joined. */
export function rangesOf(pieces: Iterable<Piece>, name: string): readonly PhysicalRange[] {
  const ranges: { start: number; end: number }[] = [];
  for (const { start, end } of pieces) {
    const last = ranges.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else if (ranges.push({ start, end }) > MOST_RANGES)
      throw new DumpError("BAD_DUMP", `${name}: its memory lies in more than ${MOST_RANGES} pieces`);
  }
  return Object.freeze(
    ranges.map(({ start, end }) => Object.freeze({ start: BigInt(start), end: BigInt(end) })),
  );
}

/** Memory made of pieces. `fill` reads from one piece alone; `gap` is said of what no piece covers. */
export function memoryOf(
  extents: Extents,
  name: string,
  fill: (id: number, address: number, into: Uint8Array) => ReadOutcome,
  gap: (address: number) => ReadOutcome = () => "outside",
): PhysicalMemory {
  const pieces = Array.from(extents.starts, (start, i) => ({ start, end: extents.ends[i] as number }));
  let latest = -1;
  const find = (address: number): number => {
    const { starts, ends } = extents;
    if (latest >= 0 && address >= (starts[latest] as number) && address < (ends[latest] as number))
      return latest;
    const found = pieceAt(extents, address);
    if (found >= 0) latest = found;
    return found;
  };
  return {
    ranges: rangesOf(pieces, name),
    read: (address, into) => {
      const start = addressOf(address);
      if (start === null) return "outside";
      for (let done = 0; done < into.length; ) {
        const piece = find(start + done);
        if (piece < 0) return gap(start + done);
        const until = Math.min(extents.ends[piece] as number, start + into.length) - start;
        const outcome = fill(extents.ids[piece] as number, start + done, into.subarray(done, until));
        if (outcome !== "read") return outcome;
        done = until;
      }
      return "read";
    },
  };
}

/** A physical address as a number; null where no memory can be. No machine has physical addresses of more than 53 bits. */
export function addressOf(address: bigint): number | null {
  if (typeof address !== "bigint")
    throw new DumpError("BAD_ARGUMENT", `a physical address is a bigint, not a ${typeof address}`);
  return address >= 0n && address <= 0x1f_ffff_ffff_ffffn ? Number(address) : null;
}

/** A heap of numbers: the largest comes first. */
function largestFirst(): { push(item: number): void; pop(): void; top(): number | undefined } {
  const heap: number[] = [];
  const swap = (a: number, b: number): void => {
    [heap[a], heap[b]] = [at(heap, b), at(heap, a)];
  };
  return {
    top: () => heap[0],
    push: (item) => {
      heap.push(item);
      for (let i = heap.length - 1; i > 0; ) {
        const parent = (i - 1) >>> 1;
        if (at(heap, parent) >= at(heap, i)) return;
        swap(i, parent);
        i = parent;
      }
    },
    pop: () => {
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return;
      heap[0] = last;
      for (let i = 0; ; ) {
        const left = 2 * i + 1;
        if (left >= heap.length) return;
        const child = left + 1 < heap.length && at(heap, left + 1) > at(heap, left) ? left + 1 : left;
        if (at(heap, i) >= at(heap, child)) return;
        swap(i, child);
        i = child;
      }
    },
  };
}

const at = <T>(items: readonly T[], i: number): T => items[i] as T;
