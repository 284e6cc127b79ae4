import { aliases, names, titles } from "@ptekit/all";
import type { Architecture, ConfigSymbol } from "@ptekit/core";
import { NEWEST_RELEASE } from "@ptekit/core";
import type { TemplateResult } from "lit-html";
import { html, nothing } from "lit-html";
import type { State } from "../link.ts";
import { change as changeFront } from "../store.ts";

/** What a choice changes. */
export type Change = (part: Partial<State>) => void;

/** Where a kernel is chosen that is not the front page's: what its controls are called, and what they change. */
export interface Chooser {
  readonly prefix: string;
  readonly change: Change;
}

/** Which kernel is meant: architecture, release, and what of its configuration and CPU decides something. */
export function kernelView(
  arch: Architecture | null,
  state: State,
  isLog: boolean,
  { prefix, change }: Chooser = { prefix: "", change: changeFront },
): TemplateResult {
  const chosen = nameOf(state.arch);
  return html`<div class="kernel">
    <label
      >Architecture
      <select id=${`${prefix}arch`} @change=${(event: Event) => change({ arch: textOf(event), config: {}, cpu: [], backports: [] })}>
        ${isLog || state.as !== "pte" || state.arch === "" ? html`<option value="" ?selected=${state.arch === ""}>${isLog ? "as the log says" : "any"}</option>` : nothing}
        ${state.arch === "" || chosen ? nothing : html`<option value=${state.arch} selected>${state.arch}</option>`}
        ${names.map((name) => html`<option value=${name} ?selected=${name === chosen}>${name}, ${titles[name]}</option>`)}
      </select></label
    >
    <label
      >Kernel
      <input
        id=${`${prefix}release`}
        .value=${state.release}
        size="22"
        spellcheck="false"
        autocomplete="off"
        list=${`${prefix}releases`}
        @input=${(event: Event) => change({ release: textOf(event).trim() || "latest" })}
      /></label>
    <datalist id=${`${prefix}releases`}>${["latest", NEWEST_RELEASE, "6.12", "6.6", "6.1", "5.15", "5.10", "4.19"].map((release) => html`<option value=${release}></option>`)}</datalist>
    ${isLog ? nothing : detailsView(arch, state, change)}
  </div>`;
}

const textOf = (event: Event): string => (event.target as HTMLInputElement).value;

/** The architecture of a name or alias; null where there is none, or there are several. */
function nameOf(text: string): string | null {
  const lower = text.toLowerCase();
  const meant = names.filter(
    (name) => name === lower || (Object.hasOwn(aliases, lower) && aliases[lower]?.includes(name)),
  );
  return meant.length === 1 ? (meant[0] ?? null) : (names.find((name) => name === lower) ?? null);
}

/** Its place is there before the architecture is, so that nothing below it moves. */
function detailsView(arch: Architecture | null, state: State, change: Change): TemplateResult {
  const given = Object.keys(state.config).length + state.cpu.length + state.backports.length;
  return html`<details ?open=${given > 0}>
    <summary>Configuration and CPU${given > 0 ? `: ${given} given` : ""}</summary>
    ${arch === null ? nothing : switchesView(arch, state, change)}
  </details>`;
}

function switchesView(arch: Architecture, state: State, change: Change): TemplateResult {
  return html`<div class="switches">
      ${arch.symbols.map((symbol) => symbolView(symbol, state, change))}
      ${(arch.cpus ?? []).map(({ name }) => switchView("cpu", name, `the CPU has ${name}`, state.cpu, change))}
      ${backportsOf(arch).map((name) => switchView("backports", name, `backport ${name}`, state.backports, change))}
    </div>`;
}

function symbolView(
  { name, default: usual, values = [] }: ConfigSymbol,
  state: State,
  change: Change,
): TemplateResult {
  const given = state.config[name];
  const choices: readonly (string | number)[] =
    typeof usual === "number" ? [...new Set([usual, ...values])] : ["y", "n"];
  return html`<label
    >${name}
    <select data-symbol=${name} @change=${(event: Event) => change({ config: withSymbol(state, name, textOf(event), typeof usual === "number") })}>
      <option value="" ?selected=${given === undefined}>not given (${usual})</option>
      ${choices.map((choice) => html`<option value=${choice} ?selected=${given === choice}>${choice}</option>`)}
    </select></label
  >`;
}

function withSymbol(state: State, name: string, value: string, isNumber: boolean): State["config"] {
  const { [name]: _, ...others } = state.config;
  return value === "" ? others : { ...others, [name]: isNumber ? Number(value) : (value as "y" | "n") };
}

function switchView(
  key: "cpu" | "backports",
  name: string,
  label: string,
  given: readonly string[],
  change: Change,
): TemplateResult {
  const others = given.filter((other) => other !== name);
  return html`<label
    ><input
      type="checkbox"
      data-name=${name}
      .checked=${given.includes(name)}
      @change=${(event: Event) => change({ [key]: (event.target as HTMLInputElement).checked ? [...others, name] : others })}
    />
    ${label}</label
  >`;
}

const backportsOf = (arch: Architecture): string[] => [
  ...new Set(arch.layouts.flatMap(({ backportName }) => backportName ?? [])),
];
