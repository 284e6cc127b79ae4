// A kernel tree, configured out of place (O=) so that its generated headers exist: what `make prepare0` needs, no more.
import fs from "node:fs";
import path from "node:path";
import { run } from "./run.mjs";
import { recordedSymbols } from "./targets.mjs";

/**
 * The configured build directory, and its .config as an object of the symbols that are on.
 * Throws a sentence for each line of the user's fragment that Kconfig did not take.
 */
export function configure({ source, build, target, prefix, lines = "", userFragment = "" }) {
  fs.rmSync(build, { recursive: true, force: true });
  fs.mkdirSync(build, { recursive: true });
  // A tree that was built in place refuses to be used with O=: say so before make does, which also names its way out.
  if (fs.existsSync(path.join(source, ".config")))
    throw new Error(
      `${source} is configured in place; make it clean (make mrproper), or name an untouched tree`,
    );
  const make = (...goals) =>
    run("make", [
      "-s",
      "-C",
      source,
      `O=${build}`,
      `ARCH=${target.kernelArch}`,
      `CROSS_COMPILE=${prefix}`,
      ...goals,
    ]);

  make(target.defconfig);
  const file = path.join(build, ".config");
  fs.appendFileSync(file, `${target.fragment}\n${lines}\n${userFragment}\n`);
  make("olddefconfig");
  const config = parseConfig(fs.readFileSync(file, "utf8"));
  const refused = refusedLines(userFragment, config);
  if (refused.length > 0)
    throw new Error(
      `Kconfig of this tree did not take ${refused.join(", ")}: the symbol does not exist there, or depends on another`,
    );
  make("prepare0");
  return { config, release: run("make", ["-s", "-C", source, `O=${build}`, "kernelversion"]).trim() };
}

/** The symbols of a .config or a fragment, as { CONFIG_X: "y" }; one that "is not set" is null. */
export function parseConfig(text) {
  const symbols = {};
  for (const line of text.split("\n")) {
    const set = /^(CONFIG_\w+)=(.*)$/.exec(line);
    const unset = /^# (CONFIG_\w+) is not set$/.exec(line);
    if (set) symbols[set[1]] = set[2].replace(/^"(.*)"$/, "$1");
    else if (unset) symbols[unset[1]] = null;
  }
  return symbols;
}

/** The lines of a fragment that set no symbol and are no comment: Kconfig would only warn of them. */
export function strangeLines(fragment) {
  return fragment.split("\n").filter((line) => !/^(CONFIG_\w+=.*|#.*|\s*)$/.test(line));
}

/** The lines of a fragment that a configuration does not hold. A symbol that is absent counts as off. */
export function refusedLines(fragment, config) {
  return Object.entries(parseConfig(fragment))
    .filter(([symbol, value]) => (config[symbol] ?? "n") !== (value ?? "n"))
    .map(([symbol, value]) => (value === null ? `# ${symbol} is not set` : `${symbol}=${value}`));
}

/** The `config` of a vector file: the symbols that matter and are on; `also`: more symbols to name. */
export function recordedConfig(config, also = []) {
  return Object.fromEntries(
    [...new Set([...recordedSymbols, ...also])]
      .filter((symbol) => config[symbol] != null)
      .map((symbol) => [symbol, config[symbol]]),
  );
}
