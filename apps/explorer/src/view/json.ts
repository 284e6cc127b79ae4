import type { TemplateResult } from "lit-html";
import { html } from "lit-html";

/** An answer as the command line prints it with --json: an object, or several, a line each. */
export const jsonView = (...objects: readonly object[]): TemplateResult => jsonNamed("As JSON", objects);

/** The same, where several stand on a page. */
export function jsonNamed(summary: string, objects: readonly object[]): TemplateResult {
  return html`<details class="json">
    <summary>${summary}</summary>
    <pre>${objects.map((one) => JSON.stringify(one)).join("\n")}</pre>
  </details>`;
}
