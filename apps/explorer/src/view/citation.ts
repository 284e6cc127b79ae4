import type { TemplateResult } from "lit-html";
import { html } from "lit-html";
import { partsOf } from "../links.ts";

/** A citation with links to what it names. */
export const citationView = (citation: string): TemplateResult =>
  html`${partsOf(citation).map(({ text, href }) => (href === null ? text : html`<a href=${href} rel="noreferrer">${text}</a>`))}`;
