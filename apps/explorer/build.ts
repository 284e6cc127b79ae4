// Makes dist/: a static site for any web server, and explorer.html, the page as one file to keep.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { loadAll } from "@ptekit/all";
import type { Architecture } from "@ptekit/core";
import { transform } from "esbuild";
import { factsOf } from "./build/about.ts";
import type { Made } from "./build/bundle.ts";
import { modules, script } from "./build/bundle.ts";
import type { Document } from "./build/documents.ts";
import { documentsOf } from "./build/documents.ts";
import { livesOf } from "./build/lives.ts";
import { proofsOf } from "./build/proofs.ts";
import { sourcesOf } from "./build/sources.ts";
import { aboutPage } from "./src/prerender/about.ts";
import { archPage } from "./src/prerender/arch.ts";
import { archDiffPage, diffPage } from "./src/prerender/diff.ts";
import { documentPage } from "./src/prerender/documents.ts";
import type { Html } from "./src/prerender/html.ts";
import { raw } from "./src/prerender/html.ts";
import { lifePage } from "./src/prerender/life.ts";
import { matrixPage } from "./src/prerender/matrix.ts";
import { document, footer, header } from "./src/prerender/shell.ts";
import { walkPage } from "./src/prerender/walk.ts";
import { whatIfPage } from "./src/prerender/what-if.ts";
import type { Proof } from "./src/proof.ts";

const app = fileURLToPath(new URL("./", import.meta.url));
const at = (file: string): string => path.join(app, file);

// Whole or not at all.
const made = fs.mkdtempSync(at(".dist-"));
try {
  for (const [name, text] of await site()) {
    fs.mkdirSync(path.dirname(path.join(made, name)), { recursive: true });
    fs.writeFileSync(path.join(made, name), text);
  }
  fs.chmodSync(made, 0o755);
  fs.rmSync(at("dist"), { recursive: true, force: true });
  fs.renameSync(made, at("dist"));
} finally {
  fs.rmSync(made, { recursive: true, force: true });
}

/** Every file of the site, by its path. */
async function site(): Promise<Map<string, string>> {
  const proofs = await proofsOf(at("../../"));
  const sources = sourcesOf(proofs, await livesOf(at("../../")));
  const style = await minified("src/style.css");
  const pagesStyle = style + (await minified("src/pages.css"));
  const sheet = `assets/pages-${createHash("sha256").update(pagesStyle).digest("hex").slice(0, 8)}.css`;
  const parts = await modules(app, sources);
  const files = new Map(parts.map(({ name, text }) => [name, text]));
  files.set(sheet, pagesStyle);
  const entry = entryOf(parts, "app");
  const scripts = [
    ...entry.imports.map((name) => `<link rel="modulepreload" href="./${name}">`),
    `<script type="module" src="./${entry.name}"></script>`,
  ].join("");
  files.set("index.html", frontPage(style, scripts, cspOf(style)));
  // Its name is known to the page, whatever is in it.
  files.set("worker.js", `import "./${entryOf(parts, "work").name}";\n`);
  const whole = (await script(app, sources)).replaceAll("</script", "<\\/script");
  files.set("explorer.html", frontPage(style, "", cspOf(style, whole), `<script>${whole}</script>`));
  const archs = await loadAll();
  const { documents, index } = documentsOf(at("../../"));
  files.set("docs/search.json", JSON.stringify(index));
  const about = { here: "about/", title: "what is proven", body: aboutPage(await factsOf(at("../../"))) };
  for (const { here, page, title, body, isBare = false } of [
    ...pagesOf(archs, proofs),
    ...manualOf(documents),
    about,
  ] as Page[]) {
    const root = "../".repeat(here.split("/").length - 1);
    const script = page === undefined ? {} : { script: { file: entry.name, page } };
    const frame = { title: `ptekit: ${title}`, sheet, csp: cspOf(null), root, here, isBare, ...script };
    files.set(`${here}index.html`, document(frame, body));
  }
  files.set("icon.svg", fs.readFileSync(at("public/icon.svg"), "utf8"));
  files.set("manifest.webmanifest", manifest());
  files.set("sw.js", worker([...files]));
  return files;
}

/** A page beside the front page: its folder, what it is called and says, and the script that makes it answer. */
interface Page {
  readonly here: string;
  readonly title: string;
  readonly body: Html;
  readonly page?: string;
  readonly isBare?: boolean;
}

/** The documents, each under the search; the first of the folder lists them. */
function manualOf(documents: readonly Document[]): Page[] {
  return documents.map(({ here, title, body }) => ({
    here,
    title,
    page: "docs",
    body: documentPage(body, here === "docs/" ? documents : null),
  }));
}

/** All of them. */
function pagesOf(archs: readonly Architecture[], proofs: Record<string, Proof[]>): Page[] {
  return [
    ...archs.map((arch) => ({
      here: `arch/${arch.name}/`,
      title: `${arch.name}, every layout`,
      body: archPage(arch, proofs),
    })),
    {
      here: "matrix/",
      title: "which architecture has what",
      page: "matrix",
      body: matrixPage(archs, proofs),
    },
    {
      here: "embed/",
      title: "the bits of a word",
      page: "embed",
      isBare: true,
      body: raw("<noscript><p>The bits are drawn by a script.</p></noscript>"),
    },
    { here: "life/", title: "the life of a PTE", page: "life", body: lifePage() },
    { here: "walk/", title: "an address through the levels", page: "walk", body: walkPage(archs) },
    { here: "what-if/", title: "what if a bit were taken", page: "what-if", body: whatIfPage(archs) },
    { here: "diff/", title: "what moved between two kernels", page: "diff", body: diffPage(archs) },
    ...archs.map((arch) => ({
      here: `diff/${arch.name}/`,
      title: `${arch.name}, what moved`,
      body: archDiffPage(arch),
    })),
  ];
}

async function minified(file: string): Promise<string> {
  const css = fs.readFileSync(at(file), "utf8");
  return (await transform(css, { loader: "css", minify: true })).code;
}

function entryOf(parts: readonly Made[], name: string): Made {
  const entry = parts.find(({ begins }) => begins === name);
  if (!entry) throw new Error(`the page has no script ${name}`);
  return entry;
}

/** index.html with its blanks filled in; a script at the end of the body stands in the page itself. */
function frontPage(style: string, head: string, csp: string, inline = ""): string {
  const isSingle = inline !== "";
  const blanks: readonly (readonly [string, string])[] = [
    ["<!--csp-->", `<meta http-equiv="Content-Security-Policy" content="${csp}" />`],
    ["<!--style-->", `<style>${style}</style>`],
    ["<!--head-->", isSingle ? "" : '<link rel="manifest" href="./manifest.webmanifest" />'],
    ['<script type="module" src="./src/main.ts"></script>', head],
    ["<!--header-->", header("./", isSingle ? null : "").html],
    ["<!--footer-->", (isSingle ? "" : footer("./").html) + inline],
  ];
  return blanks.reduce(
    (text, [blank, value]) => {
      if (!text.includes(blank)) throw new Error(`index.html has no ${blank}`);
      return text.replace(blank, () => value);
    },
    fs.readFileSync(at("index.html"), "utf8"),
  );
}

/** What a page may do: run the site's own scripts (one of them by its hash, where it stands in the page), and nothing else. */
function cspOf(style: string | null, inline?: string): string {
  const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return [
    "default-src 'none'",
    `script-src ${inline === undefined ? "'self'" : hash(inline)} 'wasm-unsafe-eval'`,
    `style-src ${style === null ? "'self'" : hash(style)}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    `worker-src ${inline === undefined ? "'self'" : "blob:"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function manifest(): string {
  return JSON.stringify({
    name: "ptekit: what a page-table entry says",
    short_name: "ptekit",
    start_url: "./",
    display: "standalone",
    icons: [{ src: "icon.svg", sizes: "any", type: "image/svg+xml" }],
  });
}

/** The service worker, told what to keep at once: all but documents, histories and the single file, under a name that changes with any. */
function worker(files: readonly (readonly [string, string])[]): string {
  const version = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 16);
  const kept = files.filter(([name]) => name !== "explorer.html" && !/^(docs|diff\/\w+)\//.test(name));
  const names = kept.map(([name]) => `./${name.replace(/(^|\/)index\.html$/, "$1")}`);
  return fs
    .readFileSync(at("src/sw.js"), "utf8")
    .replace('"VERSION"', JSON.stringify(version))
    .replace('["FILES"]', JSON.stringify(names));
}
