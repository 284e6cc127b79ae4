// From a process of a dump to an address: the page tables on the way, read in the worker.
import { signal } from "@preact/signals-core";
import { LEVEL_NAMES } from "@ptekit/core";
import type { TemplateResult } from "lit-html";
import { html, nothing } from "lit-html";
import { encode, withOptions } from "../link.ts";
import { perform } from "../work/client.ts";
import type { FoundWay } from "../work/protocol.ts";

/** What was found of which files; or why nothing was. */
const found = signal<{
  readonly of: readonly File[];
  readonly way: FoundWay | null;
  readonly sentence: string;
} | null>(null);

/** PID 0 has no memory of its own: its tables are the kernel's. */
const KERNEL = { pid: 0, comm: "the kernel itself" };

/** Asks for a process and an address, and shows the way. */
export function wayView(
  files: readonly File[],
  processes: readonly { pid: number; comm: string }[],
): TemplateResult {
  const ask = (event: Event): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const digits = /^\s*(?:0x)?([0-9a-f]{1,16})\s*$/i.exec(String(form.get("address")))?.[1];
    const say = (sentence: string, way: FoundWay | null = null): void => {
      found.value = { of: files, sentence, way };
    };
    if (digits === undefined) {
      say("An address is hexadecimal, as in 0x400000.");
      return;
    }
    say("Reading the tables on the way.");
    perform("way", { files, pid: Number(form.get("pid")), address: `0x${digits}` }, (part) => {
      if (part.what === "end") say(part.end.sentence, part.end);
      else if (part.what === "failed") say(part.sentence);
    });
  };
  const now = found.value?.of === files ? found.value : null;
  return html`<section aria-labelledby="way-title">
    <h2 id="way-title">The way to an address</h2>
    <form class="inline" id="way" @submit=${ask}>
      <label>Process <select name="pid">${[...processes, KERNEL].map(({ pid, comm }, i) => html`<option value=${pid} ?selected=${i === 0}>${pid} ${comm}</option>`)}</select></label>
      <label>Address <input name="address" size="20" spellcheck="false" autocomplete="off" placeholder="0x400000" /></label>
      <button>Follow</button>
    </form>
    ${now === null ? nothing : html`<p role="status" id="way-sentence"><strong>${now.sentence}</strong></p>`}
    ${now?.way ? stepsView(now.way) : nothing}
  </section>`;
}

function stepsView({ steps, json, kernel, address }: FoundWay): TemplateResult {
  return html`<ol>${steps.map(({ level, at, entry, says }) => html`<li><strong>${level}</strong> at <code>${at}</code>: <code>${entry}</code> ${says}</li>`)}</ol>
    ${steps.length === 0 ? nothing : html`<p><a href=${linkOf(kernel, address, steps)}>The same as a picture</a></p>`}
    <details class="json"><summary>As JSON</summary><pre>${json}</pre></details>`;
}

/** The link of the walk page with these entries. */
const linkOf = (kernel: FoundWay["kernel"], address: string, steps: FoundWay["steps"]): string =>
  withOptions(`walk/#/v1/walk/${kernel.arch}/${encode(kernel.release)}/${address}`, [
    ...steps.flatMap(({ level, entry }) =>
      LEVEL_NAMES.some((name) => name === level) ? [`${level}=${entry}`] : [],
    ),
    ...kernel.cpu.map((name) => `cpu=${encode(name)}`),
    ...Object.entries(kernel.config).map(([name, value]) => `config=${encode(name)}=${value}`),
  ]);
