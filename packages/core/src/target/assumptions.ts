import type { ArchData, ConfigSymbol } from "../data/arch.ts";
import { atLeast, backportOf } from "../data/release.ts";
import { PtekitError } from "../errors.ts";
import type { Assumption, BackendParts } from "../interface/kernel.ts";
import type { ConfigValue } from "../interface/target.ts";
import { same } from "../util/same.ts";
import { chosenCpu, chosenElsewhere, fits } from "./conditions.ts";
import { inForce } from "./in-force.ts";
import { resolve } from "./parts.ts";
import type { Settings } from "./settings.ts";
import { backportNames } from "./settings.ts";

/** Each default that would give other parts, were it otherwise. */
export function assumptions(arch: ArchData, settings: Settings, parts: BackendParts): Assumption[] {
  const found: Assumption[] = [];
  if (settings.release.between) {
    const base = settings.release.numbers.join(".");
    found.push({ sentence: `${settings.release.text} is taken to be its base release ${base}`, parts: null });
  }
  const consider = (sentence: string, other: Settings): void => {
    const alternative = alternativeParts(arch, other);
    if (alternative === null || !sameParts(parts, alternative)) found.push({ sentence, parts: alternative });
  };
  for (const symbol of settings.stated.whole ? [] : arch.symbols) {
    if (settings.stated.symbols.has(symbol.name) || !inForce(settings.release, symbol)) continue;
    if (!fits(arch, settings, symbol)) continue;
    if (chosenElsewhere(arch, settings, symbol)) continue;
    for (const value of otherValues(symbol)) {
      consider(`${symbol.name}=${symbol.default} (not given)`, withSymbol(settings, symbol.name, value));
    }
  }
  for (const feature of arch.cpus ?? []) {
    if (feature.choice !== undefined && chosenCpu(arch, settings, feature)) continue;
    consider(`cpu without ${feature.name} (not given)`, {
      ...settings,
      cpu: [...settings.cpu, feature.name],
    });
  }
  for (const name of backportNames(arch)) {
    consider(`without the backport ${name} (not given)`, {
      ...settings,
      backports: [...settings.backports, name],
    });
  }
  const { layout } = parts;
  const by = backportOf(settings.release, layout.backported);
  if (by?.uncertain !== undefined && !atLeast(settings.release, layout.since)) {
    found.push({ sentence: `${layout.id} is in ${settings.release.text}: ${by.uncertain}`, parts: null });
  }
  return found;
}

function otherValues(symbol: ConfigSymbol): ConfigValue[] {
  if (typeof symbol.default === "number") return [...(symbol.values ?? [])];
  // The other members of a choice speak for the default one.
  if (symbol.choice !== undefined && symbol.default === "y") return [];
  return [symbol.default === "y" ? "n" : "y"];
}

function withSymbol(settings: Settings, name: string, value: ConfigValue): Settings {
  const symbols = new Map([...settings.stated.symbols, [name, value] as const]);
  return { ...settings, stated: { symbols, whole: false } };
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
    same(a.present, b.present) &&
    same(a.types, b.types) &&
    same({ ...a.kernel, byteOrder: "" }, { ...b.kernel, byteOrder: "" })
  );
}
