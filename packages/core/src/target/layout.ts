import type { ArchData } from "../data/arch.ts";
import type { Begin } from "../data/backport.ts";
import { couldBe, hasBegun } from "../data/backport.ts";
import type { HugetlbLayout, Layout, PmdLayout } from "../data/layout.ts";
import type { PresentLayout } from "../data/present.ts";
import { free, pfnRows } from "../data/present.ts";
import { atLeast } from "../data/release.ts";
import type { Field } from "../data/row.ts";
import { spare } from "../data/row.ts";
import { PtekitError } from "../errors.ts";
import { onceForAnswers } from "../util/answered.ts";
import { deepFreeze } from "../util/freeze.ts";
import { fits, holds } from "./conditions.ts";
import type { Settings } from "./settings.ts";

/**
 * The newest layout that the release has, with only what this configuration and CPU have.
 *
 * @throws PtekitError `NO_LAYOUT`.
 */
export function layoutFor(arch: ArchData, settings: Settings): Layout {
  const layout = newestThatFits(arch, settings, arch.layouts);
  const gone = layout?.until !== undefined && atLeast(settings.release, layout.until);
  if (layout && !gone) return settled(arch, settings, layout);
  throw new PtekitError("NO_LAYOUT", whyNoLayout(arch, settings, layout));
}

/** The same for present PTEs, with pages of 2^pageShift bytes and such longs; null where they are not described. */
export function presentFor(
  arch: ArchData,
  settings: Settings,
  { pageShift, longBits }: { readonly pageShift: number; readonly longBits: number },
): PresentLayout | null {
  const layout = newestThatFits(arch, settings, arch.present ?? []);
  if (!layout) return null;
  const { maybe, ...rest } = layout;
  const fields = layout.fields.flatMap((row) =>
    fits(arch, settings, row)
      ? pfnRows(row, pageShift)
      : free(row.high, row.low, `${row.name} needs ${row.when.join(" and ")}`),
  );
  return deepFreeze({
    ...rest,
    fields,
    ...(longBits < 64 && { longBits }),
    ...(maybe && { maybe: maybe.filter((bits) => fits(arch, settings, bits)) }),
  });
}

/**
 * The newest row that the release has, by its number, by a backport, or by a backport's name. What a vendor's builds
 * alone have goes before what mainline has.
 */
function newestThatFits<R extends Layout | PresentLayout>(
  arch: ArchData,
  settings: Settings,
  rows: readonly R[],
): R | undefined {
  const has = (row: R): boolean => isHere(settings, row) && fits(arch, settings, row);
  return (
    rows.find((row) => row.onlyIn !== undefined && has(row)) ??
    rows.find((row) => row.onlyIn === undefined && has(row))
  );
}

function isHere({ release, backports }: Settings, row: Begin & { readonly backportName?: string }): boolean {
  if (hasBegun(release, row)) return true;
  const named = row.backportName !== undefined && backports.includes(row.backportName);
  return named && (row.onlyIn === undefined || couldBe(release, row.onlyIn));
}

function whyNoLayout(arch: ArchData, settings: Settings, gone: Layout | undefined): string {
  const release = settings.release.text;
  if (gone) return `${gone.id} is the last of its kind: support went in ${gone.until}, ${release} has none`;
  const ofAll = arch.layouts.filter((candidate) => candidate.onlyIn === undefined);
  const oldest = ofAll.filter((candidate) => fits(arch, settings, candidate)).at(-1);
  if (!oldest) return `${arch.name} has no layout for this configuration and CPU`;
  // The oldest of all may fit another configuration: nothing is said of that one here.
  const such = oldest.since === ofAll.at(-1)?.since ? "" : " with this configuration and CPU";
  return `${arch.name}${such} goes back to ${oldest.since}; ${release} is older`;
}

/** Whether a condition holds, or (`since 6.8`) the release is that new. */
type Test = (condition: string) => boolean;

const SINCE = "since ";

function testOf(arch: ArchData, settings: Settings): Test {
  return (condition) =>
    condition.startsWith(SINCE)
      ? atLeast(settings.release, condition.slice(SINCE.length))
      : holds(arch, settings, condition);
}

const settlers = new WeakMap<ArchData, (layout: Layout, test: Test) => Layout>();

/** The layout with only what this release, configuration and CPU have. */
function settled(arch: ArchData, settings: Settings, layout: Layout): Layout {
  const settler =
    settlers.get(arch) ??
    onceForAnswers((row: Layout, test: Test) => deepFreeze(settledLayout(row, arch.hugetlb ?? [], test)));
  settlers.set(arch, settler);
  return settler(layout, testOf(arch, settings));
}

function settledLayout(layout: Layout, hugetlb: readonly HugetlbLayout[], test: Test): Layout {
  const isThere = ({ since, when }: PmdLayout | HugetlbLayout): boolean =>
    (since === undefined || test(SINCE + since)) && when.every(test);
  const { pmd, ...pte } = settledParts(layout, test);
  const huge = hugetlb.filter(isThere).map((upper) => settledParts(upper, test));
  return {
    ...pte,
    ...(pmd && isThere(pmd) && { pmd: settledParts(pmd, test) }),
    ...(huge.length > 0 && { hugetlb: huge }),
  };
}

function settledParts<L extends Pick<Layout, "exceptions"> & { readonly fields?: readonly Field[] }>(
  parts: L,
  test: Test,
): L {
  const { fields, exceptions } = parts;
  return {
    ...parts,
    ...(fields && { fields: fields.map((row) => settledRow(row, test)) }),
    ...(exceptions && { exceptions: exceptions.filter(({ when = [] }) => when.every(test)) }),
  };
}

/** A flag that this configuration or CPU does not have leaves its bit to another use, or spare. */
function settledRow(row: Field, test: Test): Field {
  const { otherwise, ...alone } = row;
  if (row.when.every(test)) return otherwise ? alone : row;
  if (otherwise) return settledRow(otherwise, test);
  const what = row.note === "" ? row.kind : row.note;
  return spare(row.high, row.low, `${what}: only with ${row.when.join(" and ")}`);
}
