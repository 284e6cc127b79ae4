import type { ArchData } from "../data/arch.ts";
import type { BackendParts } from "../interface/kernel.ts";
import type { Target } from "../interface/target.ts";
import { lazily } from "../util/lazily.ts";
import { requireArch } from "../util/require.ts";
import { assumptions } from "./assumptions.ts";
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
  const parts = resolve(arch, settings);
  // Each default costs another selection, and most callers ask for none of them.
  const found = lazily(() => assumptions(arch, settings, parts));
  return {
    ...parts,
    get assumptions() {
      return found();
    },
  };
}
