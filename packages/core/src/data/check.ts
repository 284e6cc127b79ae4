import { isObject } from "../util/same.ts";
import type { ArchData } from "./arch.ts";
import { bitsText, maskOf, onesMask, runsOf, widthOf } from "./bits.ts";
import { checkGeometry } from "./check-geometry.ts";
import { checkPredicate, checkRelease, isAboutCitation } from "./check-parts.ts";
import { checkWritten } from "./check-written.ts";
import type { Layout } from "./layout.ts";
import { ENTRY_LEVELS, emptyPte, levelLayoutOf, rowsOf } from "./layout.ts";
import type { LeafLayout } from "./leaf.ts";
import { matches } from "./predicate.ts";
import type { PresentLayout } from "./present.ts";
import { compareNumbers, parseRelease } from "./release.ts";
import type { Field } from "./row.ts";
import { archShape, layoutShape } from "./shapes.ts";
import { typeSymbols } from "./swap-types.ts";

const FLAGS = ["exclusive", "softDirty", "uffdWp"] as const;

/** The problems of a layout, in sentences; none where it is right. */
export const checkLayout = (layout: Layout): string[] =>
  shaped(layoutShape(layout, "", "a layout"), () => layoutProblems(layout));

/** What is asked of data only where it has the right shape. Citations may be wrong beside it. */
function shaped(problems: string[], more: () => string[]): string[] {
  return problems.every(isAboutCitation) ? [...more(), ...problems] : problems;
}

function layoutProblems(layout: Layout): string[] {
  const all = onesMask(layout.pteBits);
  const problems = [
    ...checkRows(layout.fields, layout.pteBits),
    ...checkValue(layout, "swpType"),
    ...checkValue(layout, "swpOffset"),
    ...checkPredicate("present", layout.present, all),
    ...checkPredicate("none", layout.none, all),
    ...checkRelease(layout.since),
    ...(layout.until === undefined ? [] : checkRelease(layout.until)),
    ...[...(layout.backported ?? []), ...(layout.onlyIn ?? [])].flatMap((backport) =>
      checkRelease(backport.release.split("-")[0] as string),
    ),
    ...(layout.onlyIn?.length === 0 ? ["onlyIn names no release"] : []),
  ];
  const empty = emptyPte(layout);
  if ((empty & ~all) !== 0n) problems.push("the empty PTE is wider than a PTE");
  if (!matches(layout.none, empty)) problems.push("the empty PTE is not none");
  if (matches(layout.present, empty)) problems.push("the empty PTE is present");
  for (const row of layout.fields) problems.push(...checkRow(row), ...checkOtherwise(row));
  for (const row of layout.misreads ?? []) {
    problems.push(...checkRow(row));
    if (row.access !== "decode")
      problems.push(`${bitsText(row.high, row.low)}: what is misread is read alone`);
  }
  for (const kind of FLAGS) {
    if (rowsOf(layout, kind).length > 1) problems.push(`${kind} has ${rowsOf(layout, kind).length} bits`);
  }
  for (const exception of layout.exceptions ?? []) {
    problems.push(...checkPredicate(`exception "${exception.property}"`, exception.words, all));
  }
  // Asked only of rows that stand.
  if (problems.length === 0) problems.push(...checkWritten(layout));
  const upper = ENTRY_LEVELS.flatMap((level) =>
    (["thp", "hugetlb"] as const).flatMap((of) => levelLayoutOf(layout, level, of) ?? []),
  );
  return [...problems.map((problem) => `${layout.id}: ${problem}`), ...upper.flatMap(layoutProblems)];
}

/** Every bit claimed once, from the highest to the lowest. */
function checkRows(rows: readonly { readonly high: number; readonly low: number }[], bits: number): string[] {
  const problems: string[] = [];
  let next = bits - 1;
  let claimed = 0n;
  for (const row of rows) {
    if (!Number.isInteger(row.high) || !Number.isInteger(row.low) || row.low < 0 || row.high < row.low) {
      problems.push(`${row.high}:${row.low} is not a run of bits, highest first`);
      continue;
    }
    const mask = maskOf(row);
    const above = mask & ~onesMask(bits);
    const twice = mask & claimed & onesMask(bits);
    problems.push(...runs(above, `above the ${bits} bits of a PTE`), ...runs(twice, "claimed twice"));
    if (above === 0n && twice === 0n && row.high > next) problems.push(...runs(mask, "out of order"));
    claimed |= maskOf(row);
    if (row.high < next) problems.push(...runs(maskOf({ high: next, low: row.high + 1 }), "unclaimed"));
    next = Math.min(next, row.low - 1);
  }
  if (next >= 0) problems.push(...runs(onesMask(next + 1), "unclaimed"));
  return problems;
}

/** `bit 7 is claimed twice`, of each run of bits. */
const runs = (mask: bigint, what: string): string[] =>
  runsOf(mask).map(({ high, low }) => `${bitsText(high, low)} ${high === low ? "is" : "are"} ${what}`);

function checkRow(row: Field): string[] {
  const at = bitsText(row.high, row.low);
  const isValue = row.kind === "swpType" || row.kind === "swpOffset";
  const problems: string[] = [];
  if (!isValue && (row.from !== 0 || row.inverted || row.unmasked))
    problems.push(`${at}: only type and offset can be split, inverted or unmasked`);
  const isFlag = (FLAGS as readonly string[]).includes(row.kind);
  if (isFlag && widthOf(row) !== 1) problems.push(`${at}: a flag is one bit`);
  if (!isValue && !isFlag && row.access !== "both")
    problems.push(`${at}: only type, offset and flags can be read or written alone`);
  if ((row.kind === "setPte") !== (row.stored !== undefined))
    problems.push(`${at}: a setPte row, and no other, says what is stored`);
  if (["zeros", "ones", "hardware", "setPte", "dropped"].includes(row.kind) && row.note === "")
    problems.push(`${at}: ${row.kind} says no reason`);
  return problems;
}

/** What a row leaves to another is the same bits, under a condition. */
function checkOtherwise(row: Field): string[] {
  if (row.otherwise === undefined) return [];
  const at = bitsText(row.high, row.low);
  const problems = [...checkRow(row.otherwise), ...checkOtherwise(row.otherwise)];
  if (row.when.length === 0) problems.push(`${at}: what it is otherwise can never be`);
  if (row.otherwise.high !== row.high || row.otherwise.low !== row.low)
    problems.push(`${at}: otherwise it is ${bitsText(row.otherwise.high, row.otherwise.low)}`);
  return problems;
}

/** The rows of a split field hold each bit of the value once, from 0 on, and what encode takes comes back. */
function checkValue(layout: Layout, kind: "swpType" | "swpOffset"): string[] {
  const rows = layout.fields.filter((row) => row.kind === kind);
  if (rows.length === 0) return [`${kind} is missing`];
  if (!holdsEachOnce(rows)) return [`${kind}: the rows do not hold each bit of the value once`];
  const written = rows.filter((row) => row.access !== "decode");
  if (written.length === 0) return [`${kind}: no row of it is written`];
  const top = Math.max(...written.map((row) => row.from));
  return rows.flatMap((row) => {
    const at = bitsText(row.high, row.low);
    if (row.unmasked && row.from < top)
      return [
        `${at}: not masked, below other rows of the ${kind}: their bits of it would leak over those above`,
      ];
    if (isSaidToBeLost(layout) || isMisread(layout, kind)) return [];
    if (row.access === "decode" && row.from < top)
      return [
        `${at}: only read, below bits of the ${kind} that are written: what encode takes would not come back`,
      ];
    return row.access === "encode"
      ? [`${at}: written and never read: no ${kind} that encode takes would come back`]
      : [];
  });
}

/** Whether a layout names the words in which its kernel really loses a part of type or offset: it has that bug. */
const isSaidToBeLost = (layout: Layout): boolean =>
  (layout.exceptions ?? []).some(({ property }) => property.endsWith(" survives"));

/** Whether a layout says from where decode reads it instead. */
const isMisread = (layout: Layout, kind: "swpType" | "swpOffset"): boolean =>
  (layout.misreads ?? []).some((row) => row.kind === kind);

/** Whether every bit of the value stands in one row, from 0 on. */
function holdsEachOnce(
  rows: readonly { readonly high: number; readonly low: number; readonly from: number }[],
): boolean {
  const held = rows.reduce((mask, row) => mask | (onesMask(widthOf(row)) << BigInt(row.from)), 0n);
  return held === onesMask(rows.reduce((sum, row) => sum + widthOf(row), 0));
}

function checkPresent(layout: PresentLayout): string[] {
  const bits = Math.max(...layout.fields.map((row) => row.high)) > 31 ? 64 : 32;
  const problems = [...checkRows(layout.fields, bits), ...checkRelease(layout.since)];
  if (!holdsEachOnce(layout.fields.filter((row) => row.kind === "pfn"))) {
    problems.push("pfn: the rows do not hold each bit of the value once");
  }
  const all = onesMask(bits);
  for (const name of ["write", "dirty", "young", "special", "protNone"] as const) {
    problems.push(...checkPredicate(`reads.${name}`, layout.reads[name] ?? [], all));
  }
  const [modified, ...others] = Object.values(layout.modify) as (bigint | undefined)[];
  if (modified === undefined || others.length > 0) {
    problems.push("modify says what pte_modify() keeps, or what it drops");
  } else if ((modified & ~all) !== 0n) problems.push("modify is wider than a PTE");
  for (const { high, low } of layout.maybe ?? []) {
    if (!(low <= high && high < bits)) problems.push(`maybe ${high}:${low} is not a run of bits of a PTE`);
    const free = layout.fields.find((row) => row.kind === "free" && row.low <= high && row.high >= low);
    if (free) problems.push(`maybe ${bitsText(high, low)} is free already`);
  }
  return problems.map((problem) => `present PTE ${layout.since}: ${problem}`);
}

/** Rows in the place of a PTE's: which ones are up to the author, but no bit stands in two. */
function checkLeaf({ levels, fields }: LeafLayout): string[] {
  const at = `leaf ${levels.join(", ")}`;
  const order = fields.flatMap(({ high, low }, i) => {
    if (!(low <= high && low >= 0 && high < 64))
      return [`${high}:${low} is not a run of bits, highest first`];
    const above = fields[i - 1];
    return above && above.low <= high ? [`${bitsText(high, low)} stands not below the row before`] : [];
  });
  return [...order, ...(levels.length === 0 ? ["is of no level"] : [])].map((problem) => `${at}: ${problem}`);
}

/** The problems of an architecture's data, in sentences; none where it is right. */
export const checkArch = (arch: ArchData): string[] =>
  shaped(archShape(arch, "", "an architecture"), () => archProblems(arch));

function archProblems(arch: ArchData): string[] {
  const problems = [
    ...arch.layouts
      .map((layout) => ({ ...layout, ...(arch.hugetlb && { hugetlb: arch.hugetlb }) }))
      .flatMap(layoutProblems),
    ...(arch.present ?? []).flatMap(checkPresent),
    ...(arch.leaves ?? []).flatMap(checkLeaf),
  ];
  for (const { flag } of arch.unselected ?? []) {
    const own = arch.layouts.find(({ fields }) => fields.some((row) => row.kind === flag));
    if (own) problems.push(`${own.id}: ${flag} has a bit, and is said to be unselected`);
  }
  const ids = arch.layouts.map((layout) => layout.id);
  for (const id of new Set(ids)) {
    if (ids.filter((other) => other === id).length > 1)
      problems.push(`${id} is the id of more than one layout`);
    if (!id.startsWith(`${arch.name} `)) problems.push(`${id}: an id begins with ${arch.name}`);
  }
  if (arch.layouts.length === 0) problems.push("there is no layout");
  problems.push(...checkOrder("layouts", arch.layouts), ...checkOrder("present", arch.present ?? []));
  problems.push(...(arch.geometry ?? []).flatMap(checkGeometry));
  problems.push(...checkConditions(arch), ...checkVmcore(arch));
  return problems.map((problem) => (problem.startsWith(arch.name) ? problem : `${arch.name}: ${problem}`));
}

/** The first row that fits decides: a newer one below an older one would never be selected. */
function checkOrder(name: string, rows: readonly { readonly since: string }[]): string[] {
  return rows.flatMap(({ since }, index) => {
    const above = rows[index - 1];
    return above && compareSince(above.since, since) < 0
      ? [`${name} stand newest first, but ${since} stands below ${above.since}`]
      : [];
  });
}

function compareSince(a: string, b: string): number {
  if (checkRelease(a).length > 0 || checkRelease(b).length > 0) return 0;
  return compareNumbers(parseRelease(a).numbers, parseRelease(b).numbers);
}

/** Every condition names a symbol or a CPU feature of the architecture: a misspelt one would never hold. */
function checkConditions(arch: ArchData): string[] {
  const known = new Set(
    [...arch.symbols, ...(arch.cpus ?? [])].map(({ name }) => name).concat(typeSymbols()),
  );
  const conditions = [
    ...conditionsIn(arch),
    ...(arch.flavours ?? []).flatMap((flavour) => Object.keys(flavour.config)),
  ];
  const names = conditions.map((condition) => condition.replace(/^!/, "").replace(/=.*/, ""));
  return [...new Set(names)]
    .filter((name) => !known.has(name))
    .map((name) => `${name} is a condition, but neither in symbols nor in cpus`);
}

/** What a dump decides is something that the architecture knows. */
function checkVmcore({ vmcore, symbols, cpus = [] }: ArchData): string[] {
  if (vmcore === undefined) return [];
  const unknown = (
    kind: string,
    named: readonly { name: string }[],
    known: readonly { name: string }[],
  ): string[] =>
    named
      .filter(({ name }) => !known.some((other) => other.name === name))
      .map(({ name }) => `vmcore: ${name} is decided by a dump, but not in ${kind}`);
  return [...unknown("cpus", vmcore.cpus ?? [], cpus), ...unknown("symbols", vmcore.config ?? [], symbols)];
}

/** What stands under `when`, however deep. */
function conditionsIn(value: unknown): string[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === "when" ? ((part ?? []) as string[]) : conditionsIn(part),
  );
}
