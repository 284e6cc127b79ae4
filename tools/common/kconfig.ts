/** What a .config or a fragment sets, by symbol; null is "is not set". */
export type Kconfig = Readonly<Record<string, string | null>>;

/** The symbols of a .config or a fragment, as { CONFIG_X: "y" }; one that "is not set" is null. */
export function parseConfig(text: string): Kconfig {
  const symbols: Record<string, string | null> = {};
  for (const line of text.split("\n")) {
    const [, symbol, value = ""] = /^(CONFIG_\w+)=(.*)$/.exec(line) ?? [];
    const unset = /^# (CONFIG_\w+) is not set$/.exec(line)?.[1];
    if (symbol) symbols[symbol] = value.replace(/^"(.*)"$/, "$1");
    else if (unset) symbols[unset] = null;
  }
  return symbols;
}

/** The lines of a fragment that set no symbol and are no comment: Kconfig would only warn of them. */
export function strangeLines(fragment: string): string[] {
  return fragment.split("\n").filter((line) => !/^(CONFIG_\w+=.*|#.*|\s*)$/.test(line));
}

/** The lines of a fragment that a configuration does not hold. A symbol that is absent counts as off. */
export function refusedLines(fragment: string, config: Kconfig): string[] {
  return Object.entries(parseConfig(fragment))
    .filter(([symbol, value]) => (config[symbol] ?? "n") !== (value ?? "n"))
    .map(([symbol, value]) => (value === null ? `# ${symbol} is not set` : `${symbol}=${value}`));
}

/** Those of some symbols that are on, as a vector file or a live file names them. */
export function symbolsOn(config: Kconfig, names: Iterable<string>): Record<string, string> {
  return Object.fromEntries(
    [...new Set(names)].flatMap((symbol): [string, string][] => {
      const value = config[symbol];
      return value == null ? [] : [[symbol, value]];
    }),
  );
}
