// What is drawn of an answer, loaded when something is asked.
import type { ArchBackend, Architecture } from "@ptekit/core";
import { html, nothing } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { backendOf } from "../kernel.ts";
import type { State } from "../link.ts";
import { encodeView } from "./encode.ts";
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
  return guard([backend], () => html`${encodeView(backend)} ${spareView(backend)}`);
}
