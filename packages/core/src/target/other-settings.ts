import type { ArchData, ConfigSymbol, CpuFeature } from "../data/arch.ts";
import type { ConfigValue } from "../interface/target.ts";
import { chosenCpu, chosenElsewhere, fits } from "./conditions.ts";
import { inForce } from "./in-force.ts";
import type { Settings } from "./settings.ts";
import { backportNames } from "./settings.ts";

/** A default the other way round. */
interface OtherSettings {
  /** `CONFIG_X86_PAE=n (not given)` */
  readonly sentence: string;
  readonly settings: Settings;
}

/** The settings with each default turned round once, of the symbols and CPU features that `counts`. */
export function otherSettings(
  arch: ArchData,
  settings: Settings,
  counts: (row: ConfigSymbol | CpuFeature) => boolean,
): OtherSettings[] {
  const found: OtherSettings[] = [];
  for (const symbol of settings.stated.whole ? [] : arch.symbols.filter(counts)) {
    if (settings.stated.symbols.has(symbol.name) || !inForce(settings.release, symbol)) continue;
    if (!fits(arch, settings, symbol)) continue;
    if (chosenElsewhere(arch, settings, symbol)) continue;
    const sentence = `${symbol.name}=${symbol.default} (not given)`;
    for (const value of otherValues(symbol)) {
      found.push({ sentence, settings: withSymbol(settings, symbol.name, value) });
    }
  }
  for (const feature of (arch.cpus ?? []).filter(counts)) {
    if (feature.choice !== undefined && chosenCpu(arch, settings, feature)) continue;
    found.push({
      sentence: `cpu without ${feature.name} (not given)`,
      settings: { ...settings, cpu: [...settings.cpu, feature.name] },
    });
  }
  for (const name of backportNames(arch)) {
    found.push({
      sentence: `without the backport ${name} (not given)`,
      settings: { ...settings, backports: [...settings.backports, name] },
    });
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
