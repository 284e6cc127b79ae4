import type { ArchData } from "../data/arch.ts";
import type { BackendParts } from "../interface/kernel.ts";
import type { Target } from "../interface/target.ts";
import { lazily } from "../util/lazily.ts";
import { requireArch } from "../util/require.ts";
import type { Alternative } from "./assumptions.ts";
import { alternatives, assumptions } from "./assumptions.ts";
import { resolve } from "./parts.ts";
import { settle } from "./settings.ts";
import { checkStated } from "./stated.ts";

/**
 * One layout and one table of swap types, with every default that could change an answer named.
 *
 * @throws PtekitError `UNKNOWN_RELEASE`, `NO_LAYOUT`, `UNKNOWN_OPTION`, `UNKNOWN_CONFIG`, `UNKNOWN_CPU`,
 * `UNKNOWN_BACKPORT`.
 */
export function select(arch: ArchData, target: Target): BackendParts {
  requireArch(arch);
  const settings = settle(arch, target);
  checkStated(arch, settings);
  // Each default costs another selection, and most callers ask for none of them.
  const others = lazily(() => alternatives(arch, settings));
  const parts: BackendParts = resolve(arch, settings, () => assumptions(parts, others()));
  known.set(parts, others);
  return parts;
}

const known = new WeakMap<BackendParts, () => readonly Alternative[]>();

/**
 * At least the alternatives that change an answer. Which of them change a word is found out sooner by reading the word
 * than by comparing all their parts.
 */
export const alternativesOf = (parts: BackendParts): readonly Alternative[] =>
  known.get(parts)?.() ??
  parts.assumptions.map(({ sentence, parts: otherwise }) => ({ sentence, parts: () => otherwise }));
