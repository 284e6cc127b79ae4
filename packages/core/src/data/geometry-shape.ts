import { citation, conditions, predicate } from "./common-shapes.ts";
import type { AddressField, Geometry, Level, Root, UpperEntry } from "./geometry.ts";
import { LEVEL_NAMES } from "./geometry.ts";
import type { Check } from "./shape.ts";
import { difference, flag, list, oneOf, optional, record, text, whole, word } from "./shape.ts";

const fields = list(record<AddressField>("a field", { high: whole, low: whole, to: whole }));

const upperEntry = record<UpperEntry>("an upper entry", {
  bytes: oneOf(4, 8),
  none: predicate,
  table: predicate,
  leaf: optional(predicate),
  address: fields,
  plus: optional(difference),
  page: optional(fields),
  linear: optional(word),
});

const level = record<Level>("a level", {
  name: oneOf(...LEVEL_NAMES),
  shift: whole,
  indexBits: whole,
  entry: optional(upperEntry),
  tag: optional(record<NonNullable<Level["tag"]>>("a tag", { mask: word, value: word })),
  region: optional(record<NonNullable<Level["region"]>>("a region", { shift: whole, bits: whole })),
});

const root = record<Root>("a root", {
  align: whole,
  userEntries: optional(whole),
  kernelImage: optional(word),
  register: optional(record<NonNullable<Root["register"]>>("a register", { name: text, address: fields })),
  copy: optional(record<NonNullable<Root["copy"]>>("a copy", { flip: word, what: text })),
});

/** The shape of a geometry. */
export const geometryShape: Check = record<Geometry>(
  "a geometry",
  {
    since: text,
    when: optional(conditions),
    levels: list(level),
    root,
    rootIsTagged: optional(flag),
    signExtended: optional(flag),
    kernelBase: optional(word),
    tagBits: optional(whole),
    pteCopy: optional(record<NonNullable<Geometry["pteCopy"]>>("a copy", { plus: whole, what: text })),
    uncertain: optional(text),
    citation,
  },
  (value, at) => (typeof value.since === "string" ? `${at}: ${geometryLabel(value)}` : undefined),
);

/** `geometry 6.1 (CONFIG_X86_PAE)` */
export function geometryLabel({
  since,
  when,
}: {
  readonly since?: unknown;
  readonly when?: unknown;
}): string {
  const conditions = Array.isArray(when) ? when.join(" and ") : "";
  return `geometry ${String(since)}${conditions === "" ? "" : ` (${conditions})`}`;
}
