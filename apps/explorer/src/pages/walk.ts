// The way of an address through the levels: the geometry as a picture, the entries of an oops in it.

import { effect, signal } from "@preact/signals-core";
import { load, names } from "@ptekit/all";
import type { ArchBackend, Architecture, LevelName } from "@ptekit/core";
import { addressBitsOf, hex, longBitsOf, NEWEST_RELEASE } from "@ptekit/core";
import type { TemplateResult } from "lit-html";
import { html, nothing, render } from "lit-html";
import { walkJson } from "../../../cli/src/json/walk.ts";
import { fragmentOf, START, unreadOf } from "../link.ts";
import { citationView } from "../view/citation.ts";
import { jsonView } from "../view/json.ts";
import type { WalkState } from "../walk/link.ts";
import { WALK_START, walkFragment, walkGrammar, walkStateOf, wordOf } from "../walk/link.ts";
import { readWalk } from "../walk/read.ts";
import type { Stage, Way } from "../walk/way.ts";
import { walked, wayOf } from "../walk/way.ts";
import { copied } from "./copied.ts";

const state = signal<WalkState>(WALK_START);
/** The architecture that was asked for, by the name it was asked by. */
const arch = signal<{ readonly asked: string; readonly found: Architecture } | null>(null);
/** Why there is no such architecture; an empty text where there is, or will be. */
const refused = signal("");
const typed = signal("");
const notice = signal("");

/** Makes the page answer: its content is drawn, and follows its controls and its links. */
export function open(root: HTMLElement): void {
  const place = root.querySelector<HTMLElement>("#walk");
  if (place === null) return;
  place.replaceChildren();
  const read = (): void => {
    state.value = walkStateOf(location.hash);
    typed.value = state.value.address;
    notice.value = unreadOf(location.hash, walkGrammar) ?? "";
  };
  read();
  addEventListener("popstate", read);
  addEventListener("hashchange", read);
  effect(() => {
    const { arch: name } = state.value;
    refused.value = "";
    load(name).then(
      (found) => {
        if (state.peek().arch === name) arch.value = { asked: name, found };
      },
      (error) => {
        if (state.peek().arch === name)
          refused.value = error instanceof Error ? error.message : String(error);
      },
    );
  });
  effect(() => {
    render(view(), place);
  });
}

function change(part: Partial<WalkState>): void {
  state.value = { ...state.value, ...part };
  notice.value = "";
  history.replaceState(null, "", walkFragment(state.value));
}

/** Takes an address, or what an oops says of its tables. */
function take(text: string): void {
  typed.value = text;
  if (text.trim() === "") change({ address: "", entries: {} });
  else {
    const found = readWalk(text);
    if (found) change(found);
    else
      notice.value =
        "No address and no line of tables is in that text: 0x7f2a12345678, or PGD 1a05067 PUD 1a09063 PMD 0.";
  }
}

function writeRoot(text: string): void {
  const word = wordOf(text);
  if (text.trim() !== "" && word === null)
    notice.value = `${JSON.stringify(text)} is no physical address: they are hexadecimal, as in 0x1a04000.`;
  else change({ root: word ?? "" });
}

const textOf = (event: Event): string => (event.target as HTMLInputElement).value;

function view(): TemplateResult {
  const now = state.value;
  return html`<form class="ask" @submit=${(event: Event) => event.preventDefault()}>
      <label for="box">A virtual address, or the table line of an oops</label>
      <textarea id="box" rows="2" spellcheck="false" autocomplete="off" placeholder="0x7f2a12345678, or PGD 1a05067 P4D … PTE …" .value=${typed.value} @input=${(event: Event) => take(textOf(event))}></textarea>
      <div class="kernel">
        <label>Architecture <select id="arch" @change=${(event: Event) => change({ arch: textOf(event), cpu: [], config: {} })}>
          ${names.includes(now.arch as (typeof names)[number]) ? nothing : html`<option selected>${now.arch}</option>`}
          ${names.map((name) => html`<option ?selected=${name === now.arch}>${name}</option>`)}
        </select></label>
        <label>Kernel <input id="release" size="16" spellcheck="false" autocomplete="off" .value=${now.release} @change=${(event: Event) => change({ release: textOf(event).trim() || "latest" })} /></label>
        <label>Root <input id="root" size="14" spellcheck="false" autocomplete="off" placeholder="not known" title="the physical address of the top table" .value=${now.root} @change=${(event: Event) => writeRoot(textOf(event))} /></label>
        <button type="button" id="link" @click=${() =>
          void copied(location.href.split("#")[0] + walkFragment(now), "The link is copied.").then((text) => {
            notice.value = text;
          })}>Copy the link</button>
        ${cpusView(now)}
      </div>
    </form>
    <p role="status" class="notice" ?hidden=${notice.value === ""}>${notice.value}</p>
    ${answerView(now)}`;
}

/** Its place is there before the architecture is, so that nothing below it moves. */
const cpusView = (now: WalkState): TemplateResult => html`<details ?open=${now.cpu.length > 0}>
  <summary>CPU</summary>
  <div class="switches">
    ${(arch.value?.found.cpus ?? []).map(({ name }) => html`<label><input type="checkbox" data-cpu=${name} .checked=${now.cpu.includes(name)} @change=${(event: Event) => change({ cpu: (event.target as HTMLInputElement).checked ? [...now.cpu, name] : now.cpu.filter((one) => one !== name) })} /> the CPU has ${name}</label>`)}
  </div>
</details>`;

function answerView(now: WalkState): TemplateResult {
  if (refused.value !== "") return html`<output id="sentence" class="refused">${refused.value}</output>`;
  if (arch.value?.asked !== now.arch) return html`<p class="quiet">Reading.</p>`;
  const { found } = arch.value;
  let backend: ArchBackend;
  let way: Way;
  try {
    const release = now.release === "latest" ? NEWEST_RELEASE : now.release;
    backend = found.for({ release, cpu: now.cpu, config: now.config });
    way = wayOf(backend, now);
  } catch (error) {
    return html`<output id="sentence" class="refused">${error instanceof Error ? error.message : String(error)}</output>`;
  }
  const { geometry, stages, sentence, physical } = way;
  return html`<section class="answer" aria-label="The answer">
    <output id="sentence" aria-live="polite">${sentence}${physical === null ? "" : ` Physical address 0x${physical.toString(16)}.`}</output>
    ${addressView(backend, way, now)}
    <ol class="levels">${stages.map((stage) => stageView(backend, stage, now))}</ol>
    ${geometry.assumed.length === 0 ? nothing : html`<ul class="assumed" aria-label="What was assumed">${geometry.assumed.map((text) => html`<li>assumed: ${text}</li>`)}</ul>`}
    ${geometry.uncertain === undefined ? nothing : html`<p class="quiet">Not certain: ${geometry.uncertain}.</p>`}
    <p>Source: ${citationView(geometry.citation)}.</p>
    ${now.root === "" || now.address === "" ? nothing : jsonView(walkJson(backend, walked(backend, way, now)))}
  </section>`;
}

/** The bits of the address, and which of them choose which entry. */
function addressView(
  backend: ArchBackend,
  { stages, geometry }: Way,
  { address }: WalkState,
): TemplateResult {
  const bits = longBitsOf(backend.layout);
  const value = BigInt(address || "0x0");
  const used = addressBitsOf(geometry.levels);
  const offset = stages.at(-1)?.shift ?? 12;
  const parts = [
    { name: geometry.signExtended ? "the sign" : "above", width: bits - used, low: used },
    ...stages.map(({ names: [name = ""], indexBits, shift }) => ({ name, width: indexBits, low: shift })),
    { name: "byte in the page", width: offset, low: 0 },
  ].filter(({ width }) => width > 0);
  return html`<p><code id="word">${hex(value, bits)}</code></p>
    <div class="address">${parts.map(({ name, width, low }, i) => {
      const part = (value >> BigInt(low)) & ((1n << BigInt(width)) - 1n);
      return html`<div class=${`part p-${i % 4}`} .style=${`flex: ${width} 1 0`}><span>${name}</span><code>0x${part.toString(16)}</code><span class="quiet">${low + width - 1}:${low}</span></div>`;
    })}</div>`;
}

function stageView(backend: ArchBackend, stage: Stage, now: WalkState): TemplateResult {
  const { index, entries, bytes, span, at, says, level } = stage;
  const lowest = stage.names.at(-1) as LevelName;
  const given = stage.names.map((name) => now.entries[name]).find((text) => text !== undefined) ?? "";
  const write = (text: string): void => {
    const word = wordOf(text);
    if (text.trim() !== "" && word === null) {
      notice.value = `${JSON.stringify(text)} is no entry: entries are hexadecimal, as in 0x1a05067.`;
      return;
    }
    const others = Object.fromEntries(
      Object.entries(now.entries).filter(([name]) => !stage.names.includes(name as LevelName)),
    );
    change({ entries: word === null ? others : { ...others, [lowest]: word } });
  };
  const link = `../${fragmentOf({ ...START, arch: backend.arch, release: now.release, word: given, level: level ?? "pte", cpu: now.cpu, config: now.config })}`;
  return html`<li class="level">
    <h2>${stage.names.join(" = ")}</h2>
    <div class="table" aria-hidden="true"><div class="slot" .style=${`top: ${((100 * index) / entries).toFixed(2)}%`}></div></div>
    <p>entry <strong>${index}</strong> of ${entries}, ${bytes} bytes each${at === null ? "" : html`, at <code>0x${at.toString(16)}</code>`}; an entry spans ${sizeOf(span)}</p>
    <label>entry <input id=${`entry-${lowest}`} size="20" spellcheck="false" autocomplete="off" placeholder="not given" .value=${given} @change=${(event: Event) => write(textOf(event))} /></label>
    <p class="says">${says}${given !== "" && level !== null ? html` <a href=${link}>its bits</a>` : nothing}</p>
  </li>`;
}

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/** A power of two, as people say it. */
function sizeOf(bytes: bigint): string {
  const unit = Math.min(Math.floor((bytes.toString(2).length - 1) / 10), UNITS.length - 1);
  return `${bytes >> BigInt(10 * unit)} ${UNITS[unit]}`;
}
