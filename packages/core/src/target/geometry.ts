import type { ArchData } from "../data/arch.ts";
import type { Geometry, SettledGeometry } from "../data/geometry.ts";
import { atLeast } from "../data/release.ts";
import { deepFreeze } from "../util/freeze.ts";
import { lazily } from "../util/lazily.ts";
import { same } from "../util/same.ts";
import { fits } from "./conditions.ts";
import { otherSettings } from "./other-settings.ts";
import type { Settings } from "./settings.ts";

/** The geometry that decides, and the defaults that chose it; null where none is described. */
export function geometryFor(arch: ArchData, settings: Settings): SettledGeometry | null {
  const geometry = rowFor(arch, settings);
  if (geometry === null) return null;
  const assumed = lazily(() => [
    ...new Set(
      otherSettings(arch, settings, () => true).flatMap(({ sentence, settings: other }) =>
        same(rowFor(arch, other), geometry) ? [] : [sentence],
      ),
    ),
  ]);
  return Object.freeze({
    ...deepFreeze(geometry),
    get assumed() {
      return assumed();
    },
  });
}

const rowFor = (arch: ArchData, settings: Settings): Geometry | null =>
  (arch.geometry ?? []).find((row) => atLeast(settings.release, row.since) && fits(arch, settings, row)) ??
  null;
