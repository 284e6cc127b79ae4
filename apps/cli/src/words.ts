import type { ArchBackend, Decoded, Layout, PresentField, PresentLayout, RulerRow } from "@ptekit/core";
import {
  hex,
  isPfnInverted,
  meaningOf,
  presentNameOf,
  presentRulerRows,
  rulerRows,
  rulerWithWords,
} from "@ptekit/core";
import type { Colors } from "./output.ts";

/** Reads a word, and gives what prints it; throws where it is none. */
export type Reader = (word: bigint) => () => void;

/** A PTE for people: what it is, its bits over the named fields, and what was assumed. */
export function wordText(backend: ArchBackend, said: Decoded, colors: Colors): string[] {
  const { layout, present, kernel } = backend;
  const bits = layout.pteBits;
  const rows = said.kind === "present" && present ? presentRows(present, said.pte) : rowsOf(layout);
  const entry = "swpEntry" in said ? [`swp_entry_t ${hex(said.swpEntry, layout.longBits ?? bits)}`] : [];
  const assumed = sentencesOf(backend, said);
  return [
    `${colors.bold(hex(said.pte, bits))}  ${colors.green(meaningOf(backend, said))}`,
    colors.dim([...entry, `layout ${said.layout}`, `Linux ${kernel.release}`].join(" · ")),
    ...setNames(backend, said),
    "",
    ...indented(rulerWithWords(rows, bits, [{ word: said.pte, label: "pte" }])),
    ...(assumed.length > 0 ? ["", ...assumed.map((text) => colors.yellow(`assumed: ${text}`))] : []),
  ];
}

/** What is to be said beside an answer about a whole kernel: each default that could change it, and its notes. */
export const caveatsOf = (backend: ArchBackend): string[] => [
  ...backend.assumed.map((sentence) => `assumed: ${sentence}`),
  ...backend.notes.map((sentence) => `note: ${sentence}`),
];

/** Each default that changed an answer, once, and the answer that it would be otherwise. */
function sentencesOf(backend: ArchBackend, said: Decoded): string[] {
  const others = new Map<string, string>();
  for (const { sentence, otherwise } of said.assumed) {
    if (others.has(sentence)) continue;
    others.set(
      sentence,
      otherwise === null ? sentence : `${sentence}; otherwise ${meaningOf(backend, otherwise)}`,
    );
  }
  return [...others.values()];
}

// The same rows are drawn for many words; core keeps what it drew for rows that it has seen.
const drawnRows = new WeakMap<Layout | PresentLayout, readonly RulerRow[]>();
const invertedRows = new WeakMap<PresentLayout, readonly RulerRow[]>();

function rowsOf(layout: Layout): readonly RulerRow[] {
  const rows = drawnRows.get(layout) ?? rulerRows(layout);
  drawnRows.set(layout, rows);
  return rows;
}

function presentRows(present: PresentLayout, pte: bigint): readonly RulerRow[] {
  const drawn = isPfnInverted(present, pte) ? invertedRows : drawnRows;
  const rows = drawn.get(present) ?? presentRulerRows(present, pte);
  drawn.set(present, rows);
  return rows;
}

/** A drawing's lines, two spaces in. */
export const indented = (drawing: string): string[] =>
  drawing.split("\n").map((line) => (line === "" ? "" : `  ${line}`));

/** The names of the bits that are set in a present PTE. */
function setNames(backend: ArchBackend, said: Decoded): string[] {
  if (said.kind !== "present" || !backend.present || said.pfn === undefined) return [];
  const nameOf = (row: PresentField): string => {
    const { kind, high, low } = row;
    const isFree = kind === "free";
    return isFree ? `free-${high === low ? high : `${high}:${low}`}` : presentNameOf(backend, row, said.pte);
  };
  const names = backend.present.fields
    .filter(
      (row) =>
        row.kind !== "pfn" &&
        ((said.pte >> BigInt(row.low)) & ((2n << BigInt(row.high - row.low)) - 1n)) !== 0n,
    )
    .map(nameOf);
  return names.length > 0 ? [names.join(" ")] : [];
}
