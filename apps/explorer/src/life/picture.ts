import { hex } from "@ptekit/core";
import { isSet, rowsOfBits, runsOf } from "@ptekit/pte-bits";
import type { Life, State } from "@ptekit/uffd-wp";
import { isProtected, STATES, stateOf } from "@ptekit/uffd-wp";
import type { TemplateResult } from "lit-html";
import { html } from "lit-html";

/** Where what the PTE stands for is, from left to right. */
const PLACES: readonly { readonly name: string; readonly states: readonly State[] }[] = [
  { name: "nothing", states: ["none", "empty"] },
  { name: "a page", states: ["present", "present-wp", "writable-wp"] },
  { name: "a swap slot", states: ["swap", "swap-wp"] },
  { name: "a page on its way", states: ["migration", "migration-wp", "device", "device-wp"] },
  { name: "a note to the kernel", states: ["special", "poisoned", "guard", "hwpoison"] },
];

/** A PTE as a picture: its bits, what changed of them, and where it leads. Where motion is not wanted, nothing moves. */
export function pictureView(life: Life, before: Life): TemplateResult {
  const { backend, pte } = life;
  const bits = backend.layout.pteBits;
  const state = stateOf(life);
  const runs = runsOf(backend, backend.decode(pte));
  const kindAt = (bit: number): string =>
    runs.find(({ high, low }) => bit <= high && bit >= low)?.kind ?? "none";
  const changed = pte ^ before.pte;
  const place = PLACES.findIndex(({ states }) => states.includes(state));
  return html`<div class="picture" role="img" aria-label=${`The PTE is ${hex(pte, bits)}: ${STATES[state]}${isProtected(state) ? "; it is write-protected" : ""}`}>
    <div class="cells">
      ${rowsOfBits(bits, 32).map((row) => html`<div class="cell-row">${row.map((bit) => html`<span class=${`cell k-${kindAt(bit)}${isSet(changed, bit) ? " changed" : ""}`}>${isSet(pte, bit) ? 1 : 0}</span>`)}</div>`)}
    </div>
    <div class="places">
      <div class=${isProtected(state) ? "token protected" : "token"} .style=${`transform: translateX(${place * 100}%)`}><span>PTE</span></div>
      ${PLACES.map(({ name }, i) => html`<div class=${i === place ? "place here" : "place"}>${name}</div>`)}
    </div>
  </div>`;
}
