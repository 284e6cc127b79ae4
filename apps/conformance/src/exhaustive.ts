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

/** The layouts with 32-bit PTEs, each once whatever it is called: the same rows and predicates give the same answers. */
export function narrowBackends(archs: readonly Architecture[]): ArchBackend[] {
  const backends = archs.flatMap(subjectsOf).map(({ backend }) => backend);
  const seen = new Set<string>();
  return backends.filter(({ layout, kernel, types }) => {
    const { fields, present, none, empty, exceptions, pteBits } = layout;
    const rows = fields.map(({ note: _, ...row }) => row);
    const key = JSON.stringify(
      [rows, present, none, empty, exceptions, kernel.swpTypeShift, types],
      (_, value) => (typeof value === "bigint" ? value.toString() : value),
    );
    if (pteBits !== 32 || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
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
    for (let row = 0; row < BLOCK; row++) {
      const wrong = rules.misread(first + row, one.columns.kind[row] as number);
      if (wrong !== null) fail(first + row, wrong);
      if ((one.columns.kind[row] as number) > 1) entries++;
      if (!rules.encodable(one.columns, row)) clear(one.columns, row);
    }
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
    for (let row = 0; row < BLOCK; row++) if (isWritten(row)) written++;
    one.decode(first, 0);
    for (const spare of rules.spare) {
      flipped.decode(first, spare);
      report(differing(one.columns, flipped.columns), (row) => {
        if (isWritten(row)) fail(first + row, `spare bit ${Math.log2(spare)} changes what it says`);
      });
    }

    function isWritten(row: number): boolean {
      return (words[row] as number) === first + row && (back.columns.kind[row] as number) > 1;
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
  return {
    words,
    columns,
    decode(first, flip) {
      for (let row = 0; row < BLOCK; row++) words[row] = (first + row) ^ flip;
      decoder.decode(words, columns);
    },
    decodeWords: () => void decoder.decode(words, columns),
    // A copy: the words' own place is needed for the next words.
    encode: () => decoder.encode(columns, words).slice(),
  };
}

/** The layout's own rules on numbers, beside what the engines make of them. */
interface Rules {
  /** How the kind contradicts the predicates, or null. */
  misread(word: number, kind: number): string | null;
  encodable(columns: ColumnsU32, row: number): boolean;
  /** Whether what encode wrote may be read as something else. */
  excused(word: number, kind: number): boolean;
  /** The spare bits, as masks. */
  readonly spare: readonly number[];
}

function rulesOf(backend: ArchBackend): Rules {
  const { layout, maxType, maxOffset } = backend;
  const none = testOf(layout.none);
  const present = testOf(layout.present);
  const flags = FLAG_NAMES.reduce(
    (mask, flag, bit) =>
      rowsOf(layout, flag).some((row) => row.access !== "decode") ? mask | (1 << bit) : mask,
    0,
  );
  const largest = Number(maxOffset);
  const exceptions = layout.exceptions ?? [];
  const loses = losesWhatItWrites(layout);
  const isNone = KINDS.indexOf("none");
  const isPresent = KINDS.indexOf("present");
  return {
    misread(word, kind) {
      const wanted = none(word) ? isNone : present(word) ? isPresent : -1;
      if (wanted < 0 ? kind > isPresent : kind === wanted) return null;
      return `read as ${KINDS[kind]}, against pte_none() or pte_present()`;
    },
    encodable: ({ kind, type, flags: bits, offsetLow, offsetHigh }, row) =>
      (kind[row] as number) > isPresent &&
      (type[row] as number) <= maxType &&
      ((bits[row] as number) & ~flags) === 0 &&
      offsetHigh[row] === 0 &&
      (offsetLow[row] as number) <= largest,
    excused: (word, kind) =>
      kind === isNone || loses || exceptions.some(({ words }) => matches(words, BigInt(word))),
    spare: layout.fields
      .filter((row) => row.kind === "spare" || row.kind === "dropped")
      .flatMap((row) => Array.from({ length: row.high - row.low + 1 }, (_, i) => (1 << (row.low + i)) >>> 0)),
  };
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

/** Makes a row an empty PTE's. */
function clear({ kind, type, flags, offsetLow, offsetHigh }: ColumnsU32, row: number): void {
  kind[row] = 0;
  type[row] = 0;
  flags[row] = 0;
  offsetLow[row] = 0;
  offsetHigh[row] = 0;
}

function copyColumns(from: ColumnsU32, to: ColumnsU32): void {
  const targets = arraysOf(to);
  arraysOf(from).forEach((column, i) => void targets[i]?.set(column));
}
