import type { ArchData, ConfigSymbol } from "../data/arch.ts";
import { firstReleaseOf } from "../data/backport.ts";
import type { Layout } from "../data/layout.ts";
import type { Release } from "../data/release.ts";
import { parseRelease } from "../data/release.ts";
import { PtekitError } from "../errors.ts";
import type { ConfigValue, FileHead, Target } from "../interface/target.ts";
import { requireArch, requireLayout } from "../util/require.ts";
import { fits } from "./conditions.ts";
import { parseConfigValue } from "./config.ts";
import { inForce } from "./in-force.ts";
import { select } from "./select.ts";
import type { Settings } from "./settings.ts";

/**
 * A target that selects a layout (at its first release, or `at` a later one that still has it), with every symbol
 * stated: those the layout needs, and of the others all that the release can select (`on`) or none.
 */
export function targetOfLayout(
  arch: ArchData,
  layout: Layout,
  others: "on" | "off" = "on",
  at?: string,
): Target {
  requireArch(arch);
  requireLayout(layout);
  const from = at ?? firstReleaseOf(layout);
  const release = parseRelease(from);
  const needs = layout.when ?? [];
  const upper = [...(layout.pmd ? [layout.pmd] : []), ...(arch.hugetlb ?? [])];
  const rows = [...layout.fields, ...upper.flatMap(({ fields }) => fields ?? [])];
  const wanted = others === "on" ? [...needs, ...rows.flatMap((row) => row.when)] : needs;
  const cpu = (arch.cpus ?? []).map((feature) => feature.name).filter((name) => wanted.includes(name));
  const config = new Map(
    arch.symbols.map((symbol) => [symbol.name, valueFor(arch, symbol, release, needs, others)] as const),
  );
  const settings = (): Settings => ({
    release,
    stated: { symbols: config, whole: false },
    cpu,
    backports: [],
  });
  const selectable = settings();
  for (const symbol of arch.symbols) {
    if (typeof symbol.default === "number" || needs.includes(symbol.name)) continue;
    if (!fits(arch, selectable, symbol)) config.set(symbol.name, "n");
  }
  for (const choice of new Set(arch.symbols.flatMap((symbol) => symbol.choice ?? []))) {
    const chosen = othersOfChoice(arch, settings(), choice, needs);
    if (chosen !== undefined) config.set(chosen.name, "y");
  }
  return { release: from, config: Object.fromEntries(config), cpu };
}

function valueFor(
  arch: ArchData,
  symbol: ConfigSymbol,
  release: Release,
  needs: readonly string[],
  others: "on" | "off",
): ConfigValue {
  const number = needs.find((need) => need.startsWith(`${symbol.name}=`))?.slice(symbol.name.length + 1);
  if (number !== undefined) return parseConfigValue(number) ?? "y";
  if (typeof symbol.default === "number") return symbol.default;
  if (needs.includes(symbol.name)) return "y";
  if (needs.includes(`!${symbol.name}`) || !inForce(release, symbol)) return "n";
  if (symbol.choice === undefined) return others === "off" ? "n" : symbol.default;
  const chosen = arch.symbols.some((other) => other.choice === symbol.choice && needs.includes(other.name));
  return chosen ? "n" : symbol.default;
}

/** What a choice has on where the layout needs its default to be off; undefined where something is on, or nothing can be. */
function othersOfChoice(
  arch: ArchData,
  settings: Settings,
  choice: string,
  needs: readonly string[],
): ConfigSymbol | undefined {
  const members = arch.symbols.filter((symbol) => symbol.choice === choice && symbol.together !== true);
  if (members.some(({ name }) => settings.stated.symbols.get(name) === "y")) return undefined;
  if (!members.some(({ name }) => needs.includes(`!${name}`))) return undefined;
  return members.find(
    (symbol) =>
      !needs.includes(`!${symbol.name}`) && inForce(settings.release, symbol) && fits(arch, settings, symbol),
  );
}

/** One target for each layout that some configuration has at a release, with all that can be selected on. */
export function targetsAt(arch: ArchData, release: string): Target[] {
  requireArch(arch);
  const found = new Map<string, Target>();
  for (const layout of arch.layouts) {
    const target = targetOfLayout(arch, layout, "on", release);
    const id = layoutIdFor(arch, target);
    if (id !== null && !found.has(id)) found.set(id, target);
  }
  return [...found.values()];
}

function layoutIdFor(arch: ArchData, target: Target): string | null {
  try {
    return select(arch, target).layout.id;
  } catch (error) {
    if (error instanceof PtekitError && error.code === "NO_LAYOUT") return null;
    throw error;
  }
}

/** The target that a file's head means: its config is whole, an absent symbol is off. */
export function targetOfHead(arch: ArchData, head: FileHead): Target {
  requireArch(arch);
  const config = Object.entries(head.config)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
  const byLevels = (arch.cpus ?? []).filter(
    (feature) => feature.levels !== undefined && feature.levels === head.levels,
  );
  const cpu = [head.cpu ?? [], byLevels.map((feature) => feature.name)].flat();
  return { release: head.release, config, cpu };
}
