// What if a bit of the swap PTE were a flag: `ptekit spare --take 7 --for uffd-wp`.
import { runProperties } from "@ptekit/conformance-kit";
import type { ArchBackend, Capacity, FlagName, TakenBit } from "@ptekit/core";
import {
  capacityJson,
  changes,
  checkLayout,
  createBackend,
  diagram,
  freePresentBits,
  hasPresentUffdWp,
  isKept,
  legend,
  rowsOf,
  runsText,
  shortHex,
  sizeText,
  takeBit,
  withLayout,
} from "@ptekit/core";
import type { Given } from "./command.ts";
import { NoError, UsageError } from "./errors.ts";
import { fieldsJson } from "./fields.ts";
import { capacityAt, pageBytes } from "./limits.ts";
import { readSmall } from "./numbers.ts";
import type { Output } from "./output.ts";
import { table } from "./table.ts";
import { caveatsOf, indented } from "./words.ts";

const FLAGS: Readonly<Record<string, FlagName>> = {
  "uffd-wp": "uffdWp",
  "soft-dirty": "softDirty",
  exclusive: "exclusive",
};

/** What came of it. */
interface Outcome {
  readonly bit: number;
  readonly flag: string;
  readonly from: TakenBit["from"];
  readonly made: ArchBackend;
  readonly before: Capacity;
  readonly after: Capacity;
  /** What the kernel's own build checks say, and the checks of a layout: sentences, none where all is well. */
  readonly refusedBy: readonly string[];
  /** How many properties hold, and what each of the others says first. */
  readonly holds: number;
  readonly broken: readonly { readonly property: string; readonly sentence: string }[];
  /** Properties that the kernel's own layout breaks already, in ways that it names. */
  readonly asBefore: readonly string[];
}

/** Says what it would come to; the exit status is 1 where a check refuses it or a property does not hold. */
export function take(backend: ArchBackend, bit: string, given: Given, out: Output): number {
  const found = outcome(backend, readSmall(bit, "--take"), flagOf(backend, given));
  if (given.has("json")) out.json(outcomeJson(backend, found));
  else for (const line of outcomeLines(backend, found, out)) out.line(line);
  return found.refusedBy.length + found.broken.length > 0 ? 1 : 0;
}

function flagOf({ layout }: ArchBackend, given: Given): string {
  const text = given.text("for");
  const names = Object.keys(FLAGS);
  if (text !== undefined) {
    if (names.includes(text)) return text;
    throw new UsageError(`--for is ${names.join(", ")}, not ${JSON.stringify(text)}`);
  }
  const missing = names.find((name) => rowsOf(layout, FLAGS[name] as FlagName).length === 0);
  if (missing === undefined) throw new NoError(`${layout.id} has all of ${names.join(", ")} already`);
  return missing;
}

function outcome(backend: ArchBackend, bit: number, flag: string): Outcome {
  const { layout, from } = takeBit(backend.layout, bit, FLAGS[flag] as FlagName);
  // The layout's exceptions say on which words of its own something is wrong.
  const made = createBackend(withLayout({ ...backend, assumptions: [] }, { ...layout, exceptions: [] }));
  const known = (backend.layout.exceptions ?? []).map(({ property }) => property);
  const reports = runProperties(made);
  const failing = reports.filter(({ failed }) => failed > 0);
  const asBefore = failing.filter(({ property }) => known.includes(property)).map(({ property }) => property);
  return {
    bit,
    flag,
    from,
    made,
    before: capacityAt(backend),
    after: capacityAt(made),
    refusedBy: [...buildChecks(backend, made), ...checkLayout(layout)],
    holds: reports.length - failing.length,
    broken: failing
      .filter(({ property }) => !known.includes(property))
      .map(({ property, failures }) => ({ property, sentence: failures[0] ?? "" })),
    asBefore,
  };
}

/** The kernel's own build checks, and what it has no check for and would break. */
function buildChecks({ kernel, types }: ArchBackend, { layout }: ArchBackend): string[] {
  const bits = rowsOf(layout, "swpType")
    .filter(({ access }) => access !== "decode")
    .reduce((sum, { high, low }) => sum + high - low + 1, 0);
  if (bits >= TYPE_BITS) return [];
  const special = types.special.map(({ type }) => type).filter((type) => type >= 2 ** bits);
  const lost = special.length > 0 ? `; types ${runsText(special)} would not fit` : "";
  return [
    kernel.typeCheck === null
      ? `no check of this architecture's build sees it, and MAX_SWAPFILES_SHIFT is ${TYPE_BITS}: the type would have ${bits} bits${lost}`
      : `MAX_SWAPFILES_CHECK(): MAX_SWAPFILES_SHIFT is ${TYPE_BITS}, the type would have ${bits} bits (${kernel.typeCheck})${lost}`,
  ];
}

/** MAX_SWAPFILES_SHIFT */
const TYPE_BITS = 5;

/** What a present PTE has for the same flag, which must survive a page's way out and back. */
function presentLine(backend: ArchBackend, flag: string): string | null {
  const { present } = backend;
  if (flag !== "uffd-wp") return null;
  if (hasPresentUffdWp(backend)) return "the present PTE has a uffd-wp bit";
  if (present === null)
    return "present PTEs are not described: whether one has a bit for uffd-wp is not known";
  const free = freePresentBits(present);
  if (free.length === 0)
    return "the present PTE has no uffd-wp bit and no free software bit: there is none to keep";
  const kept = free.filter((bit) => isKept(present, bit));
  return `the present PTE has no uffd-wp bit; free there: ${runsText(free)} (pte_modify() keeps ${kept.length > 0 ? runsText(kept) : "none of them"})`;
}

function priceRows(backend: ArchBackend, { before, after }: Outcome): string[][] {
  const page = pageBytes(backend);
  const rows: readonly (readonly [string, (capacity: Capacity) => string])[] = [
    ["types", ({ types }) => String(types)],
    ["swap files", ({ swapFiles }) => String(swapFiles)],
    ["bits of offset", ({ offsetBits }) => String(offsetBits)],
    ["swap file, as the layout holds it", ({ layoutBytes }) => sizeText(layoutBytes, page)],
    ["swap file, as the kernel allows it", ({ maxBytes }) => sizeText(maxBytes, page)],
    [
      "highest address in migration and device entries",
      ({ maxPhysicalAddress }) => shortHex(maxPhysicalAddress),
    ],
    [
      "young and dirty of migrating pages",
      ({ migrationAd }) => (migrationAd === null ? "none before 6.1" : migrationAd ? "kept" : "not kept"),
    ],
  ];
  return rows.map(([what, text]) => {
    const [old, now] = [text(before), text(after)];
    return [what, old, old === now ? "unchanged" : now];
  });
}

function outcomeLines(backend: ArchBackend, found: Outcome, { colors }: Output): string[] {
  const { bold, dim, green, red, yellow } = colors;
  const { made, bit, flag, from, refusedBy, holds, broken, asBefore } = found;
  const isRefused = refusedBy.length + broken.length > 0;
  const whence = from === "free" ? "it is free" : `it is the ${from}'s`;
  const present = presentLine(backend, flag);
  return [
    `${bold(`${backend.layout.id}: bit ${bit} for ${flag}`)}, ${whence}: ${isRefused ? red("refused") : green("it would do")}`,
    "",
    ...indented(diagram(made.layout)),
    "",
    ...legend(made.layout).map((line) => `  ${line}`),
    "",
    ...table([["what moves", "from", "to"], ...moves(backend, made)], dim).map((line) => `  ${line}`),
    "",
    ...table([["price", "before", "after"], ...priceRows(backend, found)], dim).map((line) => `  ${line}`),
    "",
    ...(refusedBy.length > 0
      ? refusedBy.map((text) => `  ${red("refused by")} ${text}`)
      : ["  the kernel's build checks pass"]),
    `  properties: ${holds} hold${broken.length > 0 ? `, ${broken.length} ${broken.length === 1 ? "does" : "do"} not` : ""}${asBefore.length > 0 ? `; as in the kernel's own layout, with exceptions: ${asBefore.join(", ")}` : ""}`,
    ...broken.map(({ property, sentence }) => `    ${red(property)}: ${sentence}`),
    ...(present === null ? [] : [`  ${present}`]),
    ...caveatsOf(backend).map((line) => `  ${yellow(line)}`),
  ];
}

const moves = (backend: ArchBackend, made: ArchBackend): string[][] =>
  changes(backend, made).map(({ what, from, to }) => [what, from, to]);

function outcomeJson(backend: ArchBackend, found: Outcome): object {
  const { made, bit, flag, from, before, after, refusedBy, holds, broken, asBefore } = found;
  return {
    arch: backend.arch,
    layout: backend.layout.id,
    kernel: backend.kernel.release,
    assumed: backend.assumed,
    notes: backend.notes,
    take: bit,
    for: flag,
    from,
    fields: fieldsJson(made.layout),
    moved: changes(backend, made),
    before: capacityJson(before),
    after: capacityJson(after),
    refusedBy,
    properties: { holds, broken, asBefore },
    present: presentLine(backend, flag),
  };
}
