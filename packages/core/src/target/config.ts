import { PtekitError } from "../errors.ts";
import type { ConfigObject, ConfigValue } from "../interface/target.ts";
import { requireText } from "../util/require.ts";

/** What a target says of the configuration. */
export interface StatedConfig {
  readonly symbols: ReadonlyMap<string, ConfigValue>;
  /** The text of a whole .config: an absent symbol is off, not unstated. */
  readonly whole: boolean;
}

/**
 * The symbols of a configuration: an object of single symbols, or the text of a whole .config.
 *
 * @param deciding the symbols that decide an answer; an object may name no others (a typing error would pass silently).
 * @throws PtekitError `UNKNOWN_CONFIG`, naming the symbol, value or line.
 */
export function readConfig(
  config: ConfigObject | string | undefined,
  arch: string,
  deciding: () => readonly { readonly name: string; readonly isNumber: boolean }[],
): StatedConfig {
  if (config === undefined) return { symbols: new Map(), whole: false };
  if (typeof config === "string") return { symbols: parseConfigText(config), whole: true };
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new PtekitError("UNKNOWN_CONFIG", `config is an object { CONFIG_X: "y" } or the text of a .config`);
  }
  const stated = Object.entries(config);
  const known = stated.length > 0 ? deciding() : [];
  for (const [name, value] of stated) {
    const symbol = known.find((candidate) => candidate.name === name);
    if (!symbol) {
      const names = known.map((candidate) => candidate.name).join(", ");
      throw new PtekitError(
        "UNKNOWN_CONFIG",
        `${name} decides nothing on ${arch}; the symbols that do are ${names} (a whole .config goes in as text)`,
      );
    }
    if (symbol.isNumber ? !Number.isSafeInteger(value) : !["y", "m", "n"].includes(value as string)) {
      const wanted = symbol.isNumber ? "a whole number" : `"y", "m" or "n"`;
      throw new PtekitError("UNKNOWN_CONFIG", `${name}=${String(value)}: its value is ${wanted}`);
    }
  }
  return { symbols: new Map(stated), whole: false };
}

/**
 * The symbols in the text of a .config, the last line on a symbol winning, as in Kconfig; strings that are not y, m, n or
 * a number are left out.
 */
export function parseConfigText(text: string): Map<string, ConfigValue> {
  requireText(text, "the text of a .config");
  const symbols = new Map<string, ConfigValue>();
  text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .forEach((line, index) => {
      const set = /^(CONFIG_\w+)=(.*?)\s*$/.exec(line);
      const unset = /^# (CONFIG_\w+) is not set\s*$/.exec(line);
      if (unset) symbols.set(unset[1] as string, "n");
      else if (set) {
        const value = parseConfigValue(set[2] as string);
        if (value === null) symbols.delete(set[1] as string);
        else symbols.set(set[1] as string, value);
      } else if (line.trim() !== "" && !line.startsWith("#")) {
        throw new PtekitError(
          "UNKNOWN_CONFIG",
          `line ${index + 1} is not a line of a .config: ${line.slice(0, 60)}`,
        );
      }
    });
  return symbols;
}

/** `y`, `m`, `n` or a number from the text right of a `=`; null for strings. */
export function parseConfigValue(text: string): ConfigValue | null {
  requireText(text, "a value");
  if (text === "y" || text === "m" || text === "n") return text;
  return /^(0x[0-9a-f]+|-?\d+)$/i.test(text) ? Number(text) : null;
}
