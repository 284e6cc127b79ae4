import { partsOf } from "../links.ts";
import type { Html } from "./html.ts";
import { markup } from "./html.ts";

/** A citation with links to what it names. */
export const cited = (citation: string): Html =>
  markup`${partsOf(citation).map(({ text, href }) => (href === null ? text : markup`<a href="${href}" rel="noreferrer">${text}</a>`))}`;
