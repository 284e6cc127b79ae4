import { isPfnInverted } from "../codec/present.ts";
import { bitsText, widthOf } from "../data/bits.ts";
import type { Layout } from "../data/layout.ts";
import type { PresentKind, PresentLayout } from "../data/present.ts";
import type { FieldKind } from "../data/row.ts";
import { requireLayout, requireList } from "../util/require.ts";

/** The letter of a single bit. */
const letters: Record<FieldKind, string> = {
  swpType: "t",
  swpOffset: "o",
  exclusive: "E",
  softDirty: "S",
  uffdWp: "F",
  zeros: "0",
  ones: "1",
  hardware: "H",
  setPte: "m",
  dropped: "d",
  spare: "X",
};

const meanings: Record<FieldKind, string> = {
  swpType: "swap type",
  swpOffset: "swap offset",
  exclusive: "exclusive",
  softDirty: "soft-dirty",
  uffdWp: "uffd-wp",
  zeros: "zero",
  ones: "one",
  hardware: "hardware may set it",
  setPte: "changed by set_pte()",
  dropped: "dropped by the swp_entry_t conversion",
  spare: "spare",
};

/** A row to draw: a run of bits, a name where there is room, a letter where there is not. */
export interface RulerRow {
  readonly high: number;
  readonly low: number;
  /** Drawn as `<-- name -->` where it fits. */
  readonly name?: string;
  /** Drawn for each bit otherwise. */
  readonly letter: string;
}

/** The kernel's ruler: bit numbers above, fields below, 32 bits to a band. */
export function ruler(rows: readonly RulerRow[], bits: 32 | 64): string {
  requireList(rows, "rows");
  return topsOf(bits)
    .map((top) => band(rows, top))
    .join("\n\n");
}

/** The highest bit of each band. */
const topsOf = (bits: 32 | 64): number[] => (bits === 64 ? [63, 31] : [31]);

/** The ruler with words under it, one line a word, and a mark under every bit in which they differ. */
export function rulerWithWords(
  rows: readonly RulerRow[],
  bits: 32 | 64,
  words: readonly { readonly word: bigint; readonly label: string }[],
): string {
  requireList(rows, "rows");
  requireList(words, "words with their labels");
  const margin = Math.max(0, ...words.map(({ label }) => label.length)) + 1;
  const differing = words.reduce((mask, { word }) => mask | (word ^ (words[0]?.word ?? word)), 0n);
  const drawn = (label: string, digits: string): string =>
    (label.padEnd(margin) + [...digits].join(" ")).trimEnd();
  const bands = topsOf(bits).map((top) => {
    const digits = (word: bigint): string =>
      BigInt.asUintN(32, word >> BigInt(top - 31))
        .toString(2)
        .padStart(32, "0");
    const lines = [
      ...bandOf(rows, top)
        .split("\n")
        .map((text) => " ".repeat(margin) + text),
      ...words.map(({ word, label }) => drawn(label, digits(word))),
      drawn("", digits(differing).replaceAll("0", " ").replaceAll("1", "^")),
    ];
    return lines.filter((text) => text !== "").join("\n");
  });
  return bands.join("\n\n");
}

// Many words are drawn under the same rows.
const known = new WeakMap<readonly RulerRow[], Map<number, string>>();

function bandOf(rows: readonly RulerRow[], top: number): string {
  const bands = known.get(rows) ?? new Map<number, string>();
  known.set(rows, bands);
  const text = bands.get(top) ?? band(rows, top);
  bands.set(top, text);
  return text;
}

function band(rows: readonly RulerRow[], top: number): string {
  const bits = Array.from({ length: 32 }, (_, i) => top - i);
  const tens = bits.map((bit) => (bit < 10 ? " " : String(Math.floor(bit / 10)))).join(" ");
  const units = bits.map((bit) => String(bit % 10)).join(" ");
  const drawn = rows
    .filter((row) => row.high > top - 32 && row.low <= top)
    .map((row) => segment(row, Math.min(row.high, top), Math.max(row.low, top - 31)))
    .join(" ");
  return [tens, units, drawn].map((line) => line.trimEnd()).join("\n");
}

/** A row's part in one band; an open end means that it goes on in the other. */
function segment(row: RulerRow, high: number, low: number): string {
  const width = 2 * (high - low + 1) - 1;
  const name = row.name ?? "";
  if (name === "" || width < name.length + 2) {
    return Array.from({ length: high - low + 1 }, () => row.letter).join(" ");
  }
  const label = width < name.length + 4 ? name : ` ${name} `;
  const left = high === row.high ? "<" : "-";
  const right = low === row.low ? ">" : "-";
  const dashes = width - 2 - label.length;
  return left + "-".repeat(Math.floor(dashes / 2)) + label + "-".repeat(Math.ceil(dashes / 2)) + right;
}

/** The rows of a layout, as the ruler draws them. */
export function rulerRows(layout: Layout): RulerRow[] {
  requireLayout(layout);
  return layout.fields.map((row) => {
    const name = row.kind === "swpType" ? "type" : row.kind === "swpOffset" ? "offset" : undefined;
    const shown = name === undefined ? {} : { name: (row.inverted ? "~" : "") + name };
    return { high: row.high, low: row.low, letter: letters[row.kind], ...shown };
  });
}

const presentLetters: Record<PresentKind, string> = {
  pfn: "p",
  uffdWp: "F",
  softDirty: "S",
  hardware: "m",
  software: "s",
  free: "X",
};

/**
 * The rows of a present PTE, as the ruler draws them: `m` bits of the MMU, `s` software bits, `X` free ones; `~pfn` where
 * this one stores it inverted.
 */
export function presentRulerRows(present: PresentLayout, pte?: bigint): RulerRow[] {
  requireLayout(present);
  const pfn = pte !== undefined && isPfnInverted(present, pte) ? "~pfn" : "pfn";
  return present.fields.map(({ kind, high, low }) => ({
    high,
    low,
    letter: presentLetters[kind],
    ...(kind === "pfn" ? { name: pfn } : {}),
  }));
}

/** A layout in the kernel's ruler style. */
export function diagram(layout: Layout): string {
  requireLayout(layout);
  return ruler(rulerRows(layout), layout.pteBits);
}

/** One line for each row of a layout, the highest first: letter, bits, meaning, reason. */
export function legend(layout: Layout): string[] {
  requireLayout(layout);
  return layout.fields.map((row) => {
    const what = [meanings[row.kind]];
    if (row.from > 0) what.push(`its ${bitsText(row.from + widthOf(row) - 1, row.from)}`);
    if (row.inverted) what.push("stored as its bitwise NOT");
    if (row.unmasked) what.push("not masked on encode");
    if (row.access === "decode") what.push("read but never written");
    if (row.access === "encode") what.push("written but never read");
    if (row.note !== "") what.push(row.note);
    return `${letters[row.kind]} ${bitsText(row.high, row.low)}: ${what.join(", ")}`;
  });
}
