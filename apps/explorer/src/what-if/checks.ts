// What a layout with the bit taken says to the kernel's build checks and to every property: loaded when that is asked.
import type { ArchBackend, FlagName } from "@ptekit/core";
import { html, nothing, render } from "lit-html";
import { outcome, outcomeJson } from "../../../cli/src/json/take.ts";
import { jsonView } from "../view/json.ts";
import { FLAG_TITLES } from "./outcome.ts";

/** Draws what the checks say. */
export function drawChecks(place: HTMLElement, backend: ArchBackend, bit: number, use: FlagName): void {
  const found = outcome(backend, bit, FLAG_TITLES[use]);
  const { refusedBy, holds, broken, asBefore } = found;
  render(
    html`${refusedBy.length === 0 ? html`<p>The kernel's build checks pass.</p>` : refusedBy.map((text) => html`<p class="question">Refused by ${text}.</p>`)}
    <p id="properties">${holds} properties hold${broken.length === 0 ? "" : `, ${broken.length} ${broken.length === 1 ? "does" : "do"} not`}${asBefore.length === 0 ? "" : `; as in the kernel's own layout, with exceptions: ${asBefore.join(", ")}`}.</p>
    ${broken.length === 0 ? nothing : html`<ul>${broken.map(({ property, sentence }) => html`<li>${property}: ${sentence}</li>`)}</ul>`}
    ${jsonView(outcomeJson(backend, found))}`,
    place,
  );
}
