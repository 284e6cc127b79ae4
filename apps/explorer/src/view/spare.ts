import type { ArchBackend } from "@ptekit/core";
import { backendJson, bitsText, presentSpareJson, spareJson } from "@ptekit/core";
import type { TemplateResult } from "lit-html";
import { html, nothing } from "lit-html";
import { jsonView } from "./json.ts";
import { moreView } from "./more.ts";

/** Which bits of the swap PTE are free, and who claims the others. */
export function spareView(backend: ArchBackend): TemplateResult {
  const { bits, free, takeable } = backend.spareBits();
  return html`<section id="spare" aria-labelledby="spare-title">
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
    ${jsonView({ ...backendJson(backend), ...spareJson(backend) })} ${moreView("all", "Every layout of every architecture", "all", async (place) => (await import("./spare-of-all.ts")).drawSpareOfAll(place))}
  </section>`;
}

/** The free software bits of the present PTE, where the kernel's are described. */
function presentView(backend: ArchBackend): TemplateResult | typeof nothing {
  if (backend.present === null) return nothing;
  const said = presentSpareJson(backend);
  const { free, kept, maybe } = said;
  return html`<div id="spare-present">
    <p id="free-present">
      ${free.length === 0 ? "No software bit of the present PTE is free." : `Free in the present PTE: ${free.length === 1 ? "bit" : "bits"} ${free.join(", ")}. pte_modify() keeps ${kept.length === 0 ? "none of them" : kept.length === free.length ? "all of them" : kept.join(", ")}.`}
    </p>
    ${maybe.map(({ high, low, condition }) => html`<p>${bitsText(high, low)} might be free, on a condition: ${condition}.</p>`)}
    ${jsonView({ ...backendJson(backend), ...said })}
  </div>`;
}
