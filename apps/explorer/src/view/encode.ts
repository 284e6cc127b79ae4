import type { Architecture } from "@ptekit/core";
import type { TemplateResult } from "lit-html";
import { html, nothing } from "lit-html";
import type { Example } from "../fields.ts";
import { examplesOf } from "../fields.ts";
import { backendOf } from "../kernel.ts";
import { setWord, state } from "../store.ts";

/** A word of every kind of entry that this kernel writes, to be had at a click. */
export function encodeView(arch: Architecture): TemplateResult | typeof nothing {
  const examples = examplesAt(arch);
  if (examples.length === 0) return nothing;
  return html`<section aria-labelledby="make-title">
    <h2 id="make-title">What this kernel writes</h2>
    <p class="quiet">Press one, then change its bits or fields.</p>
    <ul class="examples">
      ${examples.map(({ name, word }) => html`<li><button type="button" @click=${() => setWord(word)}>${name}</button></li>`)}
    </ul>
  </section>`;
}

function examplesAt(arch: Architecture): readonly Example[] {
  try {
    return examplesOf(backendOf(arch, state.value));
  } catch {
    // Why there is no such kernel is said above.
    return [];
  }
}
