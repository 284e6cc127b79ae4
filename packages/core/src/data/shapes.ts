import { given } from "../util/given.ts";
import type { ArchData, Conditional, ConfigSymbol, CpuFeature, Flavour, Unselected } from "./arch.ts";
import { bitsText } from "./bits.ts";
import { begin, citation, conditions, predicate, terms } from "./common-shapes.ts";
import { geometryShape } from "./geometry-shape.ts";
import type { HugetlbLayout, Layout, LayoutException, PmdLayout } from "./layout.ts";
import type { LeafLayout } from "./leaf.ts";
import type { MaybeFree, PresentField, PresentLayout, PresentReads, UserPage } from "./present.ts";
import type { Field } from "./row.ts";
import type { Check } from "./shape.ts";
import {
  flag,
  list,
  oneOf,
  optional,
  record,
  remark,
  table,
  text,
  verb,
  whole,
  wholeFrom,
  word,
} from "./shape.ts";
import type { VmcoreData } from "./vmcore.ts";

// The shape of each part of an architecture's data.

const setting: Check = (value, at, name) =>
  value === "y" || value === "n" || typeof value === "number"
    ? []
    : [`${at}: ${name} is "y", "n" or a number, not ${given(value)}`];

const kind =
  (...kinds: readonly string[]): Check =>
  (value, at) =>
    kinds.includes(value as string) ? [] : [`${at}: a row is ${kinds.join(", ")}, not ${given(value)}`];

const bits: Check = (value, at) =>
  value === 32 || value === 64
    ? []
    : [`${at}: a PTE has 32 or 64 bits here, not ${typeof value === "number" ? value : given(value)}`];

const place: Check = (value, at, name) =>
  typeof value === "number" ? [] : [`${at}: ${name} is the number of a bit, not ${given(value)}`];

/** A row is called by its bits. */
const byBits = (
  { high, low }: { readonly high?: unknown; readonly low?: unknown },
  at: string,
): string | undefined =>
  typeof high === "number" && typeof low === "number" ? `${at}: ${bitsText(high, low)}` : undefined;

/** By whichever key is a text. */
const by =
  <K extends string>(key: K, prefix = "") =>
  (value: { readonly [P in K]?: unknown }, at: string): string | undefined =>
    typeof value[key] === "string" ? `${at}: ${prefix}${value[key]}` : undefined;

const field: Check = (value, at, name) => fieldShape(value, at, name);
const fieldShape = record<Field>(
  "a row",
  {
    kind: kind(
      "swpType",
      "swpOffset",
      "exclusive",
      "softDirty",
      "uffdWp",
      "zeros",
      "ones",
      "hardware",
      "setPte",
      "dropped",
      "spare",
    ),
    high: place,
    low: place,
    from: wholeFrom(0, 63, "a bit of the value"),
    inverted: flag,
    unmasked: flag,
    access: oneOf("both", "encode", "decode"),
    when: conditions,
    otherwise: optional(field),
    stored: optional(oneOf("set", "kept")),
    note: remark,
  },
  byBits,
);

const exception = record<LayoutException>(
  "an exception",
  { property: text, words: predicate, when: optional(conditions), reason: text, citation },
  (value, at) => (typeof value.property === "string" ? `${at}: exception "${value.property}"` : undefined),
);

const pmd = record<PmdLayout>("a pmd", {
  since: optional(text),
  when: conditions,
  fields: optional(list(field)),
  empty: optional(word),
  present: predicate,
  none: optional(predicate),
  exceptions: optional(list(exception)),
  note: optional(text),
  citation,
});

const hugetlb = record<HugetlbLayout>("a hugetlb row", {
  levels: list(oneOf("pte", "pmd", "pud")),
  since: optional(text),
  when: conditions,
  fields: optional(list(field)),
  empty: optional(word),
  present: optional(predicate),
  none: optional(predicate),
  note: optional(text),
  citation,
});

/** The shape of a layout. */
export const layoutShape: Check = record<Layout>(
  "a layout",
  {
    id: text,
    ...begin,
    since: text,
    until: optional(text),
    backportName: optional(text),
    when: optional(conditions),
    pteBits: bits,
    longBits: optional(oneOf(32, 64)),
    fields: list(field),
    misreads: optional(list(field)),
    empty: optional(word),
    present: predicate,
    none: predicate,
    lowWordFirst: optional(flag),
    byteOrder: optional(oneOf("little", "big")),
    copies: optional(wholeFrom(1, 64, "PTEs that say the same")),
    pmd: optional(pmd),
    hugetlb: optional(list(hugetlb)),
    exceptions: optional(list(exception)),
    uncertain: optional(text),
    note: optional(text),
    citation,
  },
  ({ id }, at) =>
    typeof id !== "string" ? undefined : at === "" || id.startsWith(`${at} `) ? id : `${at}: ${id}`,
);

const presentField: Check = record<PresentField>(
  "a row",
  {
    kind: kind("pfn", "uffdWp", "softDirty", "hardware", "software", "free"),
    high: place,
    low: place,
    from: wholeFrom(0, 63, "a bit of the value"),
    name: remark,
    when: conditions,
    below: optional((value, at, name) => presentField(value, at, name)),
    protNone: optional(text),
  },
  byBits,
);

const reads = record<PresentReads>("what is read", {
  write: terms,
  dirty: terms,
  young: terms,
  special: optional(terms),
  protNone: optional(terms),
});

const modify = record<{ keeps?: bigint; drops?: bigint }>("pte_modify()", {
  keeps: optional(word),
  drops: optional(word),
});

const maybe = record<MaybeFree>(
  "a bit that might be free",
  { high: place, low: place, condition: text, when: optional(conditions) },
  byBits,
);

const userPage = record<UserPage>("a user page", {
  read: word,
  write: word,
  protected: word,
  none: word,
  noneRead: word,
  clean: optional(word),
  huge: optional(word),
  citation,
});

const presentLayout = record<PresentLayout>(
  "a present layout",
  {
    ...begin,
    since: text,
    backportName: optional(text),
    when: optional(conditions),
    fields: list(presentField),
    reads,
    modify,
    maybe: optional(list(maybe)),
    invertedWhere: optional(predicate),
    napot: optional(wholeFrom(0, 63, "a bit of a PTE")),
    longBits: optional(oneOf(32, 64)),
    protNoneNotPresent: optional(text),
    user: optional(userPage),
    uncertain: optional(text),
    note: optional(text),
    citation,
  },
  by("since", "present PTE "),
);

const leaf = record<LeafLayout>("a leaf", {
  levels: list(oneOf("pmd", "pud")),
  since: optional(text),
  when: optional(conditions),
  fields: list(presentField),
  reads: optional(
    record<Partial<PresentReads>>("what is read", {
      write: optional(terms),
      dirty: optional(terms),
      young: optional(terms),
      special: optional(terms),
      protNone: optional(terms),
    }),
  ),
  note: optional(text),
  citation,
});

const symbol = record<ConfigSymbol>(
  "a symbol",
  {
    name: text,
    default: setting,
    values: optional(list(whole)),
    ...begin,
    until: optional(text),
    when: optional(conditions),
    choice: optional(text),
    together: optional(flag),
    only: optional(oneOf("geometry")),
    citation,
  },
  by("name"),
);

const cpu = record<CpuFeature>(
  "a CPU feature",
  {
    ...begin,
    name: text,
    when: optional(conditions),
    choice: optional(text),
    default: optional(flag),
    only: optional(oneOf("geometry")),
    levels: optional(wholeFrom(2, 5, "of page tables")),
    citation,
  },
  by("name"),
);

const flavour = record<Flavour>(
  "a flavour",
  {
    suffix: text,
    vendors: optional(list(text)),
    since: optional(text),
    until: optional(text),
    config: table(setting),
    citation,
  },
  by("suffix"),
);

const rule = { number: text, is: optional(word), below: optional(word) };
const number = (value: unknown, at: string, name: string): string[] =>
  typeof value === "bigint" ? word(value, at, name) : text(value, at, name);

const vmcore = record<VmcoreData>("vmcore", {
  elfMachine: wholeFrom(0, 0xffff, "e_machine"),
  image: record<VmcoreData["image"]>("an image", { minus: number, plus: optional(text) }),
  encryption: optional(text),
  kernelEntry: optional(predicate),
  cpus: optional(
    list(
      record<NonNullable<VmcoreData["cpus"]>[number]>("a CPU feature", { ...rule, name: text }, by("name")),
    ),
  ),
  config: optional(
    list(
      record<NonNullable<VmcoreData["config"]>[number]>("a symbol", { name: text, number: text }, by("name")),
    ),
  ),
  citation,
});

const conditional = { ...begin, when: optional(conditions), citation: optional(citation) };

/** The shape of an architecture's data. `for` is that of an architecture which was defined already. */
export const archShape: Check = record<ArchData & { readonly for?: unknown }>(
  "an architecture",
  {
    name: text,
    aliases: optional(list(text)),
    title: text,
    header: text,
    layouts: list(layoutShape),
    removed: optional(record<NonNullable<ArchData["removed"]>>("removed", { in: text, citation })),
    unselected: optional(
      list(
        record<Unselected>(
          "an unselected flag",
          { flag: oneOf("exclusive", "softDirty", "uffdWp"), symbol: text, citation },
          by("symbol"),
        ),
      ),
    ),
    present: optional(list(presentLayout)),
    hugetlb: optional(list(hugetlb)),
    leaves: optional(list(leaf)),
    geometry: optional(list(geometryShape)),
    vmcore: optional(vmcore),
    symbols: list(symbol),
    cpus: optional(list(cpu)),
    pageShift: list(
      record<Conditional & { shift: number }>("a row of pageShift", {
        ...conditional,
        shift: wholeFrom(12, 20, "PAGE_SHIFT: pages of 4K to 1M"),
      }),
    ),
    physBits: list(
      record<Conditional & { bits: number }>("a row of physBits", {
        ...conditional,
        bits: wholeFrom(24, 64, "of a physical address"),
      }),
    ),
    maxSwapfilePages: optional(
      list(
        record<Conditional & { pages: bigint }>("a row of maxSwapfilePages", { ...conditional, pages: word }),
      ),
    ),
    typeChecks: optional(list(record<Conditional>("a row of typeChecks", conditional))),
    byteOrder: list(
      record<Conditional & { order: string }>("a row of byteOrder", {
        ...conditional,
        order: oneOf("little", "big"),
      }),
    ),
    flavours: optional(list(flavour)),
    unfinished: optional(list(text)),
    for: optional(verb),
  },
  ({ name }) => (typeof name === "string" ? name : "an architecture"),
);
