import { ENTRY_LEVELS } from "@ptekit/core";
import type { TemplateResult } from "lit-html";
import { html, nothing } from "lit-html";
import { answer, architecture, box, change, log, notice, state, type } from "../store.ts";
import { answerView } from "./answer.ts";
import { encodeView } from "./encode.ts";
import { kernelView } from "./kernel.ts";
import { logView } from "./log.ts";
import { shareView } from "./share.ts";
import { spareView } from "./spare.ts";

/** The whole page, of the state as it is. */
export function page(): TemplateResult {
  const arch = architecture.value;
  const isLog = log.value !== null;
  return html`
    <form class="ask" @submit=${(event: Event) => event.preventDefault()}>
      <label for="box">A page-table entry, a swp_entry_t, a pagemap word, a kernel log, or a .config</label>
      <textarea
        id="box"
        rows=${isLog ? 8 : 2}
        spellcheck="false"
        autocomplete="off"
        autocapitalize="off"
        placeholder="0x17c0, or paste a log"
        aria-describedby="privacy"
        .value=${box.value}
        @input=${(event: Event) => type((event.target as HTMLTextAreaElement).value)}
        @dragover=${(event: DragEvent) => event.preventDefault()}
        @drop=${(event: DragEvent) => void dropped(event)}
      ></textarea>
      <p id="privacy" class="quiet">Nothing that you paste leaves this page. A file can be dropped here too.</p>
      ${isLog ? nothing : readingView()}
      ${kernelView(arch, state.value, isLog)}
    </form>
    <p role="status" class="notice" ?hidden=${notice.value === ""}>${notice.value}</p>
    ${isLog ? logView() : answerView(answer.value)}
    ${isLog || arch === null ? nothing : html`${encodeView(arch)} ${spareView(arch)}`}
    ${shareView()}
  `;
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
          ><input type="radio" name="as" value=${value} .checked=${state.value.as === value} @change=${() => change({ as: value })} />
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

/** A file that was dropped on the box: its text. */
async function dropped(event: DragEvent): Promise<void> {
  const file = event.dataTransfer?.files[0];
  if (!file) return;
  event.preventDefault();
  type(await file.text());
}
