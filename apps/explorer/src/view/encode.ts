import type { ArchBackend } from "@ptekit/core";
import type { TemplateResult } from "lit-html";
import { html } from "lit-html";
import { examplesOf } from "../fields.ts";
import { setWord } from "../store.ts";

/** A word of every kind of entry that this kernel writes, to be had at a click. */
export function encodeView(backend: ArchBackend): TemplateResult {
  return html`<section aria-labelledby="make-title">
    <h2 id="make-title">What this kernel writes</h2>
    <p class="quiet">Press one, then change its bits or fields.</p>
    <ul class="examples">
      ${examplesOf(backend).map(({ name, word }) => html`<li><button type="button" @click=${() => setWord(word)}>${name}</button></li>`)}
    </ul>
  </section>`;
}
