import type { ArchData } from "../data/arch.ts";
import type { Backport, Begin } from "../data/backport.ts";
import { backportOf } from "../data/backport.ts";
import type { Release } from "../data/release.ts";
import { atLeast } from "../data/release.ts";
import { swapTypeRows } from "../data/swap-types.ts";
import { swpEntryRows } from "../data/swp-entry.ts";
import type { Settings } from "./settings.ts";

/** What a release is taken to be or to have, and the same release without it. */
export interface Doubt {
  readonly sentence: string;
  readonly settings: Settings;
}

/** What the release is taken for, and each backport by which it has something, where that is likely and not seen in headers. */
export function doubts(arch: ArchData, settings: Settings): Doubt[] {
  const { release } = settings;
  const rows: readonly Begin[] = [
    ...arch.layouts,
    ...(arch.present ?? []),
    ...arch.symbols,
    ...swapTypeRows,
    ...swpEntryRows,
  ];
  const found = new Map<string, Doubt>();
  for (const row of rows) {
    if (row.backported === undefined && row.onlyIn === undefined) continue;
    const backport = deciding(release, row);
    if (backport?.uncertain === undefined) continue;
    const { vendor, release: build, uncertain } = backport;
    found.set(`${vendor} ${build}`, {
      sentence: `${release.text}: ${uncertain}`,
      settings: { ...settings, release: { ...release, without: { vendor, release: build } } },
    });
  }
  const { vendor } = release;
  if (vendor?.inferred === undefined) return [...found.values()];
  const sentence = `${release.text} is taken to be ${vendor.inferred}`;
  return [{ sentence, settings: { ...settings, release: { ...release, vendor: null } } }, ...found.values()];
}

/** The backport that decides whether the release has a row; null where its number does. */
function deciding(release: Release, { since, backported, onlyIn }: Begin): Backport | null {
  if (onlyIn !== undefined) return backportOf(release, onlyIn);
  return since === undefined || atLeast(release, since) ? null : backportOf(release, backported);
}
