import type { Layout } from "../data/layout.ts";
import type { Field, FieldKind } from "../data/row.ts";
import { requireLayout } from "../util/require.ts";
import { legend } from "./diagram.ts";

const CELL = 28;
const LEFT = 16;
const BAND = 92;
const TOP = 64;
const WIDTH = 32 * CELL + 2 * LEFT;

const names: Readonly<Record<FieldKind, string>> = {
  swpType: "type",
  swpOffset: "offset",
  exclusive: "E",
  softDirty: "S",
  uffdWp: "F",
  zeros: "0",
  ones: "1",
  hardware: "H",
  setPte: "s",
  dropped: "d",
  spare: "X",
};

const fills: Readonly<Record<FieldKind, string>> = {
  swpType: "#cfe3ff",
  swpOffset: "#e4f1da",
  exclusive: "#ffe0b8",
  softDirty: "#ffe0b8",
  uffdWp: "#ffe0b8",
  zeros: "#e6e6e6",
  ones: "#e6e6e6",
  hardware: "#f6d0d0",
  setPte: "#f6d0d0",
  dropped: "#f1e4f7",
  spare: "#ffffff",
};

/** A layout as the text of an SVG picture: the ruler, 32 bits to a band, and the legend with its source below. */
export function layoutSvg(layout: Layout): string {
  requireLayout(layout);
  const bands = layout.pteBits / 32;
  const lines = [...legend(layout), `Source: ${layout.citation}`].flatMap((line) => wrapped(line, 108));
  const legendTop = TOP + bands * BAND + 12;
  const height = legendTop + lines.length * 18 + 12;
  const parts = Array.from({ length: bands }, (_, index) => band(layout, index));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">
<title id="title">Swap PTE layout ${escaped(layout.id)}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
<g font-family="ui-sans-serif, Helvetica, Arial, sans-serif" fill="#1f2328">
<text x="${LEFT}" y="32" font-size="18" font-weight="600">${escaped(layout.id)}</text>
${parts.join("\n")}
<g font-size="12">
${lines.map((line, i) => `<text x="${LEFT}" y="${legendTop + i * 18}">${escaped(line)}</text>`).join("\n")}
</g>
</g>
</svg>
`;
}

function band(layout: Layout, index: number): string {
  const high = layout.pteBits - 1 - 32 * index;
  const low = high - 31;
  const y = TOP + index * BAND;
  const numbers = Array.from(
    { length: 32 },
    (_, i) => `<text x="${LEFT + i * CELL + CELL / 2}" y="${y}">${high - i}</text>`,
  );
  const boxes = layout.fields
    .filter((row) => row.high >= low && row.low <= high)
    .map((row) => box(row, Math.min(row.high, high), Math.max(row.low, low), high, y + 8));
  return `<g font-size="10" text-anchor="middle" fill="#59636e">
${numbers.join("\n")}
</g>
${boxes.join("\n")}`;
}

function box(row: Field, top: number, bottom: number, bandHigh: number, y: number): string {
  const x = LEFT + (bandHigh - top) * CELL;
  const width = (top - bottom + 1) * CELL;
  const name = (row.inverted ? "~" : "") + names[row.kind];
  return `<rect x="${x}" y="${y}" width="${width}" height="44" fill="${fills[row.kind]}" stroke="#59636e"/>
<text x="${x + width / 2}" y="${y + 27}" font-size="14" text-anchor="middle">${escaped(name)}</text>`;
}

function wrapped(line: string, width: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const at = rest.lastIndexOf(" ", width);
    if (at <= 0) break;
    lines.push(rest.slice(0, at));
    rest = `    ${rest.slice(at + 1)}`;
  }
  return [...lines, rest];
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
