import { KINDS } from "@ptekit/core";
import type { HalfTerm, Run } from "./halves.js";
import { high32, low32 } from "./halves.js";
import type { Arena, Engine, OffsetColumns, Places } from "./kernel.js";
import { layOut } from "./kernel.js";
import type { Plan, Stored } from "./plan.js";
import { NONE, PRESENT } from "./plan.js";

// The second opinion: the same plan on 32-bit halves, one PTE after the other, with a branch for what is no entry.

/** Bits that move together from one 32-bit half to another. */
interface Part {
  readonly from: 0 | 1;
  readonly to: 0 | 1;
  /** Before the shift. */
  readonly mask: number;
  readonly left: number;
  readonly right: number;
}

/** The engine for where SIMD is missing. */
export function javascriptEngine(plan: Plan, offsets: OffsetColumns): Engine {
  return { name: "javascript", arena: (capacity) => arenaOf(plan, offsets, capacity) };
}

const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** The runs, cut where source or target crosses bit 32. */
function partsOf(runs: readonly { from: number; to: number; width: number }[]): Part[] {
  return runs.flatMap((run) => {
    const cuts = [0, 32 - run.from, 32 - run.to, run.width].filter((cut) => cut >= 0 && cut <= run.width);
    const sorted = [...new Set(cuts)].sort((a, b) => a - b);
    return sorted.slice(1).flatMap((end, i): Part[] => {
      const start = sorted[i] ?? 0;
      const source = run.from + start;
      const target = run.to + start;
      if (target > 63 || source > 63) return [];
      const shift = (target & 31) - (source & 31);
      return [
        {
          from: source > 31 ? 1 : 0,
          to: target > 31 ? 1 : 0,
          mask: end - start === 32 ? -1 : ((2 ** (end - start) - 1) << (source & 31)) | 0,
          left: Math.max(shift, 0),
          right: Math.max(-shift, 0),
        },
      ];
    });
  });
}

const readParts = (runs: readonly Run[]): Part[] =>
  partsOf(runs.map(({ pte, value, width }) => ({ from: pte, to: value, width })));
const writeParts = (runs: readonly Run[], pteBits: number): Part[] =>
  partsOf(
    runs.map(({ pte, value, width }) => ({ from: value, to: pte, width: Math.min(width, pteBits - pte) })),
  );

/** What the parts, all of one target half, put into it. */
function move(parts: readonly Part[], low: number, high: number): number {
  let value = 0;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as Part;
    value |= (((part.from === 0 ? low : high) & part.mask) >>> part.right) << part.left;
  }
  return value;
}

const into = (parts: readonly Part[], half: 0 | 1): Part[] => parts.filter((part) => part.to === half);

function holds(terms: readonly HalfTerm[], low: number, high: number): boolean {
  for (let i = 0; i < terms.length; i++) {
    const term = terms[i] as HalfTerm;
    const equal = (low & term.maskLow) === term.low && (high & term.maskHigh) === term.high;
    if (equal === term.wanted) return true;
  }
  return false;
}

/** The offsets as 32-bit halves: the low one of row n is low[n * stride + lowAt]. */
interface OffsetView {
  readonly low: Uint32Array;
  readonly lowAt: number;
  readonly high: Uint32Array;
  readonly highAt: number;
  readonly stride: number;
}

function arenaOf(plan: Plan, offsets: OffsetColumns, wanted: number): Arena {
  const capacity = Math.max(wanted, 1);
  const { input, places, end } = layOut(capacity, plan.pteBytes, 0);
  const buffer = new ArrayBuffer(end);
  const { none, present } = plan;
  const type = readParts(plan.readType.runs);
  const offsetLow = into(readParts(plan.readOffset.runs), 0);
  const offsetHigh = into(readParts(plan.readOffset.runs), 1);
  const flags = readParts(plan.readFlags.runs);
  const flipType = low32(plan.readType.flip);
  const flipLow = low32(plan.readOffset.flip);
  const flipHigh = high32(plan.readOffset.flip);
  const toHalf = (half: 0 | 1): readonly Part[][] =>
    [plan.writeType, plan.writeFlags, plan.writeOffset].map((runs) =>
      into(writeParts(runs, plan.pteBits), half),
    );
  const [typeToLow = [], flagsToLow = [], offsetToLow = []] = toHalf(0);
  const [typeToHigh = [], flagsToHigh = [], offsetToHigh = []] = toHalf(1);
  const knownFlags = plan.writeFlags.reduce((mask, run) => mask | (1 << run.value), 0);
  const wide = plan.pteBits === 64;

  const offsetView = (at: Places, count: number): OffsetView => {
    if (offsets === "u64") {
      const halves = new Uint32Array(buffer, at.offset, 2 * count);
      const lowAt = LITTLE_ENDIAN ? 0 : 1;
      return { low: halves, lowAt, high: halves, highAt: 1 - lowAt, stride: 2 };
    }
    const low = new Uint32Array(buffer, at.offset, count);
    return { low, lowAt: 0, high: new Uint32Array(buffer, at.offsetHigh, count), highAt: 0, stride: 1 };
  };
  const columns = (at: Places, count: number) => ({
    kinds: new Uint8Array(buffer, at.kind, count),
    types: new Uint8Array(buffer, at.type, count),
    flagBytes: new Uint8Array(buffer, at.flags, count),
    offsetAt: offsetView(at, count),
  });

  return {
    capacity,
    buffer,
    input,
    places,
    decode(from, count, stored, to) {
      const words = wordsAt(buffer, plan, from, count, stored);
      const { kinds, types, flagBytes, offsetAt } = columns(to, count);
      for (let i = 0; i < count; i++) {
        const low = ((wide ? words[2 * i] : words[i]) as number) | 0;
        const high = wide ? (words[2 * i + 1] as number) | 0 : 0;
        const isNone = holds(none, low, high);
        if (isNone || holds(present, low, high)) {
          kinds[i] = isNone ? NONE : PRESENT;
          types[i] = 0;
          flagBytes[i] = 0;
          offsetAt.low[i * offsetAt.stride + offsetAt.lowAt] = 0;
          offsetAt.high[i * offsetAt.stride + offsetAt.highAt] = 0;
          continue;
        }
        const number = move(type, low, high) ^ flipType;
        kinds[i] = plan.kinds[number] as number;
        types[i] = number;
        flagBytes[i] = move(flags, low, high);
        offsetAt.low[i * offsetAt.stride + offsetAt.lowAt] = move(offsetLow, low, high) ^ flipLow;
        offsetAt.high[i * offsetAt.stride + offsetAt.highAt] = move(offsetHigh, low, high) ^ flipHigh;
      }
    },
    encode(to, count, stored, from) {
      const { kinds, types, flagBytes, offsetAt } = columns(from, count);
      const words = new Uint32Array(wide ? 2 * count : count);
      const constantLow = low32(plan.constant);
      const constantHigh = high32(plan.constant);
      const maxLow = low32(plan.maxOffset);
      const maxHigh = high32(plan.maxOffset);
      const emptyLow = low32(plan.empty);
      const emptyHigh = high32(plan.empty);
      let unfit = 0;
      for (let i = 0; i < count; i++) {
        const number = types[i] as number;
        const bits = flagBytes[i] as number;
        const kind = kinds[i] as number;
        const low = (offsetAt.low[i * offsetAt.stride + offsetAt.lowAt] as number) | 0;
        const high = (offsetAt.high[i * offsetAt.stride + offsetAt.highAt] as number) | 0;
        unfit |= (low & ~maxLow) | (high & ~maxHigh) | (bits & ~knownFlags);
        if (kind === PRESENT || kind >= KINDS.length || number > plan.maxType) unfit = 1;
        const isNone = kind === NONE;
        words[wide ? 2 * i : i] = isNone
          ? emptyLow
          : (move(typeToLow, number, 0) | move(flagsToLow, bits, 0) | move(offsetToLow, low, high)) ^
            constantLow;
        if (!wide) continue;
        words[2 * i + 1] = isNone
          ? emptyHigh
          : (move(typeToHigh, number, 0) | move(flagsToHigh, bits, 0) | move(offsetToHigh, low, high)) ^
            constantHigh;
      }
      putWords(buffer, plan, to, words, stored);
      return unfit === 0;
    },
    census(from, count, stored, sum) {
      const words = wordsAt(buffer, plan, from, count, stored);
      const values = plan.backend.types.markers.map((marker) => Number(marker.value));
      sum.total += count;
      for (let i = 0; i < count; i++) {
        const low = ((wide ? words[2 * i] : words[i]) as number) | 0;
        const high = wide ? (words[2 * i + 1] as number) | 0 : 0;
        if (holds(none, low, high)) {
          sum.nones++;
          continue;
        }
        if (holds(present, low, high)) continue;
        sum.entries++;
        const number = move(type, low, high) ^ flipType;
        sum.types[number] = (sum.types[number] as number) + 1;
        const bits = move(flags, low, high);
        for (let flag = 0; flag < sum.flags.length; flag++) {
          sum.flags[flag] = (sum.flags[flag] as number) + ((bits >> flag) & 1);
        }
        if (number !== plan.markerType) continue;
        const marker = move(offsetLow, low, high) ^ flipLow;
        values.forEach((value, index) => {
          if ((marker & value) === value) sum.markers[index] = (sum.markers[index] as number) + 1;
        });
      }
    },
  };
}

/** The PTEs as 32-bit numbers of this machine, the low half first. */
function wordsAt(buffer: ArrayBuffer, plan: Plan, from: number, count: number, stored: Stored): Uint32Array {
  const size = count * plan.pteBytes;
  if (from % 4 === 0 && liesAsHere(plan, stored)) return new Uint32Array(buffer, from, size / 4);
  const bytes = new Uint8Array(buffer, from, size);
  const words = new Uint32Array(size / 4);
  const shifts = plan.byteOrder;
  const byteAt = stored === "bytes" ? shifts : numberOrder(plan);
  for (let i = 0; i < size; i++) {
    const byte = byteAt[i % plan.pteBytes] as number;
    const word = ((i - (i % plan.pteBytes)) >> 2) + (byte >> 2);
    words[word] = (words[word] as number) | ((bytes[i] as number) << (8 * (byte & 3)));
  }
  return words;
}

function putWords(buffer: ArrayBuffer, plan: Plan, to: number, words: Uint32Array, stored: Stored): void {
  if (to % 4 === 0 && liesAsHere(plan, stored)) {
    new Uint32Array(buffer, to, words.length).set(words);
    return;
  }
  const bytes = new Uint8Array(buffer, to, words.length * 4);
  const byteAt = stored === "bytes" ? plan.byteOrder : numberOrder(plan);
  for (let i = 0; i < bytes.length; i++) {
    const byte = byteAt[i % plan.pteBytes] as number;
    const word = words[((i - (i % plan.pteBytes)) >> 2) + (byte >> 2)] as number;
    bytes[i] = (word >>> (8 * (byte & 3))) & 0xff;
  }
}

/** Which byte of a number lies at each place in this machine's memory. */
function numberOrder(plan: Plan): number[] {
  if (plan.pteBytes === 4) return [...new Uint8Array(Uint32Array.of(0x03020100).buffer)];
  return [...new Uint8Array(BigUint64Array.of(0x0706050403020100n).buffer)];
}

/** Whether the words lie as 32-bit numbers of this machine do, the low half first. */
const liesAsHere = (plan: Plan, stored: Stored): boolean =>
  LITTLE_ENDIAN && (stored === "numbers" || plan.byteOrder.every((byte, place) => byte === place));
