// What the page knows, and what changes it. Views read signals; nothing here draws.
import { computed, effect, signal } from "@preact/signals-core";
import type { Architecture, ConfigSymbol, ConfigValue } from "@ptekit/core";
import { parseConfigText } from "@ptekit/core";
import type { Answer } from "./answer.ts";
import { answerOf, refusalOf } from "./answer.ts";
import { architectureOf } from "./kernel.ts";
import type { State } from "./link.ts";
import { fragmentOf, START, stateOf } from "./link.ts";
import { recognise } from "./recognise.ts";

/** The kernel and the word. */
export const state = signal<State>(stateOf(location.hash) ?? START);
/** What stands in the box, as it was typed. */
export const box = signal<string>(state.value.log || state.value.word);
/** The log in the box; null where a word stands there. */
export const log = computed<string | null>(() => {
  const found = recognise(box.value);
  return found.what === "log" ? found.text : null;
});
/** The bit that the keyboard is at. */
export const currentBit = signal(0);
/** What happened beside an answer: a .config that was taken, a link that was copied. */
export const notice = signal("");

const arch = signal<Architecture | null>(null);
const failure = signal<Answer | null>(null);

/** What the page says. */
export const answer = computed<Answer>(
  () => failure.value ?? (arch.value === null ? { what: "nothing" } : answerOf(arch.value, state.value)),
);
/** The architecture that is chosen, once it is there. */
export const architecture = computed<Architecture | null>(() => arch.value);

effect(() => {
  const wanted = state.value;
  failure.value = null;
  if (wanted.arch === "") return;
  const done = (found: Architecture): void => {
    if (state.peek().arch === wanted.arch) arch.value = found;
  };
  try {
    const found = architectureOf(wanted);
    if (found instanceof Promise)
      found.then(done, (error) => {
        failure.value = refusalOf(error);
      });
    else done(found);
  } catch (error) {
    failure.value = refusalOf(error);
  }
});

/** Takes what was typed or pasted. */
export function type(text: string): void {
  box.value = text;
  notice.value = "";
  const found = recognise(text);
  const { arch, as } = state.value;
  if (found.what === "word") {
    change({ word: found.word, as: found.as ?? as, log: "", arch: arch === "" ? START.arch : arch });
  } else if (found.what === "nothing") change({ word: "", log: "" });
  // What the page began with, nobody chose: the log says it.
  else if (found.what === "log") change({ word: "", log: "", arch: arch === START.arch ? "" : arch });
  else if (found.what === "config") takeConfig(found.text);
}

/** Changes the state; the link follows. */
export function change(part: Partial<State>): void {
  state.value = { ...state.value, ...part };
}

/** Another word, from a bit or a field: the box follows. */
export function setWord(word: bigint): void {
  const text = `0x${word.toString(16)}`;
  box.value = text;
  change({ word: text, as: "pte" });
}

function takeConfig(text: string): void {
  const { config, count } = symbolsOf(text, architecture.value?.symbols ?? []);
  change({ config });
  notice.value = `A kernel configuration: ${count} of its symbols decide something on ${state.value.arch}, and are set below.`;
}

/** What a whole .config says of the symbols that decide something: one that is not in it is off. */
function symbolsOf(text: string, known: readonly ConfigSymbol[]): { config: State["config"]; count: number } {
  const stated = parseConfigText(text);
  const entries = known.flatMap(({ name, default: usual }): [string, ConfigValue][] => {
    const value = stated.get(name);
    if (value === undefined && typeof usual === "number") return [];
    return [[name, value ?? "n"]];
  });
  return { config: Object.fromEntries(entries), count: entries.length };
}

// The link is always that of the state. What was typed into the box stays in it.
let written = location.hash;
let waiting: ReturnType<typeof setTimeout> | undefined;
effect(() => {
  const fragment = fragmentOf(state.value);
  clearTimeout(waiting);
  if (fragment === written || (location.hash === "" && fragment === fragmentOf(START))) return;
  // Another kernel is another step back, and is there at once: whoever goes back at once goes back from it.
  if (kernelOf(fragment) !== kernelOf(written)) write("pushState", fragment);
  // Digits typed one after the other are one step. A browser drops what is written too often: they are written at rest.
  else waiting = setTimeout(() => write("replaceState", fragment), 20);
});

function write(way: "pushState" | "replaceState", fragment: string): void {
  written = fragment;
  history[way](null, "", fragment);
}

function kernelOf(fragment: string): string {
  return fragment.split("/").slice(0, 4).join("/");
}

/** Follows a link, or the way back. */
export function follow(): void {
  clearTimeout(waiting);
  if (location.hash === written) return;
  written = location.hash;
  const found = stateOf(location.hash) ?? START;
  state.value = found;
  box.value = found.log || found.word;
}
