import type { ArchBackend, Field, FlagName } from "@ptekit/core";
import {
  emptyPte,
  FLAG_NAMES,
  KINDS,
  longBitsOf,
  maskOf,
  PtekitError,
  pteBytesOf,
  rowsOf,
  typeMeaning,
  widthOf,
} from "@ptekit/core";
import { checkBackend, problemsOf } from "./compilable.ts";
import type { HalfTerm, Reading, Run } from "./halves.ts";
import { halfTerm, readingOf } from "./halves.ts";

/** What both engines are made from: a backend, taken apart into numbers. */
export interface Plan {
  readonly backend: ArchBackend;
  readonly pteBits: 32 | 64;
  /** Bytes of the word. */
  readonly pteBytes: 4 | 8;
  /** Bytes that a PTE takes in a dump: the word, and its copies where it has some. */
  readonly storedBytes: number;
  /** Width of the type in a swp_entry_t. */
  readonly typeBits: number;
  /** Number of the kind (its place in KINDS) of every type. */
  readonly kinds: readonly number[];
  readonly readType: Reading;
  readonly readOffset: Reading;
  /** Bit n of the flags is FLAG_NAMES[n]. */
  readonly readFlags: Reading;
  readonly writeType: readonly Run[];
  readonly writeOffset: readonly Run[];
  readonly writeFlags: readonly Run[];
  /** What encode writes beside type, offset and flags: the constant bits, and what inversion sets. */
  readonly constant: bigint;
  readonly empty: bigint;
  readonly none: readonly HalfTerm[];
  readonly present: readonly HalfTerm[];
  readonly maxType: number;
  readonly maxOffset: bigint;
  /** For each byte of a PTE in memory, lowest address first: which byte of the word, 0 the least significant. */
  readonly byteOrder: readonly number[];
  /** The type of PTE markers, or -1. */
  readonly markerType: number;
}

/** How the words of the input lie: as numbers of this machine, or as the bytes of a dump. */
export type Stored = "numbers" | "bytes";

/** The number of a kind: its place in KINDS. */
export const NONE: number = KINDS.indexOf("none");
export const PRESENT: number = KINDS.indexOf("present");
export const SWAP: number = KINDS.indexOf("swap");

/**
 * A backend, taken apart.
 *
 * @throws PtekitError `BAD_LAYOUT` where a field or predicate cannot be compiled, naming it.
 */
export function planOf(backend: ArchBackend): Plan {
  checkBackend(backend);
  const problems = problemsOf(backend);
  if (problems.length > 0) throw new PtekitError("BAD_LAYOUT", problems.join("; "));
  const { layout, kernel, types } = backend;
  const typeBits = longBitsOf(layout) - kernel.swpTypeShift;
  const typeRows = rowsOf(layout, "swpType");
  const offsetRows = rowsOf(layout, "swpOffset");
  const written = [...typeRows, ...offsetRows].filter((row) => row.access !== "decode");
  const pteBytes = layout.pteBits === 32 ? 4 : 8;
  const kinds = Array.from({ length: 2 ** typeBits }, (_, type) => kindNumber(typeMeaning(types, type)));
  return {
    backend,
    pteBits: layout.pteBits,
    pteBytes,
    storedBytes: pteBytesOf(layout),
    typeBits,
    kinds,
    readType: reading(typeRows, typeBits),
    readOffset: reading(offsetRows, kernel.swpTypeShift),
    readFlags: readingOf(flagRuns(layout.fields, "encode")),
    writeType: writing(typeRows, bitLength(BigInt(backend.maxType))),
    writeOffset: writing(offsetRows, bitLength(backend.maxOffset)),
    writeFlags: flagRuns(layout.fields, "decode"),
    constant:
      rowsOf(layout, "ones").reduce((mask, row) => mask | maskOf(row), 0n) |
      written.reduce((mask, row) => (row.inverted ? mask | maskOf(row) : mask), 0n),
    empty: emptyPte(layout),
    none: layout.none.map(halfTerm),
    present: layout.present.map(halfTerm),
    maxType: backend.maxType,
    maxOffset: backend.maxOffset,
    byteOrder: byteOrderOf(backend, pteBytes),
    markerType: kinds.indexOf(KINDS.indexOf("marker")),
  };
}

/** The number of what a type means: read and write variants of a kind are one kind. */
function kindNumber(meaning: string): number {
  return KINDS.findIndex((kind) => meaning === kind || meaning.startsWith(`${kind}-`));
}

/** Bits of the largest type that can be read at all. */
export const readableBits = ({ readType: { runs, flip } }: Plan): number =>
  bitLength(runs.reduce((mask, run) => mask | ones(run.value, run.width), flip));

const bitLength = (value: bigint): number => (value === 0n ? 0 : value.toString(2).length);

/** The rows that decode reads, cut to the bits that a swp_entry_t has for the value. */
function reading(rows: readonly Field[], bits: number): Reading {
  const read = rows
    .filter((row) => row.access !== "encode" && row.from < bits)
    .map((row) => ({ row, width: Math.min(widthOf(row), bits - row.from) }));
  return readingOf(
    read.map(({ row, width }) => ({ pte: row.low, value: row.from, width })),
    read.reduce((mask, { row, width }) => (row.inverted ? mask | ones(row.from, width) : mask), 0n),
  );
}

/** The rows that encode writes, for values of so many bits; an unmasked row takes all that is left of the value. */
function writing(rows: readonly Field[], bits: number): Run[] {
  return rows
    .filter((row) => row.access !== "decode" && row.from < bits)
    .map((row) => ({
      pte: row.low,
      value: row.from,
      width: row.unmasked ? bits - row.from : Math.min(widthOf(row), bits - row.from),
    }));
}

function flagRuns(fields: readonly Field[], not: "encode" | "decode"): Run[] {
  return fields
    .filter((row) => FLAG_NAMES.includes(row.kind as FlagName) && row.access !== not)
    .map((row) => ({ pte: row.low, value: FLAG_NAMES.indexOf(row.kind as FlagName), width: 1 }));
}

/** `width` ones from bit `low` on. */
export const ones = (low: number, width: number): bigint => ((1n << BigInt(width)) - 1n) << BigInt(low);

/** Read off the backend's own conversion: byte n of the word holds n. */
function byteOrderOf(backend: ArchBackend, pteBytes: number): number[] {
  const word = Array.from({ length: pteBytes }, (_, n) => BigInt(n) << BigInt(8 * n)).reduce((a, b) => a | b);
  return [...backend.toBytes(word).subarray(0, pteBytes)];
}
