import { sumOf, whoOf } from "@ptekit/introspect";
import type { TemplateResult } from "lit-html";
import { html, nothing } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { rowsOf } from "../../../cli/src/scan/rows.ts";
import { state } from "../store.ts";
import type { FoundKernel, FoundProcess } from "../work/protocol.ts";
import type { Following } from "./following.ts";
import { following } from "./following.ts";
import { jsonNamed } from "./json.ts";
import { optionsOf, reportView } from "./log.ts";
import { wayView } from "./way.ts";

const reading = following("file");

/** What files say: of a dump, its kernel, a table of its processes, and what is suspicious; of a log, its reports. */
export function fileView(files: readonly File[]): TemplateResult {
  const options = optionsOf(state.value);
  const { found, shown, more, stop } = reading([files, JSON.stringify(options)], () => ({ files, options }));
  const kernel = shown.find((one): one is FoundKernel => "kernel" in one);
  const head = headOf(found, files);
  const isRead = found.ended === null;
  return html`<section class="answer" aria-label="The answer" aria-busy=${isRead ? "true" : "false"}>
    <output id="sentence" aria-live="polite" for="file">${head}</output>
    ${kernel?.kernel.slice(1).map((line) => html`<p class="quiet">${line}</p>`)}
    ${isRead ? html`<p><button type="button" id="stop" @click=${stop}>Stop reading</button> <span class="quiet">${found.all.length} so far.</span></p>` : nothing}
    ${kernel ? processesView(found, shown) : shown.map((one) => ("report" in one ? guard([one, head], () => reportView(one.report, head)) : nothing))}
    ${more(kernel ? "lines" : "reports")}
    ${
      kernel && found.ended === ""
        ? wayView(
            files,
            found.all.filter(isProcess).flatMap(({ scan: { pid, comm } }) =>
              // Without a pid there is nothing to ask for.
              pid === null ? [] : [{ pid, comm: comm ?? "" }],
            ),
          )
        : nothing
    }
    ${kernel && found.ended === "" ? html`<div class="census">${jsonNamed("All tables together, as JSON", [{ ...kernel.keys, ...censusOf(found.all.filter(isProcess)) }])}</div>` : nothing}
    ${kernel ? html`<details class="json"><summary>The dump and its processes, as JSON</summary><pre>${shown.flatMap((one) => ("json" in one ? one.json : [])).join("\n")}</pre></details>` : nothing}
  </section>`;
}

/** All tables together. */
function censusOf(processes: readonly FoundProcess[]): object {
  return { processes: processes.length, ...sumOf(processes.map(({ scan }) => scan)) };
}

const isProcess = (one: object): one is FoundProcess => "scan" in one;

function processesView(
  { all }: Following<"file">["found"],
  shown: Following<"file">["shown"],
): TemplateResult {
  const scans = all.filter(isProcess).map(({ scan }) => scan);
  const some = shown.filter(isProcess);
  const rows = rowsOf(
    some.map(({ scan }) => scan),
    sumOf(scans),
    scans.length,
  );
  const [head = [], ...lines] = rows;
  return html`${some.map(({ scan, told }) =>
    told.map(
      ({ address, level, entry, kind, sentence, finding }) => html`<article>
        <h2>${kind}: ${whoOf(scan)}, ${address}</h2>
        <p><code>${level} ${entry ?? ""}</code> ${sentence}.</p>
        ${finding === null ? nothing : html`<p><strong>${finding.sentence}</strong> <span class="quiet">(${finding.strength} ${finding.cause})</span></p>${finding.next === null ? nothing : html`<p>Look at: ${finding.next}.</p>`}`}
      </article>`,
    ),
  )}
    <div class="scroll" tabindex="0" role="region" aria-label="The processes"><table id="processes">
      <caption>Entries of each process</caption>
      <thead><tr>${head.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead>
      <tbody>${lines.map((line) => html`<tr>${line.map((text, i) => (i === 1 ? html`<th scope="row">${text}</th>` : html`<td>${text}</td>`))}</tr>`)}</tbody>
    </table></div>
    ${some.flatMap(({ scan }) => scan.problems.map((problem) => html`<p class="quiet">${whoOf(scan)}: ${problem}</p>`))}`;
}

function headOf({ all, end, ended }: Following<"file">["found"], files: readonly File[]): string {
  if (ended !== null && ended !== "") return ended;
  const [first] = all;
  if (first === undefined)
    return ended === null ? `Reading ${files.map(({ name }) => name).join(", ")}.` : NOTHING;
  if ("report" in first) return (end ?? first.report.verdict).sentence;
  if (!("kernel" in first)) return "";
  const processes = all.filter(isProcess);
  const suspicions = processes.reduce((sum, { scan }) => sum + scan.suspicions, 0);
  const found =
    ended === null
      ? ""
      : `: ${processes.length} processes, ${suspicions === 0 ? "nothing suspicious" : `${suspicions} suspicious ${suspicions === 1 ? "entry" : "entries"}`}`;
  return `${first.kernel[0]}${found}`;
}

const NOTHING = "No line here carries a page-table entry or a swap entry.";
