import { limitsOf } from "../ask/limits.ts";
import type { Assumption, BackendParts } from "../backend.ts";
import type { ArchData, Conditional, ConfigSymbol, CpuFeature } from "../data/arch.ts";
import type { Field, Layout } from "../data/layout.ts";
import { longBitsOf, rowsOf, spare } from "../data/layout.ts";
import type { PresentLayout } from "../data/present.ts";
import { free } from "../data/present.ts";
import type { Backport, Release } from "../data/release.ts";
import { atLeast, backportOf, compareNumbers, NEWEST_RELEASE, parseRelease } from "../data/release.ts";
import { swapTypes, typeSymbols } from "../data/swap-types.ts";
import { PtekitError } from "../errors.ts";
import { deepFreeze } from "../util/freeze.ts";
import { lazily } from "../util/lazily.ts";
import { same } from "../util/same.ts";
import type { ConfigObject, ConfigValue, StatedConfig } from "./config.ts";
import { parseConfigValue, readConfig } from "./config.ts";

/** Which kernel is meant. */
export interface Target {
  /** `"6.12"`, `"6.1.0-50-amd64"`, `"5.14.0-427.el9.x86_64"`; `-rcN` is the release it leads to. */
  readonly release: string;
  /** Single Kconfig symbols (an absent one takes its default), or the text of a whole .config (absent is off). */
  readonly config?: ConfigObject | string;
  /** What the running CPU has: `la57`, `lpa2`. */
  readonly cpu?: string | readonly string[];
  /** Changes that this kernel has beside its release number: `l1tf`. */
  readonly backports?: string | readonly string[];
}

/** What decides, stated or by default. */
interface Settings {
  readonly release: Release;
  readonly stated: StatedConfig;
  readonly cpu: readonly string[];
  readonly backports: readonly string[];
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

/**
 * One layout and one table of swap types, with every default that could change an answer named.
 *
 * @throws PtekitError `UNKNOWN_RELEASE`, `NO_LAYOUT`, `UNKNOWN_OPTION`, `UNKNOWN_CONFIG`, `UNKNOWN_CPU`,
 * `UNKNOWN_BACKPORT`.
 */
export function select(arch: ArchData, target: Target): BackendParts {
  const settings = settle(arch, target);
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

function settle(arch: ArchData, target: Target): Settings {
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
  if (compareNumbers(release.numbers.slice(0, 2), parseRelease(NEWEST_RELEASE).numbers) > 0) {
    throw new PtekitError(
      "UNKNOWN_RELEASE",
      `${release.text} is newer than ${NEWEST_RELEASE}, the newest release ptekit knows`,
    );
  }
  if (arch.removed && atLeast(release, arch.removed.in)) {
    throw new PtekitError(
      "NO_LAYOUT",
      `${arch.name} was removed in ${arch.removed.in}; ${release.text} has none`,
    );
  }
  const stated = withFlavours(arch, release, readConfig(target.config, arch.name, decidingSymbols(arch)));
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
    if (!known.includes(name)) throw new PtekitError(code, `${sentence}, not ${String(name)}`);
  }
  return names;
}

const list = (names: readonly string[]): string => (names.length === 0 ? "nothing" : names.join(", "));

const backportNames = (arch: ArchData): string[] => [
  ...new Set(arch.layouts.flatMap((layout) => layout.backportName ?? [])),
];

/** A distribution's known settings stand where the target states nothing itself. */
function withFlavours(arch: ArchData, release: Release, stated: StatedConfig): StatedConfig {
  if (stated.whole) return stated;
  const known = (arch.flavours ?? [])
    .filter((flavour) => release.text.endsWith(flavour.suffix) && inForce(release, flavour))
    .flatMap((flavour) => Object.entries(flavour.config));
  return { symbols: new Map<string, ConfigValue>([...known, ...stated.symbols]), whole: false };
}

interface Span {
  readonly since?: string;
  readonly backported?: readonly Backport[];
  readonly until?: string;
}

function inForce(release: Release, row: Span): boolean {
  const begun = row.since === undefined || atLeast(release, row.since);
  if (!begun && backportOf(release, row.backported) === null) return false;
  return row.until === undefined || !atLeast(release, row.until);
}

/** The value of a symbol: stated, or the default. */
function symbolValue(arch: ArchData, settings: Settings, name: string): ConfigValue {
  const stated = settings.stated.symbols.get(name);
  if (stated !== undefined) return stated;
  if (settings.stated.whole) return "n";
  const symbol = arch.symbols.find((candidate) => candidate.name === name);
  if (!symbol || !inForce(settings.release, symbol) || !fits(arch, settings, symbol)) return "n";
  return chosenElsewhere(arch, settings, symbol) ? "n" : symbol.default;
}

/** Whether another symbol of the same choice is stated to be on. */
function chosenElsewhere(arch: ArchData, settings: Settings, symbol: ConfigSymbol): boolean {
  return (
    symbol.choice !== undefined &&
    arch.symbols.some(
      (other) => other.choice === symbol.choice && settings.stated.symbols.get(other.name) === "y",
    )
  );
}

function cpuHas(arch: ArchData, settings: Settings, name: string): boolean {
  const feature = (arch.cpus ?? []).find((candidate) => candidate.name === name);
  if (!feature || !inForce(settings.release, feature)) return false;
  if (!fits(arch, settings, feature)) return false;
  if (settings.cpu.includes(name)) return true;
  return feature.default === true && !chosenCpu(arch, settings, feature);
}

function chosenCpu(arch: ArchData, settings: Settings, feature: CpuFeature): boolean {
  return (arch.cpus ?? []).some(
    (other) => other.choice === feature.choice && settings.cpu.includes(other.name),
  );
}

/** One condition: `CONFIG_X`, `!CONFIG_X`, `CONFIG_X=52`, `la57`, `!la57`. */
function holds(arch: ArchData, settings: Settings, condition: string): boolean {
  const known = answers.get(settings) ?? new Map<string, boolean>();
  answers.set(settings, known);
  const answer = known.get(condition) ?? judged(arch, settings, condition);
  known.set(condition, answer);
  return answer;
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

function firstThatFits<R extends Conditional>(
  arch: ArchData,
  settings: Settings,
  rows: readonly R[],
): R | undefined {
  return rows.find(
    (row) =>
      inForce(settings.release, row) &&
      (row.when ?? []).every((condition) => holds(arch, settings, condition)),
  );
}

/** Everything but the assumptions. */
function resolve(arch: ArchData, settings: Settings): BackendParts {
  const { release } = settings;
  const test = (condition: string): boolean => holds(arch, settings, condition);
  const layout = deepFreeze(settled(layoutFor(arch, settings), test));
  const longBits = longBitsOf(layout);
  const swpTypeShift = longBits - (atLeast(release, "4.20") ? 6 : 7);
  const pageShift = firstThatFits(arch, settings, arch.pageShift)?.shift ?? 12;
  const physBits = firstThatFits(arch, settings, arch.physBits)?.bits ?? longBits;
  const pfnBits = Math.min(physBits - pageShift, swpTypeShift);
  const archMaxPages = firstThatFits(arch, settings, arch.maxSwapfilePages ?? [])?.pages ?? null;
  return {
    arch: arch.name,
    layout,
    present: presentFor(arch, settings, test),
    types: deepFreeze(swapTypes(release, test)),
    kernel: deepFreeze({
      release: release.text,
      pageShift,
      swpTypeShift,
      pfnBits,
      physBits,
      archMaxPages,
      ...limitsOf(layout, { release, swpTypeShift, pfnBits, archMaxPages }),
      typeCheck: firstThatFits(arch, settings, arch.typeChecks ?? [])?.citation ?? null,
      byteOrder: layout.byteOrder ?? firstThatFits(arch, settings, arch.byteOrder)?.order ?? "little",
      // Without its bit (riscv without Svrsw60t59b) the kernel refuses to arm it: pgtable_supports_uffd_wp().
      armsUffdWp: test("CONFIG_HAVE_ARCH_USERFAULTFD_WP") && rowsOf(layout, "uffdWp").length > 0,
    }),
    assumptions: [],
  };
}

function layoutFor(arch: ArchData, settings: Settings): Layout {
  const layout = newestThatFits(arch, settings, arch.layouts);
  const gone = layout?.until !== undefined && atLeast(settings.release, layout.until);
  if (layout && !gone) return layout;
  throw new PtekitError("NO_LAYOUT", whyNoLayout(arch, settings, layout));
}

function whyNoLayout(arch: ArchData, settings: Settings, gone: Layout | undefined): string {
  const release = settings.release.text;
  if (gone) return `${gone.id} is the last of its kind: support went in ${gone.until}, ${release} has none`;
  const oldest = arch.layouts.filter((candidate) => fits(arch, settings, candidate)).at(-1);
  if (!oldest) return `${arch.name} has no layout for this configuration and CPU`;
  return `${arch.name} goes back to ${oldest.since}; ${release} is older`;
}

/** The newest row that the release has, by its number, by a backport, or by a backport's name. */
function newestThatFits<R extends Layout | PresentLayout>(
  arch: ArchData,
  settings: Settings,
  rows: readonly R[],
): R | undefined {
  return rows.find(
    (row) =>
      (atLeast(settings.release, row.since) ||
        backportOf(settings.release, row.backported) !== null ||
        (row.backportName !== undefined && settings.backports.includes(row.backportName))) &&
      fits(arch, settings, row),
  );
}

function fits(arch: ArchData, settings: Settings, row: { readonly when?: readonly string[] }): boolean {
  return (row.when ?? []).every((condition) => holds(arch, settings, condition));
}

/** The layout with only what this configuration and CPU have. */
function settled(layout: Layout, test: (condition: string) => boolean): Layout {
  const { pmd, ...pte } = settledParts(layout, test);
  return pmd?.when.every(test) ? { ...pte, pmd: settledParts(pmd, test) } : pte;
}

function settledParts<L extends Pick<Layout, "exceptions"> & { readonly fields?: readonly Field[] }>(
  parts: L,
  test: (condition: string) => boolean,
): L {
  const { fields, exceptions } = parts;
  return {
    ...parts,
    ...(fields && { fields: fields.map((row) => settledRow(row, test)) }),
    ...(exceptions && { exceptions: exceptions.filter(({ when = [] }) => when.every(test)) }),
  };
}

/** A flag that this configuration or CPU does not have leaves its bit to another use, or spare. */
function settledRow(row: Field, test: (condition: string) => boolean): Field {
  const { otherwise, ...alone } = row;
  if (row.when.every(test)) return otherwise ? alone : row;
  if (otherwise) return settledRow(otherwise, test);
  const what = row.note === "" ? row.kind : row.note;
  return spare(row.high, row.low, `${what}: only with ${row.when.join(" and ")}`);
}

function presentFor(
  arch: ArchData,
  settings: Settings,
  test: (condition: string) => boolean,
): PresentLayout | null {
  const layout = newestThatFits(arch, settings, arch.present ?? []);
  if (!layout) return null;
  const fields = layout.fields.map((row) =>
    row.when.every(test) ? row : free(row.high, row.low, `${row.name} needs ${row.when.join(" and ")}`),
  );
  return deepFreeze({ ...layout, fields });
}

/** Each default that would give other parts, were it otherwise. */
function assumptions(arch: ArchData, settings: Settings, parts: BackendParts): Assumption[] {
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

/**
 * A target that selects a layout (at its first release, or `at` a later one that still has it), with every symbol
 * stated: those the layout needs, and of the others all that the release can select (`on`) or none.
 */
export function targetOfLayout(
  arch: ArchData,
  layout: Layout,
  others: "on" | "off" = "on",
  at: string = layout.since,
): Target {
  const release = parseRelease(at);
  const needs = layout.when ?? [];
  const rows = [...layout.fields, ...(layout.pmd?.fields ?? [])];
  const wanted = others === "on" ? [...needs, ...rows.flatMap((row) => row.when)] : needs;
  const cpu = (arch.cpus ?? []).map((feature) => feature.name).filter((name) => wanted.includes(name));
  const config = new Map(
    arch.symbols.map((symbol) => [symbol.name, valueFor(arch, symbol, release, needs, others)] as const),
  );
  const settings: Settings = { release, stated: { symbols: config, whole: false }, cpu, backports: [] };
  for (const symbol of arch.symbols) {
    if (typeof symbol.default === "number" || needs.includes(symbol.name)) continue;
    if (!fits(arch, settings, symbol)) config.set(symbol.name, "n");
  }
  return { release: at, config: Object.fromEntries(config), cpu };
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

/** One target for each layout that some configuration has at a release, with all that can be selected on. */
export function targetsAt(arch: ArchData, release: string): Target[] {
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

/** The head of a vector or live file, as far as it says which kernel is meant. */
export interface FileHead {
  readonly release: string;
  readonly config: Readonly<Record<string, string>>;
  readonly cpu?: string | readonly string[];
  /** Page-table levels in use, in a live file. */
  readonly levels?: number;
}

/** The target that a file's head means: its config is whole, an absent symbol is off. */
export function targetOfHead(arch: ArchData, head: FileHead): Target {
  const config = Object.entries(head.config)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
  const byLevels = (arch.cpus ?? []).filter(
    (feature) => feature.levels !== undefined && feature.levels === head.levels,
  );
  const cpu = [head.cpu ?? [], byLevels.map((feature) => feature.name)].flat();
  return { release: head.release, config, cpu };
}
