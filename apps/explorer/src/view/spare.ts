import type { ArchBackend } from "@ptekit/core";
import { freePresentBits } from "@ptekit/core";
import type { TemplateResult } from "lit-html";
import { html, nothing } from "lit-html";

/** Which bits of the swap PTE are free, and who claims the others. */
export function spareView(backend: ArchBackend): TemplateResult {
  const { bits, free, takeable } = backend.spareBits();
  return html`<section aria-labelledby="spare-title">
    <h2 id="spare-title">Free bits</h2>
    <p id="free">${free.length === 0 ? "No bit of the swap PTE is free." : `Free in the swap PTE: ${free.length === 1 ? "bit" : "bits"} ${free.join(", ")}.`}</p>
    ${presentView(backend)}
    ${takeable.map(
      ({ bit, from, before, after, refusedBy }) =>
        html`<p>
          Bit ${bit} could be taken from the ${from}: ${before.types} types become ${after.types}, ${before.offsetBits} bits of offset become
          ${after.offsetBits}${refusedBy === null ? "" : `; refused by ${refusedBy}`}.
        </p>`,
    )}
    <details>
      <summary>Every bit</summary>
      <table>
        <caption>
          Who claims the bits of ${backend.layout.id}
        </caption>
        <thead>
          <tr><th scope="col">bit</th><th scope="col">free</th><th scope="col">why</th></tr>
        </thead>
        <tbody>
          ${bits.map((claim) => html`<tr><th scope="row">${claim.bit}</th><td>${claim.free ? "free" : ""}</td><td>${claim.sentence}</td></tr>`)}
        </tbody>
      </table>
    </details>
  </section>`;
}

/** The free software bits of the present PTE, where the kernel's are described. */
function presentView({ present }: ArchBackend): TemplateResult | typeof nothing {
  if (present === null) return nothing;
  const free = freePresentBits(present);
  return html`<p id="free-present">
    ${free.length === 0 ? "No software bit of the present PTE is free." : `Free in the present PTE: ${free.length === 1 ? "bit" : "bits"} ${free.join(", ")}.`}
  </p>`;
}
