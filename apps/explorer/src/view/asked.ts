// What is drawn of an answer, loaded when something is asked.
import type { ArchBackend, Architecture } from "@ptekit/core";
import type { TemplateResult } from "lit-html";
import { html, nothing } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { backendOf } from "../kernel.ts";
import type { State } from "../link.ts";
import { encodeView } from "./encode.ts";
import { moreView } from "./more.ts";
import { spareView } from "./spare.ts";

export { answerView } from "./answer.ts";

/** What is the same for every word of a kernel: what it writes, and which bits are free. It is drawn once. */
export function kernelWordsView(arch: Architecture, state: State): unknown {
  let backend: ArchBackend;
  try {
    backend = backendOf(arch, state);
  } catch {
    // Why there is no such kernel is said above.
    return nothing;
  }
  return guard([backend], () => html`${encodeView(backend)} ${spareView(backend)} ${wholeView(backend)}`);
}

/** What there is to say of the layout itself is loaded when it is opened. */
const wholeView = (backend: ArchBackend): TemplateResult => html`<section aria-labelledby="layout-title">
  <h2 id="layout-title">The layout</h2>
  ${moreView("layout-whole", "Diagram, legend and limits", backend, async (place) => (await import("./whole.ts")).drawLayout(backend, place))}
  ${moreView("types", "Swap types and MAX_SWAPFILES", backend, async (place) => (await import("./whole.ts")).drawTypes(backend, place))}
</section>`;
