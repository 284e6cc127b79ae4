// The life of a PTE, step by step: on events of the reader's, or on what a running kernel did.

import { effect, signal } from "@preact/signals-core";
import { load, names } from "@ptekit/all";
import type { Architecture } from "@ptekit/core";
import { hex, meaningOf, PtekitError } from "@ptekit/core";
import type { FeatureName, Step, VmaKind } from "@ptekit/uffd-wp";
import {
  DIFFERENCES,
  EVENTS,
  FEATURES,
  isProtected,
  parseEvent,
  SIGHTS,
  transitions,
  VMA_KINDS,
} from "@ptekit/uffd-wp";
import type { TemplateResult } from "lit-html";
import { html, nothing, render } from "lit-html";
import { comparisonJson, stepJson } from "../../../cli/src/json/life.ts";
import { later } from "../later.ts";
import type { Followed, Shown } from "../life/follow.ts";
import { follow, nextEvents } from "../life/follow.ts";
import type { Design, LifeState } from "../life/link.ts";
import { DESIGNS, LIFE_START, lifeFragment, lifeGrammar, lifeStateOf } from "../life/link.ts";
import { pictureView } from "../life/picture.ts";
import type { RecordedFile, RecordedLife } from "../life/recorded.ts";
import { fragmentOf, START, unreadOf } from "../link.ts";
import { citationView } from "../view/citation.ts";
import { jsonView } from "../view/json.ts";
import { copied } from "./copied.ts";

const state = signal<LifeState>(LIFE_START);
/** The architecture that was asked for, by the name it was asked by. */
const arch = signal<{ readonly asked: string; readonly found: Architecture } | null>(null);
const file = signal<RecordedFile | null>(null);
/** Why there is nothing to follow; an empty text where there is, or will be. */
const refused = signal("");
const notice = signal("");
const proof = later(() => import("virtual:life-proof").then(({ proof: found }) => found));

/** Makes the page answer: its content is drawn, and follows its controls and its links. */
export function open(root: HTMLElement): void {
  const place = root.querySelector<HTMLElement>("#life");
  if (place === null) return;
  place.replaceChildren();
  const read = (): void => {
    state.value = lifeStateOf(location.hash);
    notice.value = unreadOf(location.hash, lifeGrammar) ?? "";
  };
  read();
  addEventListener("popstate", read);
  addEventListener("hashchange", read);
  effect(() => {
    const wanted = state.value;
    const { arch: name, recorded } = wanted;
    refused.value = "";
    const failed = (error: unknown): void => {
      if (state.peek() === wanted) refused.value = error instanceof Error ? error.message : String(error);
    };
    load(name).then((found) => {
      if (state.peek().arch === name) arch.value = { asked: name, found };
    }, failed);
    readFile(recorded).catch(failed);
  });
  effect(() => {
    render(view(), place);
  });
}

/**
 * Reads the file of a recorded life: `x86_64-7.2/12`, or the file alone.
 *
 * @throws Error where there is no such file or life.
 */
async function readFile(recorded: string): Promise<void> {
  const [name = "", number] = recorded.split("/");
  if (name === "") return;
  if (file.peek()?.name !== name) {
    const { files } = await import("virtual:lives");
    if (!Object.hasOwn(files, name)) throw new Error(`there is no life file ${name}`);
    file.value = (await files[name]?.()) ?? null;
  }
  const found = file.peek();
  if (number !== undefined && !found?.lives.some((life) => String(life.number) === number))
    throw new Error(`${name} has no life ${number}`);
}

function change(part: Partial<LifeState>, how: "pushState" | "replaceState" = "pushState"): void {
  const own = "step" in part && Object.keys(part).length === 1 ? {} : { recorded: "" };
  state.value = { ...state.value, ...own, ...part };
  notice.value = "";
  history[how](null, "", lifeFragment(state.value));
}

function view(): TemplateResult {
  const now = state.value;
  return html`${controlsView(now)} ${recordedView(now)}
    <p role="status" class="notice" ?hidden=${notice.value === ""}>${notice.value}</p>
    ${lifeView(now)}`;
}

/** The recorded life that is looked at, where it is read. */
function recordedOf({ recorded }: LifeState): { file: RecordedFile; life: RecordedLife } | null {
  const [name, number] = recorded.split("/");
  const found = file.value?.name === name ? file.value : null;
  const life = found?.lives.find((one) => String(one.number) === number);
  return found && life ? { file: found, life } : null;
}

function lifeView(now: LifeState): TemplateResult {
  if (refused.value !== "") return html`<output id="sentence" class="refused">${refused.value}</output>`;
  if (arch.value?.asked !== now.arch) return html`<p class="quiet">Reading.</p>`;
  const { found } = arch.value;
  const recorded = recordedOf(now);
  if (now.recorded !== "" && recorded === null)
    return html`<p class="quiet">Reading what the kernel did.</p>`;
  let followed: Followed;
  try {
    followed = follow(found, now, recorded);
  } catch (error) {
    return html`<output id="sentence" class="refused">${error instanceof Error ? error.message : String(error)}</output>`;
  }
  const { shown, life } = followed;
  const at = Math.min(now.step, shown.length);
  const before = at === 0 ? followed.start : lifeBefore(followed, at);
  return html`<section aria-label="The life">
    ${recorded === null ? nothing : html`<p><strong>${recorded.life.why}.</strong> <span class="quiet">What Linux ${recorded.file.release} of ${recorded.file.arch} did with one page, ${now.recorded}.</span></p>`}
    <output id="sentence" aria-live="polite">${headOf(followed, at)}</output>
    ${pictureView(life, before)}
    <p class="inline">
      <button type="button" id="back" ?disabled=${at === 0} @click=${() => change({ step: at - 1 }, "replaceState")}>Step back</button>
      <button type="button" id="forward" ?disabled=${at >= shown.length} @click=${() => change({ step: at + 1 }, "replaceState")}>Step on</button>
      <button type="button" id="link" @click=${() =>
        void copied(location.href.split("#")[0] + lifeFragment(now), "The link is copied.").then((text) => {
          notice.value = text;
        })}>Copy the link</button>
    </p>
    <ol class="steps">${shown.map((one, i) => stepView(one, i + 1, at))}</ol>
    ${jsonView(...linesOf(followed))}
    ${recorded === null ? nextView(followed, now, at) : nothing}
  </section>`;
}

/** What ptekit life --json prints: until something cannot happen. */
function linesOf({ shown }: Followed): object[] {
  const end = shown.findIndex(({ taken, other }) => other === null && !(taken && "after" in taken));
  return shown
    .slice(0, end < 0 ? shown.length : end)
    .flatMap(({ event, taken, other, agree, differences }) => {
      if (taken === null) return [];
      if (other === null) return taken instanceof PtekitError ? [] : [stepJson(taken)];
      return [
        comparisonJson({ event: parseEvent(event), agree, differences, merged: taken, proposed: other }),
      ];
    });
}

function lifeBefore({ start, shown }: Followed, at: number): Followed["life"] {
  const taken = shown[at - 1]?.taken;
  return taken && "before" in taken ? taken.before : start;
}

function headOf({ backend, life, shown }: Followed, at: number): string {
  const one = shown[at - 1];
  const says = meaningOf(backend, backend.decode(life.pte));
  if (one === undefined) return `Before anything happens: ${says}`;
  if (one.taken instanceof PtekitError) return `${one.event} cannot happen: ${one.taken.message}`;
  return `After ${one.event}: ${says}`;
}

const titleOf = (event: string): string => {
  try {
    return EVENTS[parseEvent(event).name].title;
  } catch {
    return event;
  }
};

function stepView(one: Shown, number: number, at: number): TemplateResult {
  const isHere = number === at;
  return html`<li>
    <button type="button" class="step" aria-current=${isHere ? "step" : nothing} @click=${() => change({ step: number }, "replaceState")}><code>${one.event}</code> ${titleOf(one.event)}</button>
    <div class="said">${sideView(one.taken, one.other === null ? "" : "by swap type, as merged")} ${one.other === null ? nothing : sideView(one.other, "by one bit, as proposed")}
      ${one.differences.map((name) => html`<p class="differs">${DIFFERENCES[name].reason} <span class="quiet">(${DIFFERENCES[name].citation})</span></p>`)}
      ${one.kernel === null ? nothing : kernelView(one)}
      ${isHere && one.taken && "transition" in one.taken ? whyView(one.taken) : nothing}
    </div>
  </li>`;
}

function sideView(taken: Shown["taken"], name: string): TemplateResult | typeof nothing {
  if (taken === null) return nothing;
  const head = name === "" ? nothing : html`<span class="quiet">${name}: </span>`;
  if (taken instanceof PtekitError) return html`<p class="refused">${head}${taken.message}</p>`;
  const { after, from, to, sees, transition } = taken;
  const { backend, pte } = after;
  const word = hex(pte, backend.layout.pteBits);
  const link = `../${fragmentOf({ ...START, arch: backend.arch, release: backend.kernel.release, word })}`;
  return html`<p>${head}<a href=${link}><code>${word}</code></a> ${to}${from === to ? "" : ` (was ${from})`}${sees === "nothing" ? nothing : html`; user space: <strong>${sees}</strong>, ${SIGHTS[sees]}`}</p>
    ${transition.drops !== undefined && isProtected(from) && !isProtected(to) ? html`<p class="differs">The protection ends: ${transition.drops}.</p>` : nothing}`;
}

function kernelView({ kernel, taken }: Shown): TemplateResult {
  if (kernel === null) return html``;
  const { pte, saw, verdict } = kernel;
  const bits = taken && "after" in taken ? taken.after.backend.layout.pteBits : 64;
  return html`<p>The kernel: <code>${hex(pte, bits)}</code>, user space saw ${saw}. <strong>${verdict.verdict === "agrees" ? "The model agrees." : `The model: ${verdict.verdict}.`}</strong></p>
    ${verdict.differences.map((text) => html`<p class="differs">${text}</p>`)}`;
}

/** Where the kernel does it, and which running kernel was seen to do it. */
function whyView({ transition }: Step): TemplateResult {
  const all = proof();
  const seen = all?.seen[transitions.indexOf(transition)] ?? [];
  return html`<p class="quiet">${transition.rule === 0 ? nothing : `Rule ${transition.rule}. `}${citationView(transition.citation)}.${transition.uncertain === undefined ? nothing : ` Not certain: ${transition.uncertain}.`}</p>
    <p class="quiet proof">${
      all === null
        ? "Which running kernel did so is being read."
        : seen.length === 0
          ? "No life file shows it: it is read from the source."
          : `Running kernels did so: ${seen.map(([of, sequence]) => `${all.names[of]}.json, sequence ${sequence}`).join("; ")}.`
    }</p>`;
}

/** What could happen after the step that is looked at; what comes after it is dropped. */
function nextView({ life }: Followed, { events }: LifeState, at: number): TemplateResult {
  const all = nextEvents(life);
  const add = (event: string): void => change({ events: [...events.slice(0, at), event], step: at + 1 });
  return html`<section aria-labelledby="next-title">
    <h2 id="next-title">What happens next</h2>
    <p class="quiet">${at < events.length ? `What stands after step ${at} is replaced.` : "Press one to have it happen."}</p>
    <ul class="examples">${all.map(({ event, why }) => (why === null ? html`<li><button type="button" data-event=${event} title=${EVENTS[event].title} @click=${() => add(event)}>${event}</button></li>` : nothing))}</ul>
    <details><summary>What cannot happen now, and why</summary><ul>${all.map(({ event, why }) => (why === null ? nothing : html`<li><code>${event}</code>: ${why}</li>`))}</ul></details>
  </section>`;
}

const BY: Readonly<Record<Design, string>> = {
  "swap-type": "by a swap type, as merged in 5.19",
  bit: "by one bit, as proposed in 2021",
  "header-page": "by type 1, offset 0",
  compare: "merged and proposed side by side",
};

const textOf = (event: Event): string => (event.target as HTMLInputElement).value;

function controlsView(now: LifeState): TemplateResult {
  return html`<form class="kernel" @submit=${(event: Event) => event.preventDefault()}>
    <label>Architecture <select id="arch" @change=${(event: Event) => change({ arch: textOf(event) })}>
      ${names.includes(now.arch as (typeof names)[number]) ? nothing : html`<option selected>${now.arch}</option>`}
      ${names.map((name) => html`<option ?selected=${name === now.arch}>${name}</option>`)}
    </select></label>
    <label>Kernel <input id="release" size="12" spellcheck="false" autocomplete="off" .value=${now.release} @change=${(event: Event) => change({ release: textOf(event).trim() || "latest" })} /></label>
    <label>Memory <select id="vma" @change=${(event: Event) => change({ vma: textOf(event) as VmaKind })}>${VMA_KINDS.map((kind) => html`<option ?selected=${kind === now.vma}>${kind}</option>`)}</select></label>
    <label>Special PTE <select id="by" @change=${(event: Event) => change({ by: textOf(event) as Design })}>${DESIGNS.map((by) => html`<option value=${by} ?selected=${by === now.by}>${BY[by]}</option>`)}</select></label>
    <details ?open=${now.features.length > 0}><summary>Features asked for with UFFDIO_API</summary><div class="switches">
      ${(Object.keys(FEATURES) as FeatureName[]).map((name) => html`<label><input type="checkbox" data-feature=${name} .checked=${now.features.includes(name)} @change=${(event: Event) => change({ features: (event.target as HTMLInputElement).checked ? [...now.features, name] : now.features.filter((one) => one !== name) })} /> ${FEATURES[name].kernel} <span class="quiet">(${FEATURES[name].since})</span></label>`)}
    </div></details>
  </form>`;
}

/** Life files to choose from, and their lives. */
const lists = later(() => import("virtual:lives"));

function recordedView(now: LifeState): TemplateResult {
  const [name = ""] = now.recorded.split("/");
  const all = lists();
  const found = file.value?.name === name ? file.value : null;
  return html`<details class="recorded" ?open=${name !== ""}>
    <summary>Follow what a running kernel did</summary>
    <div class="inline">
      <label>Kernel <select id="file" @change=${(event: Event) => void chooseFile(textOf(event))}>
        <option value="">none: events of your own</option>
        ${Object.keys(all?.files ?? {}).map((one) => html`<option ?selected=${one === name}>${one}</option>`)}
      </select></label>
      ${
        found === null
          ? nothing
          : html`<label>Life <select id="recorded" @change=${(event: Event) => chooseLife(found, textOf(event))}>${found.lives.map(({ number, why, vma }) => html`<option value=${number} ?selected=${now.recorded === `${name}/${number}`}>${why} (${vma})</option>`)}</select></label>`
      }
    </div>
  </details>`;
}

async function chooseFile(name: string): Promise<void> {
  if (name === "") {
    change({ recorded: "" });
    return;
  }
  await readFile(name);
  const found = file.value;
  const first = found?.lives[0];
  if (found && first) chooseLife(found, String(first.number));
}

function chooseLife({ name, arch: of, release, lives }: RecordedFile, number: string): void {
  const life = lives.find((one) => String(one.number) === number);
  if (life === undefined) return;
  const events = life.steps.map(([event]) => event);
  change({
    arch: of,
    release,
    events,
    vma: life.vma,
    features: life.features,
    by: "swap-type",
    step: 1,
    recorded: `${name}/${number}`,
  });
}
