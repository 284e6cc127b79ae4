import { bitsText, maskOf, onesMask } from "./bits.ts";
import { checkPredicate, checkRelease } from "./check-parts.ts";
import type { AddressField, Geometry, Level, UpperEntry } from "./geometry.ts";
import { LEVEL_NAMES } from "./geometry.ts";
import { geometryLabel } from "./geometry-shape.ts";

/** The problems of a geometry, in sentences; none where it is right. */
export function checkGeometry(geometry: Geometry): string[] {
  const { levels, root } = geometry;
  const problems = [...checkRelease(geometry.since), ...checkLevels(levels)];
  const [top] = levels;
  const first = top === undefined ? 0 : 2 ** (top.indexBits + (top.region?.bits ?? 0));
  if (!Number.isInteger(Math.log2(root.align)))
    problems.push(`a root is aligned to a power of two, not to ${root.align}`);
  if (
    root.userEntries !== undefined &&
    !(Number.isInteger(root.userEntries) && root.userEntries >= 1 && root.userEntries <= first)
  ) {
    problems.push(`of ${first} entries of the root ${root.userEntries} are the user's`);
  }
  if (geometry.rootIsTagged === true && levels.slice(0, -1).some(({ tag }) => tag === undefined)) {
    problems.push("the level of a root is told by a tag that not every upper level has");
  }
  return problems.map((problem) => `${geometryLabel(geometry)}: ${problem}`);
}

/** Levels stand from the root down, without a gap between their bits, and end with the PTEs'. */
function checkLevels(levels: readonly Level[]): string[] {
  const problems: string[] = [];
  if (levels.length < 2) problems.push("there are fewer than two levels");
  if (levels[0]?.name !== "pgd" || levels.at(-1)?.name !== "pte")
    problems.push("the levels go from pgd to pte");
  levels.forEach((level, i) => {
    const below = levels[i + 1];
    const { name, shift, indexBits } = level;
    if (below === undefined) {
      if (level.entry !== undefined)
        problems.push(`${name}: the last level's entries are PTEs, which the layout describes`);
      return;
    }
    if (LEVEL_NAMES.indexOf(below.name) <= LEVEL_NAMES.indexOf(name))
      problems.push(`${below.name} stands below ${name}`);
    if (shift !== below.shift + below.indexBits) {
      problems.push(
        `${name}: its bits begin at ${shift}, those of ${below.name} end at ${below.shift + below.indexBits}`,
      );
    }
    if (indexBits < 1) problems.push(`${name}: ${indexBits} bits choose no entry`);
    problems.push(
      ...(level.entry === undefined
        ? [`${name}: what its entries say is missing`]
        : checkEntry(name, level.entry)),
    );
  });
  return problems;
}

function checkEntry(name: string, entry: UpperEntry): string[] {
  const all = onesMask(8 * entry.bytes);
  const problems = [
    ...checkPredicate(`${name} none`, entry.none, all),
    ...checkPredicate(`${name} table`, entry.table, all),
    ...(entry.leaf === undefined ? [] : checkPredicate(`${name} leaf`, entry.leaf, all)),
    ...checkFields(`${name} address`, entry.address, 8 * entry.bytes),
    ...(entry.page === undefined ? [] : checkFields(`${name} page`, entry.page, 8 * entry.bytes)),
  ];
  if (entry.page !== undefined && entry.leaf === undefined)
    problems.push(`${name}: where a page is, but none can be`);
  return problems;
}

/** No bit of an entry twice, and no bit of the address. */
function checkFields(name: string, fields: readonly AddressField[], width: number): string[] {
  const problems = fields.length === 0 ? [`${name}: no field`] : [];
  let from = 0n;
  let into = 0n;
  for (const field of fields) {
    const { high, low, to } = field;
    if (low < 0 || high < low || high >= width) {
      problems.push(`${name}: ${bitsText(high, low)} are no run of bits of an entry of ${width}`);
      continue;
    }
    const mask = maskOf(field);
    const place = (mask >> BigInt(low)) << BigInt(to);
    if ((from & mask) !== 0n) problems.push(`${name}: ${bitsText(high, low)} are claimed twice`);
    if ((into & place) !== 0n) problems.push(`${name}: bit ${to} of the address comes from two places`);
    from |= mask;
    into |= place;
  }
  return problems;
}
