import type { ArchBackend, Decoded, Layout, PresentField, PresentLayout, RulerRow } from "@ptekit/core";
import { hex, meaningOf, presentRulerRows, rulerRows, rulerWithWords } from "@ptekit/core";
import { shortHex } from "./numbers.ts";
import type { Colors } from "./output.ts";

/** The keys of `decode --json`, in the issue's order; a key is absent where it does not apply. */
export function jsonOf(backend: ArchBackend, said: Decoded): Record<string, unknown> {
  const { pte, arch, layout, assumed, kind, type, exclusive, softDirty, uffdWp } = said;
  return {
    pte: hex(pte, backend.layout.pteBits),
    arch,
    layout,
    assumed,
    kind,
    type,
    offset: hexOf(said.offset),
    swpEntry: hexOf(said.swpEntry),
    exclusive,
    softDirty,
    uffdWp,
    access: said.access,
    pfn: hexOf(said.pfn),
    young: said.young,
    dirty: said.dirty,
    markers: said.markers,
  };
}

// JSON.stringify() leaves a key out whose value is undefined.
const hexOf = (value: bigint | undefined): string | undefined =>
  value === undefined ? undefined : shortHex(value);

/** A PTE for people: what it is, its bits over the named fields, and what was assumed. */
export function wordText(backend: ArchBackend, said: Decoded, colors: Colors): string[] {
  const { layout, present, kernel } = backend;
  const bits = layout.pteBits;
  const rows = rowsOf(said.kind === "present" && present ? present : layout);
  const entry =
    said.swpEntry === undefined ? [] : [`swp_entry_t ${hex(said.swpEntry, layout.longBits ?? bits)}`];
  return [
    `${colors.bold(hex(said.pte, bits))}  ${colors.green(meaningOf(backend, said))}`,
    colors.dim([...entry, `layout ${said.layout}`, `Linux ${kernel.release}`].join(" · ")),
    ...setNames(backend, said),
    "",
    ...indented(rulerWithWords(rows, bits, [{ word: said.pte, label: "pte" }])),
    ...(said.assumed.length > 0
      ? ["", ...said.assumed.map((text) => colors.yellow(`assumed: ${text}`))]
      : []),
  ];
}

// The same rows are drawn for many words; core keeps what it drew for rows that it has seen.
const drawnRows = new WeakMap<Layout | PresentLayout, readonly RulerRow[]>();

function rowsOf(layout: Layout | PresentLayout): readonly RulerRow[] {
  const rows = drawnRows.get(layout) ?? ("pteBits" in layout ? rulerRows(layout) : presentRulerRows(layout));
  drawnRows.set(layout, rows);
  return rows;
}

/** A drawing's lines, two spaces in. */
export const indented = (drawing: string): string[] =>
  drawing.split("\n").map((line) => (line === "" ? "" : `  ${line}`));

/** The names of the bits that are set in a present PTE. */
function setNames(backend: ArchBackend, said: Decoded): string[] {
  if (said.kind !== "present" || !backend.present) return [];
  const nameOf = ({ kind, name, high, low }: PresentField): string =>
    kind === "free" ? `free-${high === low ? high : `${high}:${low}`}` : name;
  const names = backend.present.fields
    .filter(
      (row) =>
        row.kind !== "pfn" &&
        ((said.pte >> BigInt(row.low)) & ((2n << BigInt(row.high - row.low)) - 1n)) !== 0n,
    )
    .map(nameOf);
  return names.length > 0 ? [names.join(" ")] : [];
}
