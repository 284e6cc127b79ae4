import type { ArchData } from "../data/arch.ts";
import { NEWEST_RELEASE } from "../data/release.ts";
import { PtekitError } from "../errors.ts";
import type { Assumption, BackendParts } from "../interface/kernel.ts";
import { lazily } from "../util/lazily.ts";
import { same } from "../util/same.ts";
import { doubts } from "./doubts.ts";
import { otherSettings } from "./other-settings.ts";
import { resolve } from "./parts.ts";
import type { Settings } from "./settings.ts";

/** A default that was taken, and what gives the parts were it otherwise: null where that is not described. */
export interface Alternative {
  readonly sentence: string;
  readonly parts: () => BackendParts | null;
}

/** Every default and its alternative, whether it gives other parts or not. */
export function alternatives(arch: ArchData, settings: Settings): Alternative[] {
  const { release } = settings;
  const found: Alternative[] = [];
  const unknown = (sentence: string): void => {
    found.push({ sentence, parts: () => null });
  };
  if (release.newer) unknown(`${release.text} reads as ${NEWEST_RELEASE}, the newest release compared`);
  if (release.between)
    unknown(`${release.text} is taken to be its base release ${release.numbers.join(".")}`);
  const others = otherSettings(arch, settings, (row) => row.only === undefined);
  for (const { sentence, settings: other } of [...others, ...doubts(arch, settings)]) {
    found.push({ sentence, parts: lazily(() => alternativeParts(arch, other)) });
  }
  return found;
}

/** Those that give other parts. */
export function assumptions(parts: BackendParts, all: readonly Alternative[]): Assumption[] {
  return all
    .map(({ sentence, parts: otherwise }) => ({ sentence, parts: otherwise() }))
    .filter((other) => other.parts === null || !sameParts(parts, other.parts));
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
    same(a.types, b.types) &&
    same({ ...a.kernel, byteOrder: "" }, { ...b.kernel, byteOrder: "" }) &&
    // Last: it is looked up for this.
    same(a.present, b.present) &&
    same(a.leaves, b.leaves)
  );
}
