import type { TemplateResult } from "lit-html";
import { html } from "lit-html";
import type { State } from "../link.ts";
import { fragmentOf, START } from "../link.ts";

/** What one could ask: every kind of thing that the box takes. */
const EXAMPLES: readonly { readonly name: string; readonly asks: Partial<State> }[] = [
  { name: "a marker of x86_64", asks: { release: "6.12", word: "0xfffffffffffffc00" } },
  { name: "a swap entry of arm64", asks: { arch: "arm64", release: "6.12", word: "0x12bc3e000" } },
  { name: "a present PTE", asks: { release: "6.12", word: "0x8000000104a2e067" } },
  { name: "a swp_entry_t", asks: { release: "6.1", word: "0x7400000000104a2e", as: "entry" } },
  { name: "a word of pagemap", asks: { release: "6.12", word: "0x8600000000000805", as: "pagemap" } },
  {
    name: "a line of a log",
    asks: {
      arch: "",
      log: "BUG: Bad page map in process java  pte:400000000000000 pmd:104a2b067\nCPU: 3 PID: 4242 Comm: java Not tainted 6.1.0-50-amd64 #1\nRIP: 0010:zap_pte_range+0x1",
    },
  },
];

/** The examples as links; each is answered like anything else. */
export const examplesView = (): TemplateResult =>
  html`<section aria-labelledby="try-title">
    <h2 id="try-title">Try one</h2>
    <ul class="examples">
      ${EXAMPLES.map(({ name, asks }) => html`<li><a href=${fragmentOf({ ...START, ...asks })}>${name}</a></li>`)}
    </ul>
  </section>`;
