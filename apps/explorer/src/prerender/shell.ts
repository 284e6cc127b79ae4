import { names } from "@ptekit/all";
import { NEWEST_RELEASE } from "@ptekit/core";
import type { Html } from "./html.ts";
import { markup, raw } from "./html.ts";

/** What the head of every page leads to, by its folder. */
const pages: readonly (readonly [folder: string, name: string])[] = [
  ["", "A word or a log"],
  ["matrix/", "Matrix"],
  ["diff/", "Differences"],
  ["life/", "Life"],
  ["walk/", "Walk"],
  ["what-if/", "What if"],
  ["docs/", "Documents"],
  ["about/", "About"],
];

/** The way from one page to the others; the one that is read is named. */
const navigation = (root: string, here: string): Html => markup`
  <nav aria-label="Pages">${pages.map(([folder, name]) => markup`<a href="${root}${folder}"${folder === here ? raw(' aria-current="page"') : ""}>${name}</a> `)}</nav>`;

/** The head of every page; `root` is the way to the front page. A page that is one file leads nowhere. */
export const header = (
  root: string,
  here: string | null = null,
): Html => markup`<a class="skip" href="#app">To the content</a>
<header>
  <h1><a href="${root}">ptekit</a></h1>
  <p class="quiet">what a Linux page-table entry says</p>${here === null ? "" : navigation(root, here)}
</header>`;

/** The foot of every page: the architectures, and until which release all this holds. */
export const footer = (root: string): Html => markup`<footer>
  <nav aria-label="Architectures"><h2>Layouts by architecture</h2>
  <p>${names.map((name) => markup`<a href="${root}arch/${name}/">${name}</a> `)}</p></nav>
  <p class="quiet">Compared with the kernel's headers up to Linux ${NEWEST_RELEASE}. Nothing that you paste leaves the page: it asks nothing of any server but for its own files.</p>
</footer>`;

/** What a page is made of beside its content. */
export interface Frame {
  readonly title: string;
  /** Its style sheet, from the front page on. */
  readonly sheet: string;
  readonly csp: string;
  /** The way to the front page: `../`. */
  readonly root: string;
  /** Its folder from there: `matrix/`. */
  readonly here: string;
  /** The script that makes it answer, and which page it is to that; none where it only is read. */
  /** In a frame of another page there is no head and no foot. */
  readonly isBare?: boolean;
  readonly script?: { readonly file: string; readonly page: string };
}

/** A whole page. */
export function document(
  { title, sheet, csp, root, here, script, isBare = false }: Frame,
  body: Html,
): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${root}${sheet}">${
    script
      ? markup`
<script type="module" src="${root}${script.file}"></script>`
      : ""
  }
</head>
<body>
${isBare ? "" : header(root, here)}
<main id="app"${script ? markup` data-page="${script.page}" data-root="${root}"` : ""}>
${body}
</main>
${isBare ? "" : footer(root)}
</body>
</html>
`.html;
}
