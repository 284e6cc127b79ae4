// A kernel's layout whole, with what it has room for, and its swap types: loaded when it is opened.
import type { ArchBackend } from "@ptekit/core";
import { diagram, legend, predicateText } from "@ptekit/core";
import type { TemplateResult } from "lit-html";
import { html, nothing, render } from "lit-html";
import { layoutJson } from "../../../cli/src/json/layout.ts";
import { markerPte, typesJson } from "../../../cli/src/json/types.ts";
import { limitLines } from "../../../cli/src/limits.ts";
import { citationView } from "./citation.ts";
import { jsonView } from "./json.ts";

/** Draws the layout of a kernel: diagram, legend, limits. */
export function drawLayout(backend: ArchBackend, place: HTMLElement): void {
  const { layout } = backend;
  render(
    html`<pre tabindex="0">${diagram(layout)}</pre>
    <ul>${legend(layout).map((line) => html`<li>${line}</li>`)}</ul>
    <p>pte_present(): <code>${predicateText(layout.present, layout.pteBits)}</code><br>pte_none(): <code>${predicateText(layout.none, layout.pteBits)}</code></p>
    <ul id="limits" aria-label="What it has room for">${limitLines(backend).map((line) => html`<li>${line}</li>`)}</ul>
    ${layout.note === undefined ? nothing : html`<p>Note: ${layout.note}.</p>`}
    ${layout.uncertain === undefined ? nothing : html`<p>Not certain: ${layout.uncertain}.</p>`}
    <p>Source: ${citationView(layout.citation)}</p>
    ${jsonView(layoutJson(backend))}`,
    place,
  );
}

/** Draws the swap types of a kernel, and its marker bits. */
export function drawTypes(backend: ArchBackend, place: HTMLElement): void {
  const { maxSwapfiles, special, markers } = backend.types;
  const rows = [
    [`0 to ${maxSwapfiles - 1}`, "swap areas, in the order of swapon", ""],
    ...special.map(({ type, name, citation }) => [String(type), name, citation]),
  ];
  const bits = markers.map(({ value, name, citation }) => [
    `0x${value.toString(16)}`,
    name,
    markerPte(backend, value),
    citation,
  ]);
  render(
    html`<p id="max-swapfiles">MAX_SWAPFILES is ${maxSwapfiles}: so many swap areas can be on.</p>
    ${tableView("Swap types", ["type", "name", "source"], rows)}
    ${bits.length === 0 ? html`<p>No marker type in this release and configuration.</p>` : tableView("Marker bits", ["marker bit", "name", "PTE", "source"], bits)}
    ${backend.assumed.map((sentence) => html`<p class="assumed">assumed: ${sentence}</p>`)}
    ${jsonView(typesJson(backend))}`,
    place,
  );
}

const tableView = (caption: string, head: readonly string[], rows: readonly string[][]): TemplateResult =>
  html`<table>
    <caption>${caption}</caption>
    <thead><tr>${head.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead>
    <tbody>${rows.map(([first = "", ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((text, i) => html`<td>${i === rest.length - 1 ? citationView(text) : text}</td>`)}</tr>`)}</tbody>
  </table>`;
