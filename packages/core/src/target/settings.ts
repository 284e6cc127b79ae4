import type { ArchData } from "../data/arch.ts";
import type { Release } from "../data/release.ts";
import { atLeast, parseRelease } from "../data/release.ts";
import { typeSymbols } from "../data/swap-types.ts";
import { PtekitError } from "../errors.ts";
import type { ConfigValue, Target } from "../interface/target.ts";
import type { StatedConfig } from "./config.ts";
import { readConfig } from "./config.ts";
import { inForce } from "./in-force.ts";

/** What decides, stated or by default. */
export interface Settings {
  readonly release: Release;
  readonly stated: StatedConfig;
  readonly cpu: readonly string[];
  readonly backports: readonly string[];
}

/** A target, read and checked: as {@link select} refuses it. */
export function settle(arch: ArchData, target: Target): Settings {
  if (typeof target !== "object" || target === null) {
    throw new PtekitError(
      "UNKNOWN_OPTION",
      `a target is an object, as in ${arch.name}.for({ release: "6.12" })`,
    );
  }
  for (const key of Object.keys(target)) {
    if (!["release", "config", "cpu", "backports"].includes(key)) {
      throw new PtekitError("UNKNOWN_OPTION", `a target has release, config, cpu and backports, not ${key}`);
    }
  }
  const release = parseRelease(target.release);
  if (arch.removed && atLeast(release, arch.removed.in)) {
    throw new PtekitError(
      "NO_LAYOUT",
      `${arch.name} was removed in ${arch.removed.in}; ${release.text} has none`,
    );
  }
  const stated = withFlavours(
    arch,
    release,
    readConfig(target.config, arch.name, () => decidingSymbols(arch)),
  );
  const features = (arch.cpus ?? []).map((feature) => feature.name);
  return {
    release,
    stated,
    cpu: namesIn(target.cpu, features, "UNKNOWN_CPU", `${arch.name} knows ${list(features)} as cpu`),
    backports: namesIn(
      target.backports,
      backportNames(arch),
      "UNKNOWN_BACKPORT",
      `${arch.name} knows ${list(backportNames(arch))} as backports`,
    ),
  };
}

/** The symbols that decide an answer: the architecture's own, and those of the swap types. */
const decidingSymbols = (arch: ArchData): { name: string; isNumber: boolean }[] => {
  const own = arch.symbols.map((symbol) => ({
    name: symbol.name,
    isNumber: typeof symbol.default === "number",
  }));
  const others = typeSymbols().filter((name) => !own.some((symbol) => symbol.name === name));
  return [...own, ...others.map((name) => ({ name, isNumber: false }))];
};

/** One name or a list of them, each of them known. */
function namesIn(
  given: string | readonly string[] | undefined,
  known: readonly string[],
  code: "UNKNOWN_CPU" | "UNKNOWN_BACKPORT",
  sentence: string,
): readonly string[] {
  if (given === undefined) return [];
  const names: readonly string[] = Array.isArray(given) ? given : [given];
  for (const name of names) {
    if (!known.includes(name))
      throw new PtekitError(code, `${sentence}, not ${name === "" ? "an empty text" : String(name)}`);
  }
  return names;
}

const list = (names: readonly string[]): string => (names.length === 0 ? "nothing" : names.join(", "));

/** The names that `target.backports` understands. */
export const backportNames = (arch: ArchData): string[] => [
  ...new Set(arch.layouts.flatMap((layout) => layout.backportName ?? [])),
];

/** A distribution's known settings stand where the target states nothing itself. */
function withFlavours(arch: ArchData, release: Release, stated: StatedConfig): StatedConfig {
  if (stated.whole) return stated;
  const known = (arch.flavours ?? [])
    .filter(({ vendors }) => vendors?.includes(release.vendor?.name ?? "") ?? true)
    .filter((flavour) => release.text.endsWith(flavour.suffix) && inForce(release, flavour))
    .flatMap((flavour) => Object.entries(flavour.config));
  return { symbols: new Map<string, ConfigValue>([...known, ...stated.symbols]), whole: false };
}
