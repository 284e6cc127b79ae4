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
 * The state that a .config means: its own architecture, its release where none was chosen, and its symbols.
 *
 * @throws PtekitError where a line is none of a .config.
 */
export async function configState(text: string, state: State): Promise<ConfigState> {
  const said = kernelOfConfig(text);
  const arch = names.find((name) => name === said.arch) ?? (state.arch || START.arch);
  const release = state.release === START.release ? (said.release ?? state.release) : state.release;
  const { symbols } = await architectureOf({ ...state, arch });
  const config = symbolsOf(text, symbols);
  const count = Object.keys(config).length;
  const kernel = `${arch}${said.release === null ? "" : `, Linux ${said.release}`}`;
  return {
    part: { arch, release, config },
    sentence: `A kernel configuration (${kernel}): ${count} of its symbols decide something, and are set below.`,
  };
}

/** What a whole .config says of the symbols that decide something: one that is not in it is off. */
function symbolsOf(text: string, known: readonly ConfigSymbol[]): State["config"] {
  const stated = parseConfigText(text);
  const entries = known.flatMap(({ name, default: usual }): [string, ConfigValue][] => {
    const value = stated.get(name);
    if (value === undefined && typeof usual === "number") return [];
    return [[name, value ?? "n"]];
  });
  return Object.fromEntries(entries);
}
