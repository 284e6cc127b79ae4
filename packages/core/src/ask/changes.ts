import { bitsText, hex, runsText } from "../data/bits.ts";
import type { Layout } from "../data/layout.ts";
import { emptyPte, longBitsOf, rowsOf } from "../data/layout.ts";
import { predicateText } from "../data/predicate-text.ts";
import type { PresentKind, PresentLayout } from "../data/present.ts";
import type { FieldKind } from "../data/row.ts";
import type { ArchBackend } from "../interface/backend.ts";
import { requireKernel } from "../util/require.ts";
import { capacityOf } from "./capacity.ts";
import { freePresentBits } from "./free-present.ts";
import { sizeText } from "./sizes.ts";

/** Something that is not the same on two kernels, in words. */
export interface Change {
  /** `offset`, `MAX_SWAPFILES` */
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

const kinds: readonly (readonly [string, FieldKind])[] = [
  ["type", "swpType"],
  ["offset", "swpOffset"],
  ["exclusive", "exclusive"],
  ["soft-dirty", "softDirty"],
  ["uffd-wp", "uffdWp"],
  ["must be zero", "zeros"],
  ["must be one", "ones"],
  ["hardware may set", "hardware"],
  ["changed by set_pte()", "setPte"],
  ["dropped", "dropped"],
];

/** What one can say of a side; the same words on both sides are no change. */
const facts: readonly (readonly [string, (side: ArchBackend) => string])[] = [
  ["PTE", ({ layout }) => `${layout.pteBits} bits`],
  ["swp_entry_t", ({ layout }) => `${longBitsOf(layout)} bits`],
  ...kinds.map(([name, kind]) => [name, (side: ArchBackend) => placeOf(side.layout, kind)] as const),
  ["spare bits", (side) => runsText(side.spareBits().free)],
  ["empty PTE", ({ layout }) => hex(emptyPte(layout), layout.pteBits)],
  ["pte_present()", ({ layout }) => predicateText(layout.present, layout.pteBits)],
  ["pte_none()", ({ layout }) => predicateText(layout.none, layout.pteBits)],
  ["uffd-wp of present PTEs", (side) => presentPlace(side, "uffdWp")],
  ["soft-dirty of present PTEs", (side) => presentPlace(side, "softDirty")],
  ["software bits of present PTEs", ({ present }) => presentNames(present)],
  ["free bits of present PTEs", ({ present }) => (present ? runsText(freePresentBits(present)) : UNTOLD)],
  ["SWP_TYPE_SHIFT", ({ kernel }) => String(kernel.swpTypeShift)],
  ["SWP_PFN_BITS", ({ kernel }) => String(kernel.pfnBits)],
  ["young and dirty of migration", ({ kernel }) => (kernel.migrationAd === true ? "kept" : "not kept")],
  ["MAX_SWAPFILES", ({ types }) => String(types.maxSwapfiles)],
  [
    "special types",
    ({ types }) => types.special.map(({ type, name }) => `${type} ${name}`).join(", ") || "none",
  ],
  ["markers", ({ types }) => types.markers.map(({ value, name }) => `${value} ${name}`).join(", ") || "none"],
  ["largest swap file, layout", (side) => capacityText(side, "layoutBytes")],
  ["largest swap file, kernel", (side) => capacityText(side, "maxBytes")],
];

function capacityText({ layout, types, kernel }: ArchBackend, key: "layoutBytes" | "maxBytes"): string {
  return sizeText(capacityOf(layout, types, kernel)[key], 1n << BigInt(kernel.pageShift));
}

const UNTOLD = "not described";

function presentPlace({ present }: ArchBackend, kind: PresentKind): string {
  if (present === null) return UNTOLD;
  const row = present.fields.find((field) => field.kind === kind);
  return row ? bitsText(row.high, row.low) : "no bit";
}

function presentNames(present: PresentLayout | null): string {
  if (present === null) return UNTOLD;
  const rows = present.fields.filter(({ kind }) => kind === "software");
  return (
    rows.map(({ high, low, name }) => `${high === low ? high : `${high}:${low}`} ${name}`).join(", ") ||
    "none"
  );
}

/** Where a layout keeps something: `bits 58:9, inverted`, or `no bit`. */
export function placeOf(layout: Layout, kind: FieldKind): string {
  const rows = rowsOf(layout, kind);
  if (rows.length === 0) return "no bit";
  const places = rows.map(
    (row) => `${bitsText(row.high, row.low)}${row.access === "both" ? "" : ` (${row.access} only)`}`,
  );
  return `${places.join(" and ")}${rows.some((row) => row.inverted) ? ", inverted" : ""}`;
}

/** What is not the same on two kernels, of one architecture or of two; empty where nothing moved. */
export function changes(from: ArchBackend, to: ArchBackend): Change[] {
  requireKernel(from);
  requireKernel(to);
  return facts
    .map(([what, say]) => ({ what, from: say(from), to: say(to) }))
    .filter((change) => change.from !== change.to);
}
