import type { ArchData, ConfigSymbol } from "../data/arch.ts";
import { PtekitError } from "../errors.ts";
import type { ConfigValue } from "../interface/target.ts";
import { fits } from "./conditions.ts";
import { archsOn } from "./config-kernel.ts";
import { inForce } from "./in-force.ts";
import type { Settings } from "./settings.ts";

/**
 * Refuses a configuration that no kernel has: another architecture's .config, or a choice of which several members or
 * none are on.
 *
 * @throws PtekitError `UNKNOWN_CONFIG`, naming what is wrong with it.
 */
export function checkStated(arch: ArchData, settings: Settings): void {
  const { symbols, whole } = settings.stated;
  if (symbols.size === 0) return;
  if (whole) checkOwn(arch, symbols);
  const choices = new Set(arch.symbols.flatMap(({ choice }) => choice ?? []));
  for (const choice of choices) checkChoice(arch, settings, choice);
}

/** User-mode Linux has the host's symbol beside its own. */
function checkOwn(arch: ArchData, symbols: ReadonlyMap<string, ConfigValue>): void {
  const own = [arch.name, /^arch\/([^/]+)\//.exec(arch.header)?.[1]];
  const on = archsOn(symbols);
  if (own.includes("um") || on.some(([, name]) => own.includes(name))) return;
  const [other] = on;
  if (other === undefined) return;
  throw new PtekitError(
    "UNKNOWN_CONFIG",
    `this .config is ${other[1]}'s (${other[0]}=y), not ${arch.name}'s`,
  );
}

function checkChoice(arch: ArchData, settings: Settings, choice: string): void {
  const { release, stated } = settings;
  const members = arch.symbols.filter((symbol) => symbol.choice === choice);
  const value = ({ name }: ConfigSymbol): ConfigValue | undefined => stated.symbols.get(name);
  const on = members.filter((symbol) => value(symbol) === "y");
  const apart = on.filter((symbol) => symbol.together !== true);
  const names = (rows: readonly ConfigSymbol[], word: string): string =>
    rows
      .map(({ name }) => name)
      .join(`, `)
      .replace(/, ([^,]*)$/, ` ${word} $1`);
  if (apart.length > 1) {
    throw new PtekitError(
      "UNKNOWN_CONFIG",
      `${names(apart, "and")} are of one choice (${choice}): a kernel has one of them`,
    );
  }
  const byDefault = members.find((symbol) => symbol.default === "y");
  if (on.length > 0 || byDefault === undefined || value(byDefault) !== "n") return;
  if (!inForce(release, byDefault) || !fits(arch, settings, byDefault)) return;
  const selectable = members.filter((symbol) => symbol.together !== true && inForce(release, symbol));
  const open = selectable.filter((symbol) => value(symbol) === undefined);
  // Where all others are off, it is the one that is left; of a choice whose other members need no name, one of those.
  if (open.length === 1 || selectable.length === 1) return;
  throw new PtekitError(
    "UNKNOWN_CONFIG",
    `${byDefault.name}=n leaves nothing of its choice (${choice}): say which of ${names(members, "or")} is y`,
  );
}
