import { signal } from "@preact/signals-core";
import type { Options, Report, Verdict } from "@ptekit/explain";
import type { TemplateResult } from "lit-html";
import { html, nothing } from "lit-html";
import type { State } from "../link.ts";
import { log, state } from "../store.ts";
import { jsonView } from "./json.ts";

/** What was found in the log; null while it is read. */
const read = signal<{ readonly verdict: Verdict | null; readonly reports: readonly Report[] } | null>(null);
let asked = "";

/** What a log says: the verdict of each report first, its words and reasons below. */
export function logView(): TemplateResult {
  ask(log.value ?? "", state.value);
  const found = read.value;
  return html`<section class="answer" aria-label="The answer">
    <output id="sentence" aria-live="polite" for="box">${headOf(found)}</output>
    ${(found?.reports ?? []).map((report) => reportView(report, headOf(found)))}
  </section>`;
}

/** Has the log read, once for what stands in the box; what comes back later than another is dropped. */
function ask(text: string, now: State): void {
  const options = optionsOf(now);
  const key = JSON.stringify([text, options]);
  if (key === asked) return;
  asked = key;
  import("@ptekit/explain")
    .then(({ explainAll }) => explainAll(text, options))
    .then((found) => {
      if (key === asked) read.value = found;
    });
}

/** What the reader chose stands above what the log says; what the page starts with was not chosen. */
function optionsOf({ arch, release, config, cpu, backports }: State): Options {
  return {
    ...(arch === "" ? {} : { arch }),
    ...(release === "latest" ? {} : { release }),
    ...(Object.keys(config).length === 0 ? {} : { config }),
    ...(cpu.length === 0 ? {} : { cpu }),
    ...(backports.length === 0 ? {} : { backports }),
  };
}

function headOf(found: typeof read.value): string {
  if (found === null) return "Reading the log.";
  const verdict = found.verdict ?? found.reports[0]?.verdict;
  return verdict ? verdict.sentence : "No line here carries a page-table entry or a swap entry.";
}

/** A report; its verdict is not said again where it stands at the top. */
function reportView(report: Report, head: string): TemplateResult {
  const { verdict, message, process, arch, kernel, words, findings, notes, question, lines } = report;
  const [first, last] = lines;
  return html`<article>
    <h2>${message}${process === undefined ? nothing : ` in process ${process}`}</h2>
    ${verdict.sentence === head ? nothing : html`<p class="verdict"><strong>${verdict.sentence}</strong></p>`}
    ${verdict.next ? html`<p>Look at: ${verdict.next}.</p>` : nothing}
    <p class="quiet">${arch ?? "architecture unknown"}${kernel === null ? "" : ` · Linux ${kernel}`} · ${first === last ? `line ${first}` : `lines ${first} to ${last}`}</p>
    ${question === null ? nothing : html`<p class="question">${question}</p>`}
    <ul>
      ${words.map(({ word, entry, level, meaning }) => html`<li><code>${level} ${word ?? entry}</code>: ${meaning}</li>`)}
    </ul>
    <ul>
      ${findings.map(({ sentence, strength, citation }) => html`<li>${sentence} <span class="quiet">(${strength}; ${citation})</span></li>`)}
      ${notes.map((note) => html`<li class="quiet">${note}</li>`)}
    </ul>
    ${jsonView(report)}
  </article>`;
}
