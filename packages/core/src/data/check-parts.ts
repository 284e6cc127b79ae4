import { requireText } from "../util/require.ts";
import { UNCITED } from "./citation.ts";
import type { Term } from "./predicate.ts";
import { parseRelease } from "./release.ts";

// What the checks of layouts and of geometry share.

/** Whether a sentence of these checks is about a citation. */
export function isAboutCitation(problem: string): boolean {
  requireText(problem, "a problem");
  return problem.endsWith(UNCITED);
}

/** The problems of a predicate of words of a width. */
export function checkPredicate(name: string, predicate: readonly Term[], all: bigint): string[] {
  return predicate.flatMap(({ mask, value }) => {
    if ((mask & ~all) !== 0n) return [`${name}: mask 0x${mask.toString(16)} is wider than a PTE`];
    if ((value & ~mask) !== 0n) return [`${name}: value 0x${value.toString(16)} has bits outside the mask`];
    return [];
  });
}

/** The problem of a release, if it is none. */
export function checkRelease(release: string): string[] {
  try {
    parseRelease(release);
    return [];
  } catch {
    return [`${release} is not a release`];
  }
}
