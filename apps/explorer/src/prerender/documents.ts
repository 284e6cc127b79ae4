// The documents' own shell: a search that needs no server, and the list of them.
import type { Html } from "./html.ts";
import { markup } from "./html.ts";

/** A document under its search; the index page lists them all. */
export function documentPage(
  body: Html,
  all: readonly { readonly here: string; readonly title: string }[] | null,
): Html {
  return markup`<form id="search" role="search"><label>Search the documents <input id="query" type="search" autocomplete="off" spellcheck="false"></label>
<noscript><p>The search needs JavaScript; the documents do not.</p></noscript></form>
<div id="found" role="status" aria-live="polite"></div>
<article>${body}</article>
${all === null ? "" : markup`<section aria-labelledby="all-documents"><h2 id="all-documents">All documents</h2><ul>${all.map(({ here, title }) => markup`<li><a href="../${here}">${title}</a> <span class="quiet">${here}</span></li>`)}</ul></section>`}`;
}
