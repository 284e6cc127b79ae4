import { ENTRY_LEVELS } from "@ptekit/core";
import type { TemplateResult } from "lit-html";
import { html, nothing } from "lit-html";
import type { Answer } from "../answer.ts";
import { later } from "../later.ts";
import { START } from "../link.ts";
import {
  answered,
  box,
  change,
  files,
  isAsked,
  log,
  notice,
  recognised,
  state,
  take,
  type,
  words,
} from "../store.ts";
import { examplesView } from "./examples.ts";
import { kernelView } from "./kernel.ts";
import { shareView } from "./share.ts";

const asked = later(() => import("./asked.ts"));
const long = later(() => import("./long.ts"));

/** The whole page, of the state as it is. */
export function page(): TemplateResult {
  const isLog = log.value !== null;
  const isLong = isLog || words.value !== null || files.value !== null;
  return html`
    <form class="ask" @submit=${(event: Event) => event.preventDefault()}>
      <label for="box">A page-table entry, a swp_entry_t, a pagemap word, a kernel log, or a .config</label>
      <textarea
        id="box"
        rows=${isLog || words.value !== null ? 8 : 2}
        spellcheck="false"
        autocomplete="off"
        autocapitalize="off"
        placeholder="0x17c0, or paste a log"
        aria-describedby="privacy"
        .value=${box.value}
        @input=${(event: Event) => type((event.target as HTMLTextAreaElement).value)}
      ></textarea>
      <p id="privacy" class="quiet">Nothing that you paste leaves this page. A file can be dropped here too: a log, or a crash dump. <label>Or <input type="file" id="file" multiple @change=${(event: Event) => void take([...((event.target as HTMLInputElement).files ?? [])])} /></label></p>
      ${decimalView()} ${isLog || files.value !== null ? nothing : readingView()}
      ${kernelView(answered.value?.arch ?? null, state.value, isLog)}
    </form>
    <p role="status" class="notice" ?hidden=${notice.value === ""}>${notice.value}</p>
    ${shareView()} ${isLong ? longView(isLog) : wordView()}
  `;
}

/** The answer to a log, or to many words. */
function longView(isLog: boolean): TemplateResult {
  const drawn = long();
  if (drawn === null) return answerFrame("Reading.");
  if (files.value !== null) return drawn.fileView(files.value);
  return isLog ? drawn.logView() : drawn.wordsView();
}

const answerFrame = (sentence: string): TemplateResult =>
  html`<section class="answer" aria-label="The answer"><output id="sentence" aria-live="polite" for="box">${sentence}</output></section>`;

/** Digits alone are hexadecimal, as kernels print words; whoever means a decimal number says so here. */
function decimalView(): TemplateResult | typeof nothing {
  const found = recognised.value;
  if (found.what !== "word" || state.value.as === "pagemap" || (found.base === 16 && found.decimal === null))
    return nothing;
  const { base, decimal } = found;
  if (decimal === null || base === 10)
    return html`<p id="base" class="quiet">Read as a decimal number: it has more digits than a hexadecimal word can have.</p>`;
  return html`<p id="base" class="quiet">
    Read as hexadecimal, as kernels print words.
    <button type="button" @click=${() => type(decimal)}>As a decimal number it is ${decimal}</button>
  </p>`;
}

/** The answer to a word: the sentence first; before anything is asked, what one could ask. */
function wordView(): TemplateResult {
  const drawn = isAsked.value ? asked() : null;
  const { answer, arch } = (drawn && answered.value) ?? { answer: null, arch: null };
  const isRefused = answer?.what === "refused";
  return html`<section class="answer" aria-label="The answer">
      <output id="sentence" aria-live="polite" for="box" class=${isRefused ? "refused" : ""}>${sentenceOf(answer)}</output>
      ${answer === null ? nothing : drawn?.answerView(answer)}
    </section>
    ${arch === null ? nothing : drawn?.kernelWordsView(arch, state.value)}
    ${answer === null && !isAsked.value ? examplesView() : nothing}`;
}

function sentenceOf(answer: Answer | null): string {
  if (answer === null && isAsked.value) return "Reading.";
  return answer === null || answer.what === "nothing"
    ? "Paste a word, or press an example below."
    : answer.sentence;
}

function readingView(): TemplateResult {
  const readings = [
    ["pte", "a page-table entry"],
    ["entry", "a swp_entry_t"],
    ["pagemap", "a word of /proc/PID/pagemap"],
  ] as const;
  return html`<fieldset class="inline">
    <legend>Read it as</legend>
    ${readings.map(
      ([value, name]) =>
        html`<label
          ><input type="radio" name="as" value=${value} .checked=${state.value.as === value} @change=${() => change({ as: value, arch: value === "pte" && state.value.arch === "" ? START.arch : state.value.arch })} />
          ${name}</label
        >`,
    )}
    ${state.value.as === "pagemap" ? nothing : levelView()}
  </fieldset>`;
}

function levelView(): TemplateResult {
  const names = { pte: "PTE", pmd: "PMD", pud: "PUD" };
  return html`<label
    >of level
    <select
      id="level"
      @change=${(event: Event) => change({ level: (event.target as HTMLSelectElement).value as "pte" })}
    >
      ${ENTRY_LEVELS.map((level) => html`<option value=${level} ?selected=${state.value.level === level}>${names[level]}</option>`)}
    </select></label
  >`;
}
