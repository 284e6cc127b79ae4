import { names } from "@ptekit/all";
import { NEWEST_RELEASE } from "@ptekit/core";
import type { Html } from "./html.ts";
import { markup, raw } from "./html.ts";

/** The head of every page; `root` is the way to the front page. */
export const header = (root: string): Html => markup`<a class="skip" href="#app">To the content</a>
<header>
  <h1><a href="${root}">ptekit</a></h1>
  <p class="quiet">what a Linux page-table entry says</p>
</header>`;

/** The foot of every page: the architectures, and until which release all this holds. */
export const footer = (root: string): Html => markup`<footer>
  <nav aria-label="Architectures"><h2>Layouts by architecture</h2>
  <p>${names.map((name) => markup`<a href="${root}arch/${name}/">${name}</a> `)}</p></nav>
  <p class="quiet">Compared with the kernel's headers up to Linux ${NEWEST_RELEASE}. Nothing that you paste leaves the page: it asks nothing of any server but for its own files.</p>
</footer>`;

/** A whole page without scripts. */
export function document(title: string, style: string, csp: string, root: string, body: Html): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${raw(style)}</style>
</head>
<body>
${header(root)}
<main id="app">
${body}
</main>
${footer(root)}
</body>
</html>
`.html;
}
