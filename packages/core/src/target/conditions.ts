import type { ArchData, Conditional, ConfigSymbol, CpuFeature } from "../data/arch.ts";
import type { ConfigValue } from "../interface/target.ts";
import { inForce } from "./in-force.ts";
import type { Settings } from "./settings.ts";

/** Whether one condition holds: `CONFIG_X`, `!CONFIG_X`, `CONFIG_X=52`, `la57`, `!la57`. */
export function holds(arch: ArchData, settings: Settings, condition: string): boolean {
  const known = answers.get(settings) ?? new Map<string, boolean>();
  answers.set(settings, known);
  const answer = known.get(condition) ?? judged(arch, settings, condition);
  known.set(condition, answer);
  return answer;
}

/** Whether every condition of a row holds. */
export function fits(
  arch: ArchData,
  settings: Settings,
  row: { readonly when?: readonly string[] },
): boolean {
  return (row.when ?? []).every((condition) => holds(arch, settings, condition));
}

/** The row that decides: the first that is in force and fits. */
export function firstThatFits<R extends Conditional>(
  arch: ArchData,
  settings: Settings,
  rows: readonly R[],
): R | undefined {
  return rows.find((row) => inForce(settings.release, row) && fits(arch, settings, row));
}

/** Whether another symbol of the same choice is stated to be on. */
export function chosenElsewhere(arch: ArchData, settings: Settings, symbol: ConfigSymbol): boolean {
  return (
    symbol.choice !== undefined &&
    arch.symbols.some(
      (other) => other.choice === symbol.choice && settings.stated.symbols.get(other.name) === "y",
    )
  );
}

/** Whether every other symbol of its choice is stated to be off: a choice has one that is on. */
function isLeft(arch: ArchData, settings: Settings, symbol: ConfigSymbol): boolean {
  const others = arch.symbols.filter(
    (other) =>
      other !== symbol &&
      other.choice === symbol.choice &&
      other.together !== true &&
      inForce(settings.release, other),
  );
  return (
    symbol.choice !== undefined &&
    symbol.together !== true &&
    others.length > 0 &&
    others.every((other) => settings.stated.symbols.get(other.name) === "n")
  );
}

/** Whether the target names a CPU feature of the same choice. */
export function chosenCpu(arch: ArchData, settings: Settings, feature: CpuFeature): boolean {
  return (arch.cpus ?? []).some(
    (other) => other.choice === feature.choice && settings.cpu.includes(other.name),
  );
}

// Every row asks the same few questions of the same settings. Settings belong to one architecture.
const answers = new WeakMap<Settings, Map<string, boolean>>();

function judged(arch: ArchData, settings: Settings, condition: string): boolean {
  if (condition.startsWith("!")) return !holds(arch, settings, condition.slice(1));
  if (!condition.startsWith("CONFIG_")) return cpuHas(arch, settings, condition);
  const [name, wanted] = condition.split("=") as [string, string | undefined];
  const value = symbolValue(arch, settings, name);
  return wanted === undefined ? value !== "n" && value !== 0 : String(value) === wanted;
}

/** The value of a symbol: stated, or the default. */
function symbolValue(arch: ArchData, settings: Settings, name: string): ConfigValue {
  const stated = settings.stated.symbols.get(name);
  if (stated !== undefined) return stated;
  if (settings.stated.whole) return "n";
  const symbol = arch.symbols.find((candidate) => candidate.name === name);
  if (!symbol || !inForce(settings.release, symbol) || !fits(arch, settings, symbol)) return "n";
  if (isLeft(arch, settings, symbol)) return "y";
  return chosenElsewhere(arch, settings, symbol) ? "n" : symbol.default;
}

function cpuHas(arch: ArchData, settings: Settings, name: string): boolean {
  const feature = (arch.cpus ?? []).find((candidate) => candidate.name === name);
  if (!feature || !inForce(settings.release, feature)) return false;
  if (!fits(arch, settings, feature)) return false;
  if (settings.cpu.includes(name)) return true;
  return feature.default === true && !chosenCpu(arch, settings, feature);
}
