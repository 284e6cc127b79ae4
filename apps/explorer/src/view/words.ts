import type { TemplateResult } from "lit-html";
import { html, nothing } from "lit-html";
import { fragmentOf } from "../link.ts";
import { state, words } from "../store.ts";
import type { Said } from "../work/protocol.ts";
import type { Following } from "./following.ts";
import { following } from "./following.ts";

const reading = following("words");

/** What many words say, a row each; how many there are of a kind comes first. */
export function wordsView(): TemplateResult {
  const [all, now] = [words.value ?? [], state.value];
  const { found, shown, more } = reading([all, now], () => ({ words: all, state: now }));
  return html`<section class="answer" aria-label="The answer" aria-busy=${found.ended === null ? "true" : "false"}>
    <output id="sentence" aria-live="polite" for="box">${headOf(found)}</output>
    ${
      shown.length === 0
        ? nothing
        : html`<div class="scroll"><table class="words" aria-label="The words">
            <thead><tr><th scope="col">word</th><th scope="col">says</th></tr></thead>
            <tbody>${shown.map(rowView)}</tbody>
          </table></div>`
    }
    ${more("words")}
    <details class="json"><summary>As JSON</summary><pre>${shown.flatMap(({ json }) => json ?? []).join("\n")}</pre></details>
  </section>`;
}

const rowView = ({ word, sentence, kind }: Said): TemplateResult => html`<tr>
  <th scope="row"><a href=${fragmentOf({ ...state.value, word, log: "" })}><code>${word}</code></a></th>
  <td class=${kind === "refused" ? "refused" : ""}>${sentence}</td>
</tr>`;

function headOf({ all, ended }: Following<"words">["found"]): string {
  if (ended === null) return "Reading the words.";
  if (ended !== "") return ended;
  const counts = new Map<string, number>();
  for (const { kind } of all) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kinds = [...counts].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${count} ${kind}`);
  return `${all.length} words: ${kinds.join(", ")}`;
}
