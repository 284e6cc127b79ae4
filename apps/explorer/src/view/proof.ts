import type { ArchBackend } from "@ptekit/core";
import type { TemplateResult } from "lit-html";
import { html } from "lit-html";
import { later } from "../later.ts";

const proofs = later(() => import("virtual:proof").then(({ proof }) => proof));

/** What holds this layout: words of the kernel's macros, and page tables of running kernels. */
export function proofView(backend: ArchBackend): TemplateResult {
  const all = proofs();
  // The line has its place before it is read, so that nothing below it moves.
  if (all === null)
    return html`<p class="proof">Which of the kernel's own answers hold it is being read.</p>`;
  const found = all[backend.layout.id] ?? [];
  if (found.length === 0)
    return html`<p class="proof">Read from the kernel's headers; no vectors hold it.</p>`;
  return html`<details class="proof">
    <summary>Held by ${found.length} ${found.length === 1 ? "file" : "files"} of the kernel's own answers</summary>
    <ul>
      ${found.map(({ kind, file, release }) => html`<li><code>${file}</code>, ${kind === "live" ? "page tables of a running kernel" : "words of the kernel's macros"}, Linux ${release}</li>`)}
    </ul>
  </details>`;
}
