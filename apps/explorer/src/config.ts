// What a .config that was pasted says of the kernel that is meant.
import { names } from "@ptekit/all";
import type { ConfigSymbol, ConfigValue } from "@ptekit/core";
import { kernelOfConfig, parseConfigText } from "@ptekit/core";
import { architectureOf } from "./kernel.ts";
import type { State } from "./link.ts";
import { START } from "./link.ts";

/** What a .config changes of a state, and the sentence that says so. */
export interface ConfigState {
  readonly part: Pick<State, "arch" | "release" | "config">;
  readonly sentence: string;
}

/**
 * The state that a .config means: its own architecture and release, and its symbols. Lines of one set what they name; a
 * whole one says of the symbols that are not in it that they are off.
 *
 * @throws PtekitError where a line is none of a .config.
 */
export async function configState(text: string, state: State): Promise<ConfigState> {
  const said = kernelOfConfig(text);
  const arch = names.find((name) => name === said.arch) ?? (state.arch || START.arch);
  const release = said.release ?? state.release;
  const { symbols } = await architectureOf({ ...state, arch });
  const stated = parseConfigText(text);
  const isWhole = said.release !== null || stated.size >= WHOLE;
  const found = symbolsOf(stated, symbols, isWhole);
  const config = isWhole ? found : { ...state.config, ...found };
  const count = Object.keys(found).length;
  const kernel = `${arch}${said.release === null ? "" : `, Linux ${said.release}`}`;
  const what = isWhole ? "A kernel configuration" : "Lines of a kernel configuration";
  return {
    part: { arch, release, config },
    sentence: `${what} (${kernel}): ${count} of its symbols ${count === 1 ? "decides" : "decide"} something, and ${count === 1 ? "is" : "are"} set below.`,
  };
}

/** No kernel's .config has fewer symbols. */
const WHOLE = 100;

/** The symbols that decide something; in a whole .config, one that is not there is off. */
function symbolsOf(
  stated: ReadonlyMap<string, ConfigValue>,
  known: readonly ConfigSymbol[],
  isWhole: boolean,
): State["config"] {
  const entries = known.flatMap(({ name, default: usual }): [string, ConfigValue][] => {
    const value = stated.get(name);
    if (value === undefined && (typeof usual === "number" || !isWhole)) return [];
    return [[name, value ?? "n"]];
  });
  return Object.fromEntries(entries);
}
