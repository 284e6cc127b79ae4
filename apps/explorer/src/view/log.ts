import type { Options, Report } from "@ptekit/explain";
import type { TemplateResult } from "lit-html";
import { html, nothing } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import type { State } from "../link.ts";
import { log, state } from "../store.ts";
import type { Following } from "./following.ts";
import { following } from "./following.ts";
import { jsonView } from "./json.ts";

const reading = following("log");

/** What a log says: the verdict of each report first, its words and reasons below. */
export function logView(): TemplateResult {
  const source = log.value ?? "";
  const options = optionsOf(state.value);
  const { found, shown, more } = reading([source, JSON.stringify(options)], () => ({ source, options }));
  const { all, ended } = found;
  const head = headOf(found);
  return html`<section class="answer" aria-label="The answer" aria-busy=${ended === null ? "true" : "false"}>
    <output id="sentence" aria-live="polite" for="box">${head}</output>
    ${shown.map((report) => guard([report, report.verdict.sentence === head], () => reportView(report, head)))}
    ${ended === null && all.length > 0 ? html`<p class="quiet">Reading on: ${all.length} so far.</p>` : nothing}
    ${more("reports")}
  </section>`;
}

/** What the reader chose stands above what the log says; what the page starts with was not chosen. */
export function optionsOf({ arch, release, config, cpu, backports }: State): Options {
  return {
    ...(arch === "" ? {} : { arch }),
    ...(release === "latest" ? {} : { release }),
    ...(Object.keys(config).length === 0 ? {} : { config }),
    ...(cpu.length === 0 ? {} : { cpu }),
    ...(backports.length === 0 ? {} : { backports }),
  };
}

function headOf({ all, end, ended }: Following<"log">["found"]): string {
  // The first verdict stands while the others are read: most logs have one.
  const said = end ?? all[0]?.verdict;
  if (ended === null) return said?.sentence ?? "Reading the log.";
  if (ended !== "") return ended;
  return said ? said.sentence : "No line here carries a page-table entry or a swap entry.";
}

/** A report; its verdict is not said again where it stands at the top. */
export function reportView(report: Report, head: string): TemplateResult {
  const { verdict, message, process, arch, kernel, words, findings, notes, lines, again } = report;
  const [first, last] = lines;
  return html`<article>
    <h2>${message}${process === undefined ? nothing : ` in process ${process}`}</h2>
    ${verdict.sentence === head ? nothing : html`<p class="verdict"><strong>${verdict.sentence}</strong></p>`}
    ${verdict.next ? html`<p>Look at: ${verdict.next}.</p>` : nothing}
    <p class="quiet">${arch ?? "architecture unknown"}${kernel === null ? "" : ` · Linux ${kernel}`} · ${first === last ? `line ${first}` : `lines ${first} to ${last}`}${again === 0 ? "" : ` · the same ${again} more times`}</p>
    ${questionView(report)}
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

/** The controls of the page that take what only the reader can tell. */
const CONTROLS = { arch: "Architecture", release: "Kernel" } as const;

function questionView({ question, asks }: Report): TemplateResult | typeof nothing {
  if (question === null) return nothing;
  const names = asks.map((what) => CONTROLS[what]).join(" and ");
  return html`<p class="question">${question}; choose ${names} above.</p>`;
}
