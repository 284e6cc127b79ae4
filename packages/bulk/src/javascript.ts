import { KINDS, PtekitError } from "@ptekit/core";
import type { HalfTerm, Run } from "./halves.ts";
import { high32, low32 } from "./halves.ts";
import type { Arena, Engine, OffsetColumns, Places } from "./kernel.ts";
import { layOut } from "./kernel.ts";
import type { Plan, Stored } from "./plan.ts";
import { NONE, PRESENT } from "./plan.ts";

// The second opinion: the same plan on 32-bit halves, one PTE after the other, with a branch for what is no entry.

/** The engine for where SIMD is missing. */
export function javascriptEngine(plan: Plan, offsets: OffsetColumns): Engine {
  return { name: "javascript", arena: (capacity) => arenaOf(plan, offsets, capacity) };
}

const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/**
 * What the bytes of an input give, ORed together: the entry of byte n with value v stands at 256 * n + v. Looking up is
 * the same code for every layout, so that it stays fast when many have been used.
 */
interface Tables {
  /** Bits 31:0 of the result. */
  readonly low: Int32Array;
  /** Bits 63:32. */
  readonly high: Int32Array;
}

/** A run of bits on its way from one number to another. */
interface Way {
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

/** The tables of an input of 8 bytes; what would go beyond `bits` bits is lost. */
function tablesOf(ways: readonly Way[], bits = 64): Tables {
  const tables = { low: new Int32Array(8 * 256), high: new Int32Array(8 * 256) };
  for (const { from, to, width } of ways) {
    for (let bit = 0; bit < width && from + bit < 64 && to + bit < bits; bit++) {
      const table = to + bit < 32 ? tables.low : tables.high;
      const first = 256 * ((from + bit) >> 3);
      for (let value = 0; value < 256; value++) {
        const set = (value >> ((from + bit) & 7)) & 1;
        table[first + value] = (table[first + value] as number) | (set << ((to + bit) & 31));
      }
    }
  }
  return tables;
}

const readTables = (runs: readonly Run[]): Tables =>
  tablesOf(runs.map(({ pte, value, width }) => ({ from: pte, to: value, width })));
const writeTables = (runs: readonly Run[], pteBits: number): Tables =>
  tablesOf(
    runs.map(({ pte, value, width }) => ({ from: value, to: pte, width })),
    pteBits,
  );

/** What the four bytes of a half give; the tables of the high half begin at `first`. */
const lookUp = (table: Int32Array, half: number, first: 0 | 1024): number =>
  (table[first + (half & 255)] as number) |
  (table[first + 256 + ((half >>> 8) & 255)] as number) |
  (table[first + 512 + ((half >>> 16) & 255)] as number) |
  (table[first + 768 + (half >>> 24)] as number);

/** What a number gives; of a 32-bit PTE there is no high half. */
const lookUpBoth = (table: Int32Array, low: number, high: number, wide: boolean): number =>
  wide ? lookUp(table, low, 0) | lookUp(table, high, 1024) : lookUp(table, low, 0);

/** A predicate of one term or two; of one, both are the same. */
interface Test {
  readonly first: HalfTerm;
  readonly second: HalfTerm;
}

function testOf([first, second = first]: readonly HalfTerm[]): Test {
  if (!first || !second) throw new RangeError("a predicate without terms");
  return { first, second };
}

const isEqual = (term: HalfTerm, low: number, high: number): boolean =>
  (low & term.maskLow) === term.low && (high & term.maskHigh) === term.high;

const holds = ({ first, second }: Test, low: number, high: number): boolean =>
  isEqual(first, low, high) === first.wanted || isEqual(second, low, high) === second.wanted;

/** The offsets as 32-bit halves: the low one of row n is lows[n * stride + lowAt]. */
interface OffsetView {
  readonly lows: Uint32Array;
  readonly lowAt: number;
  readonly highs: Uint32Array;
  readonly highAt: number;
  readonly stride: number;
}

function bufferOf(bytes: number, capacity: number): ArrayBuffer {
  try {
    return new ArrayBuffer(bytes);
  } catch {
    throw new PtekitError(
      "BAD_ARGUMENT",
      `${capacity} PTEs and their columns need ${bytes} bytes, which this machine does not give`,
    );
  }
}

function arenaOf(plan: Plan, offsets: OffsetColumns, wanted: number): Arena {
  const capacity = Math.max(wanted, 1);
  const { input, places, end } = layOut(capacity, plan.pteBytes, 0);
  const buffer = bufferOf(end, wanted);
  const none = testOf(plan.none);
  const present = testOf(plan.present);
  const kindOf = Uint8Array.from(plan.kinds);
  // The type stands in the low byte of a tag, the flags in the next.
  const flagRuns = plan.readFlags.runs.map((run) => ({ ...run, value: run.value + 8 }));
  const tags = readTables([...plan.readType.runs, ...flagRuns]).low;
  const { low: offsetLow, high: offsetHigh } = readTables(plan.readOffset.runs);
  const flipType = low32(plan.readType.flip);
  const flipLow = low32(plan.readOffset.flip);
  const flipHigh = high32(plan.readOffset.flip);
  const fromType = writeTables(plan.writeType, plan.pteBits);
  const fromFlags = writeTables(plan.writeFlags, plan.pteBits);
  const fromOffset = writeTables(plan.writeOffset, plan.pteBits);
  const knownFlags = plan.writeFlags.reduce((mask, run) => mask | (1 << run.value), 0);
  const wide = plan.pteBits === 64;

  const offsetView = (at: Places, count: number): OffsetView => {
    if (offsets === "u64") {
      const halves = new Uint32Array(buffer, at.offset, 2 * count);
      const lowAt = LITTLE_ENDIAN ? 0 : 1;
      return { lows: halves, lowAt, highs: halves, highAt: 1 - lowAt, stride: 2 };
    }
    const lows = new Uint32Array(buffer, at.offset, count);
    return { lows, lowAt: 0, highs: new Uint32Array(buffer, at.offsetHigh, count), highAt: 0, stride: 1 };
  };
  const columns = (at: Places, count: number) => ({
    kinds: new Uint8Array(buffer, at.kind, count),
    types: new Uint8Array(buffer, at.type, count),
    flagBytes: new Uint8Array(buffer, at.flags, count),
    ...offsetView(at, count),
  });

  return {
    capacity,
    buffer,
    input,
    places,
    decode(from, count, stored, to) {
      const words = wordsAt(buffer, plan, from, count, stored);
      const { kinds, types, flagBytes, lows, lowAt, highs, highAt, stride } = columns(to, count);
      for (let i = 0; i < count; i++) {
        const low = ((wide ? words[2 * i] : words[i]) as number) | 0;
        const high = wide ? (words[2 * i + 1] as number) | 0 : 0;
        const isNone = holds(none, low, high);
        if (isNone || holds(present, low, high)) {
          kinds[i] = isNone ? NONE : PRESENT;
          types[i] = 0;
          flagBytes[i] = 0;
          lows[i * stride + lowAt] = 0;
          highs[i * stride + highAt] = 0;
          continue;
        }
        const tag = lookUpBoth(tags, low, high, wide) ^ flipType;
        const number = tag & 0xff;
        kinds[i] = kindOf[number] as number;
        types[i] = number;
        flagBytes[i] = tag >>> 8;
        lows[i * stride + lowAt] = lookUpBoth(offsetLow, low, high, wide) ^ flipLow;
        highs[i * stride + highAt] = lookUpBoth(offsetHigh, low, high, wide) ^ flipHigh;
      }
    },
    encode(to, count, stored, from) {
      const { kinds, types, flagBytes, lows, lowAt, highs, highAt, stride } = columns(from, count);
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
        const low = (lows[i * stride + lowAt] as number) | 0;
        const high = (highs[i * stride + highAt] as number) | 0;
        unfit |= (low & ~maxLow) | (high & ~maxHigh) | (bits & ~knownFlags);
        if (kind === PRESENT || kind >= KINDS.length || number > plan.maxType) unfit = 1;
        const isNone = kind === NONE;
        words[wide ? 2 * i : i] = isNone
          ? emptyLow
          : ((fromType.low[number] as number) |
              (fromFlags.low[bits] as number) |
              lookUpBoth(fromOffset.low, low, high, wide)) ^
            constantLow;
        if (!wide) continue;
        words[2 * i + 1] = isNone
          ? emptyHigh
          : ((fromType.high[number] as number) |
              (fromFlags.high[bits] as number) |
              lookUpBoth(fromOffset.high, low, high, wide)) ^
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
        const tag = lookUpBoth(tags, low, high, wide) ^ flipType;
        const number = tag & 0xff;
        sum.types[number] = (sum.types[number] as number) + 1;
        for (let flag = 0; flag < sum.flags.length; flag++) {
          sum.flags[flag] = (sum.flags[flag] as number) + ((tag >> (8 + flag)) & 1);
        }
        if (number !== plan.markerType) continue;
        const marker = lookUpBoth(offsetLow, low, high, wide) ^ flipLow;
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
