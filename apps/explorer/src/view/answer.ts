import { hex, meaningOf, NEWEST_RELEASE, presentFlags } from "@ptekit/core";
import { runsOf, toggled } from "@ptekit/pte-bits";
import type { TemplateResult } from "lit-html";
import { html, nothing } from "lit-html";
import type { Answer, WordAnswer } from "../answer.ts";
import { jsonOf } from "../json.ts";
import { bitsInRow, currentBit, setWord, state } from "../store.ts";
import { bitsView } from "./bits.ts";
import { citationView } from "./citation.ts";
import { fieldsView } from "./fields.ts";
import { jsonView } from "./json.ts";
import { proofView } from "./proof.ts";

/** What stands below the sentence: the bits, the fields, and where it is known from. */
export function answerView(answer: Answer): TemplateResult | typeof nothing {
  if (answer.what === "word") return wordView(answer);
  return answer.what === "pagemap" || answer.what === "entry" ? jsonView(jsonOf(answer)) : nothing;
}

function wordView(answer: WordAnswer): TemplateResult {
  const { backend, said } = answer;
  const bits = backend.layout.pteBits;
  return html`
    <p class="quiet">
      <code id="word">${hex(said.pte, bits)}</code> · layout ${said.layout} · Linux ${backend.kernel.release}
      ${state.value.release === "latest" ? `(the newest compared: ${NEWEST_RELEASE})` : ""}
    </p>
    ${flagsView(answer)}
    ${bitsView({
      word: said.pte,
      bits,
      inRow: bitsInRow.value,
      runs: runsOf(backend, said),
      current: Math.min(currentBit.value, bits - 1),
      toggle: (bit) => setWord(toggled(said.pte, bit)),
      move(bit) {
        currentBit.value = bit;
        document.getElementById(`bit-${bit}`)?.focus();
      },
    })}
    ${fieldsView(answer)} ${assumedView(answer)}
    <p>Source: ${citationView(said.kind === "present" && backend.present ? backend.present.citation : backend.layout.citation)}</p>
    ${proofView(backend)} ${jsonView(jsonOf(answer))}
  `;
}

/** The kernel's names of the bits that are set in a present PTE. */
function flagsView({ backend, said }: WordAnswer): TemplateResult | typeof nothing {
  if (said.kind !== "present" || !backend.present || said.pfn === undefined) return nothing;
  const flags = presentFlags(backend, said.pte);
  return flags.length === 0 ? nothing : html`<p id="flags"><code>${flags.join(" ")}</code></p>`;
}

/** Each default that changed the answer, with the answer that it would be otherwise. */
function assumedView({ backend, said }: WordAnswer): TemplateResult | typeof nothing {
  if (said.assumed.length === 0) return nothing;
  return html`<ul class="assumed" aria-label="What was assumed">
    ${said.assumed.map(
      ({ sentence, otherwise }) =>
        html`<li>assumed: ${sentence}${otherwise === null ? nothing : html`; otherwise ${meaningOf(backend, otherwise)}`}</li>`,
    )}
  </ul>`;
}
