import type { TemplateResult } from "lit-html";
import { html } from "lit-html";

/** An answer as the command line prints it with --json. */
export function jsonView(value: object): TemplateResult {
  return html`<details class="json">
    <summary>As JSON</summary>
    <pre>${JSON.stringify(value)}</pre>
  </details>`;
}
