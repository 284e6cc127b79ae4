import type { TemplateResult } from "lit-html";
import { html, nothing } from "lit-html";
import { fragmentOf } from "../link.ts";
import { box, change, log, notice, state } from "../store.ts";

/** The link to what is shown. A log is in it only where that is asked for. */
export function shareView(): TemplateResult {
  return html`<section class="share" aria-label="Share">
    <button type="button" id="copy" @click=${() => void copy()}>Copy the link</button>
    ${log.value === null && state.value.as === "pte" && state.value.word !== "" && location.protocol !== "file:" ? html`<button type="button" id="embed" @click=${() => void copyEmbed()}>Copy the bits for another page</button>` : nothing}
    ${
      log.value === null
        ? nothing
        : html`<label
            ><input
              type="checkbox"
              id="with-log"
              .checked=${state.value.log !== ""}
              @change=${(event: Event) => change({ log: (event.target as HTMLInputElement).checked ? box.value : "" })}
            />
            with the log in it</label
          >`
    }
  </section>`;
}

/** A frame that shows the bits of the word; the element itself is @ptekit/pte-bits. */
async function copyEmbed(): Promise<void> {
  const source = new URL("embed/", document.baseURI).href + fragmentOf(state.value);
  const frame = `<iframe src="${source.replaceAll("&", "&amp;")}" title="The bits of a page-table entry" width="100%" height="320"></iframe>`;
  try {
    await navigator.clipboard.writeText(frame);
    notice.value = "The frame is copied: it shows the bits in any page.";
  } catch {
    notice.value = frame;
  }
}

async function copy(): Promise<void> {
  const link = location.href.split("#")[0] + fragmentOf(state.value);
  try {
    await navigator.clipboard.writeText(link);
    notice.value =
      log.value !== null && state.value.log === ""
        ? "The link is copied, without the log."
        : "The link is copied.";
  } catch {
    notice.value = `The link: ${link}`;
  }
}
