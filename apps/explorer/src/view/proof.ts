import { signal } from "@preact/signals-core";
import type { ArchBackend } from "@ptekit/core";

import type { TemplateResult } from "lit-html";
import { html, nothing } from "lit-html";
import type { Proof } from "../proof.ts";

const proofs = signal<Readonly<Record<string, readonly Proof[]>> | null>(null);
let asked = false;

/** What holds this layout: words of the kernel's macros, and page tables of running kernels. */
export function proofView(backend: ArchBackend): TemplateResult | typeof nothing {
  if (!asked) {
    asked = true;
    import("virtual:proof").then((found) => {
      proofs.value = found.proof;
    });
  }
  if (proofs.value === null) return nothing;
  const found = proofs.value[backend.layout.id] ?? [];
  if (found.length === 0)
    return html`<p class="proof">Read from the kernel's headers; no vectors hold it.</p>`;
  return html`<details class="proof">
    <summary>Held by ${found.length} ${found.length === 1 ? "file" : "files"} of the kernel's own answers</summary>
    <ul>
      ${found.map(({ kind, file, release }) => html`<li><code>${file}</code>, ${kind === "live" ? "page tables of a running kernel" : "words of the kernel's macros"}, Linux ${release}</li>`)}
    </ul>
  </details>`;
}
