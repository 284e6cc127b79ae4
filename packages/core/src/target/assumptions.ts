import type { ArchData } from "../data/arch.ts";
import { NEWEST_RELEASE } from "../data/release.ts";
import { PtekitError } from "../errors.ts";
import type { Assumption, BackendParts } from "../interface/kernel.ts";
import { same } from "../util/same.ts";
import { doubts } from "./doubts.ts";
import { otherSettings } from "./other-settings.ts";
import { resolve } from "./parts.ts";
import type { Settings } from "./settings.ts";

/** Each default that would give other parts, were it otherwise. */
export function assumptions(arch: ArchData, settings: Settings, parts: BackendParts): Assumption[] {
  const found: Assumption[] = [];
  if (settings.release.newer) {
    found.push({
      sentence: `${settings.release.text} reads as ${NEWEST_RELEASE}, the newest release compared`,
      parts: null,
    });
  }
  if (settings.release.between) {
    const base = settings.release.numbers.join(".");
    found.push({ sentence: `${settings.release.text} is taken to be its base release ${base}`, parts: null });
  }
  const others = otherSettings(arch, settings, (row) => row.only === undefined);
  for (const { sentence, settings: other } of [...others, ...doubts(arch, settings)]) {
    const alternative = alternativeParts(arch, other);
    if (alternative === null || !sameParts(parts, alternative)) found.push({ sentence, parts: alternative });
  }
  return found;
}

/** Null where that combination has no layout at all. */
function alternativeParts(arch: ArchData, settings: Settings): BackendParts | null {
  try {
    return resolve(arch, settings);
  } catch (error) {
    if (error instanceof PtekitError && error.code === "NO_LAYOUT") return null;
    throw error;
  }
}

/** The byte order in memory changes no answer about a word. */
function sameParts(a: BackendParts, b: BackendParts): boolean {
  return (
    a.layout.id === b.layout.id &&
    same(a.layout.fields, b.layout.fields) &&
    same(a.layout.pmd, b.layout.pmd) &&
    same(a.layout.hugetlb, b.layout.hugetlb) &&
    same(a.present, b.present) &&
    same(a.types, b.types) &&
    same({ ...a.kernel, byteOrder: "" }, { ...b.kernel, byteOrder: "" })
  );
}
