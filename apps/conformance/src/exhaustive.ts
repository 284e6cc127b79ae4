import type { ColumnsU32, Decoder } from "@ptekit/bulk";
import { compile } from "@ptekit/bulk";
import { subjectsOf } from "@ptekit/conformance-kit";
import type { ArchBackend, Architecture, Predicate, Term } from "@ptekit/core";
import { FLAG_NAMES, hex, KINDS, losesWhatItWrites, matches, rowsOf } from "@ptekit/core";

// Every word that there is of a layout with 32-bit PTEs, through both engines of @ptekit/bulk.

/** What all words of one layout showed. */
export interface ExhaustiveResult {
  readonly arch: string;
  readonly layout: string;
  readonly words: number;
  /** Words that are neither none nor present. */
  readonly entries: number;
  /** Words that encode writes for some entry. */
  readonly written: number;
  readonly failed: number;
  /** The first failures, in sentences. */
  readonly failures: readonly string[];
}

/** The words from one up to another, a multiple of BLOCK apart. */
export interface Words {
  readonly from: number;
  readonly to: number;
}

/** Words looked at together. */
export const BLOCK: number = 2 ** 14;
const KEPT = 10;
export const ALL_WORDS: Words = { from: 0, to: 2 ** 32 };

/** The layouts with 32-bit PTEs, each once whatever it is called: the same rules give the same answers. */
export function narrowBackends(archs: readonly Architecture[]): ArchBackend[] {
  const backends = archs.flatMap(subjectsOf).map(({ backend }) => backend);
  const seen = new Set<string>();
  return backends.filter((backend) => {
    const rules = rulesText(backend);
    if (backend.layout.pteBits !== 32 || seen.has(rules)) return false;
    seen.add(rules);
    return true;
  });
}

/** All of a layout that its words' answers come from: rows, predicates, where the type stands, which types there are. */
export function rulesText({ layout, kernel, types }: ArchBackend): string {
  const { fields, present, none, empty, exceptions } = layout;
  const rows = fields.map(({ note: _, ...row }) => row);
  return JSON.stringify([rows, present, none, empty, exceptions, kernel.swpTypeShift, types], (_, value) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}

/**
 * All these words of a layout: decoded and encoded again by both engines, which must agree; held to the layout's
 * predicates; what encode writes read back as the same entry; and on what it writes, spare bits changing nothing.
 * `progress` is told now and then where it is.
 */
export async function exhaust(
  backend: ArchBackend,
  { from, to }: Words,
  progress: (what: string) => void,
): Promise<ExhaustiveResult> {
  const simd = await compile(backend, { engine: "simd", offsets: "u32" });
  const plain = await compile(backend, { engine: "javascript", offsets: "u32" });
  const one = workOn(simd);
  const other = workOn(plain);
  const back = workOn(simd);
  const flipped = workOn(simd);
  const rules = rulesOf(backend);
  const failures: string[] = [];
  let failed = 0;
  let entries = 0;
  let written = 0;
  const fail = (word: number, sentence: string): void => {
    failed++;
    if (failures.length < KEPT) failures.push(`${hex(BigInt(word), 32)}: ${sentence}`);
  };
  for (let first = from; first < to; first += BLOCK) {
    if (first % 2 ** 24 === 0) progress(`${backend.layout.id}, words from ${hex(BigInt(first), 32)} on`);
    one.decode(first, 0);
    other.decode(first, 0);
    report(differing(one.columns, other.columns), (row) =>
      fail(first + row, "the engines read it differently"),
    );
    report(rules.misread(one.words, one.columns.kind), (row) =>
      fail(
        first + row,
        `read as ${KINDS[one.columns.kind[row] as number]}, against pte_none() or pte_present()`,
      ),
    );
    entries += keepEncodable(one.columns, rules);
    copyColumns(one.columns, other.columns);
    const words = one.encode();
    const others = other.encode();
    if (!sameBytes(words, others)) {
      words.forEach((word, row) => {
        if (word !== others[row]) fail(first + row, "the engines encode its entry differently");
      });
    }
    // What was encoded says the same, unless it is none: then there is nothing left to say.
    back.words.set(words);
    back.decodeWords();
    report(differing(one.columns, back.columns), (row) => {
      const word = words[row] as number;
      if (rules.excused(word, back.columns.kind[row] as number)) return;
      fail(first + row, `its entry is written as ${hex(BigInt(word), 32)}, which is read differently`);
    });
    const isWritten = writtenRows(words, first, back.columns.kind);
    const count = isWritten.reduce((sum, is) => sum + is, 0);
    written += count;
    if (count === 0) continue;
    one.decode(first, 0);
    for (const spare of rules.spare) {
      flipped.decode(first, spare);
      report(differing(one.columns, flipped.columns), (row) => {
        if (isWritten[row]) fail(first + row, `spare bit ${Math.log2(spare)} changes what it says`);
      });
    }
  }
  return {
    arch: backend.arch,
    layout: backend.layout.id,
    words: to - from,
    entries,
    written,
    failed,
    failures,
  };
}

/** What a layout's words showed, in lines. */
export function exhaustiveText(result: ExhaustiveResult): string {
  const { layout, words, entries, written, failed, failures } = result;
  const head = `${layout}: ${words} words, ${entries} entries, ${written} of them written by encode: `;
  return [
    head + (failed === 0 ? "both engines agree" : `${failed} failed`),
    ...failures.map((line) => `  ${line}`),
  ].join("\n");
}

interface Work {
  readonly words: Uint32Array;
  readonly columns: ColumnsU32;
  /** Decodes the words from `first` on, with the bits of `flip` the other way round. */
  decode(first: number, flip: number): void;
  decodeWords(): void;
  encode(): Uint32Array;
}

function workOn(decoder: Decoder<"u32">): Work {
  const memory = decoder.memory(BLOCK);
  const words = memory.words as Uint32Array;
  const columns = memory.columns;
  // Whole numbers of 32 bits, which the engine need not take for fractions; `first` is a multiple of BLOCK.
  const integers = new Int32Array(words.buffer, words.byteOffset, words.length);
  return {
    words,
    columns,
    decode(first, flip) {
      const high = (first ^ flip) | 0;
      for (let row = 0; row < BLOCK; row++) integers[row] = high ^ row;
      decoder.decode(words, columns);
    },
    decodeWords: () => void decoder.decode(words, columns),
    // A copy: the words' own place is needed for the next words.
    encode: () => decoder.encode(columns, words).slice(),
  };
}

/** The layout's own rules on numbers, beside what the engines make of them. */
interface Rules {
  /** The rows whose kind contradicts the predicates. */
  misread(words: Uint32Array, kinds: Uint8Array): number[];
  /** The most that encode takes, and the bits of flags that it writes. */
  readonly maxType: number;
  readonly maxOffset: number;
  readonly flags: number;
  /** Whether what encode wrote may be read as something else. */
  excused(word: number, kind: number): boolean;
  /** The spare bits, as masks. */
  readonly spare: readonly number[];
}

const NONE = KINDS.indexOf("none");
const PRESENT = KINDS.indexOf("present");

function rulesOf(backend: ArchBackend): Rules {
  const { layout, maxType, maxOffset } = backend;
  const none = testOf(layout.none);
  const present = testOf(layout.present);
  const exceptions = layout.exceptions ?? [];
  const loses = losesWhatItWrites(layout);
  return {
    misread(words, kinds) {
      const found: number[] = [];
      for (let row = 0; row < BLOCK; row++) {
        const word = (words[row] as number) | 0;
        const kind = kinds[row] as number;
        const isRight = none(word) ? kind === NONE : present(word) ? kind === PRESENT : kind > PRESENT;
        if (!isRight) found.push(row);
      }
      return found;
    },
    maxType,
    maxOffset: Number(maxOffset),
    flags: FLAG_NAMES.reduce(
      (mask, flag, bit) =>
        rowsOf(layout, flag).some((row) => row.access !== "decode") ? mask | (1 << bit) : mask,
      0,
    ),
    excused: (word, kind) =>
      kind === NONE || loses || exceptions.some(({ words }) => matches(words, BigInt(word))),
    spare: layout.fields
      .filter((row) => row.kind === "spare" || row.kind === "dropped")
      .flatMap((row) => Array.from({ length: row.high - row.low + 1 }, (_, i) => (1 << (row.low + i)) >>> 0)),
  };
}

/** Empties the rows that encode does not take; how many rows are neither none nor present. */
function keepEncodable(
  { kind, type, flags, offsetLow, offsetHigh }: ColumnsU32,
  { maxType, maxOffset, flags: writable }: Rules,
): number {
  let entries = 0;
  for (let row = 0; row < BLOCK; row++) {
    const isEntry = (kind[row] as number) > PRESENT;
    if (isEntry) entries++;
    if (
      isEntry &&
      (type[row] as number) <= maxType &&
      ((flags[row] as number) & ~writable) === 0 &&
      offsetHigh[row] === 0 &&
      (offsetLow[row] as number) <= maxOffset
    )
      continue;
    kind[row] = 0;
    type[row] = 0;
    flags[row] = 0;
    offsetLow[row] = 0;
    offsetHigh[row] = 0;
  }
  return entries;
}

/** 1 for each row whose entry was encoded as the word it was read from. */
function writtenRows(words: Uint32Array, first: number, kinds: Uint8Array): Uint8Array {
  const rows = new Uint8Array(BLOCK);
  const high = first | 0;
  for (let row = 0; row < BLOCK; row++)
    rows[row] = ((words[row] as number) | 0) === (high ^ row) && (kinds[row] as number) > PRESENT ? 1 : 0;
  return rows;
}

/** A predicate on a 32-bit number. */
function testOf(predicate: Predicate): (word: number) => boolean {
  const terms = (predicate as readonly Term[]).map(({ mask, op, value }) => ({
    mask: Number(mask) | 0,
    value: Number(value) | 0,
    equal: op === "==",
  }));
  const [first, second = first] = terms;
  if (!first || !second) throw new RangeError("a predicate without terms");
  return (word) =>
    ((word & first.mask) === first.value) === first.equal ||
    ((word & second.mask) === second.value) === second.equal;
}

type Column = Uint8Array | Uint32Array;

const arraysOf = ({ kind, type, flags, offsetLow, offsetHigh }: ColumnsU32): Column[] => [
  kind,
  type,
  flags,
  offsetLow,
  offsetHigh,
];

const sameBytes = (a: Column, b: Column): boolean =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));

/** The rows in which two sets of columns differ. */
function differing(a: ColumnsU32, b: ColumnsU32): number[] {
  const [ours, theirs] = [arraysOf(a), arraysOf(b)];
  if (ours.every((column, i) => sameBytes(column, theirs[i] as Column))) return [];
  return Array.from({ length: BLOCK }, (_, row) => row).filter((row) => !sameRow(a, b, row));
}

const sameRow = (a: ColumnsU32, b: ColumnsU32, row: number): boolean =>
  a.kind[row] === b.kind[row] &&
  a.type[row] === b.type[row] &&
  a.flags[row] === b.flags[row] &&
  a.offsetLow[row] === b.offsetLow[row] &&
  a.offsetHigh[row] === b.offsetHigh[row];

function report(rows: readonly number[], tell: (row: number) => void): void {
  for (const row of rows) tell(row);
}

function copyColumns(from: ColumnsU32, to: ColumnsU32): void {
  const targets = arraysOf(to);
  arraysOf(from).forEach((column, i) => void targets[i]?.set(column));
}
