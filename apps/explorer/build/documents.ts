// The documents of the repository as pages of the site: rendered, their links led to pages and checked, and their index.
import fs from "node:fs";
import path from "node:path";
import type { Token, Tokens } from "marked";
import { Marked } from "marked";
import type { Html } from "../src/prerender/html.ts";
import { escaped, raw } from "../src/prerender/html.ts";
import { FILES } from "../src/prerender/proofs.ts";

/** A document as a page. */
export interface Document {
  /** Its folder on the site: `docs/cli/`. */
  readonly here: string;
  readonly title: string;
  readonly body: Html;
}

/** A part of a document under one heading, as the search has it: the words of its text once each. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly heading: string;
  readonly words: string;
}

/** Every document and the index of all; throws where a link leads nowhere. */
export function documentsOf(repository: string): { documents: Document[]; index: Section[] } {
  const read = (file: string): string => fs.readFileSync(path.join(repository, file), "utf8");
  const markdown = (folder: string): string[] =>
    fs
      .readdirSync(path.join(repository, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`);
  const packages = fs
    .readdirSync(path.join(repository, "packages"))
    .map((name) => `packages/${name}/README.md`)
    .filter((file) => fs.existsSync(path.join(repository, file)));
  const roots = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "apps/cli/README.md"];
  const files = [...roots, ...markdown("docs"), ...markdown("docs/reference"), ...packages];
  const made = new Map(files.map((file) => [file, new Page(file, read(file))]));
  const wrong: string[] = [];
  const documents = [...made.values()].map((page) => ({
    here: folderOf(page.file),
    title: page.title,
    body: raw(page.html((href) => resolved(repository, made, page, href, wrong))),
  }));
  if (wrong.length > 0) throw new Error(`links that lead nowhere:\n${wrong.join("\n")}`);
  return { documents, index: [...made.values()].flatMap((page) => page.sections()) };
}

/** `docs/cli.md` → `docs/cli/`; the README of a package → `docs/packages/NAME/`. */
function folderOf(file: string): string {
  const name = file.replace(/\.md$/, "");
  if (file === "docs/README.md") return "docs/";
  if (file.startsWith("docs/")) return `${name}/`;
  return `docs/${name
    .replace(/^packages\/(.*)\/README$/, "packages/$1")
    .replace(/^apps\/cli\/README$/, "packages/ptekit")
    .toLowerCase()}/`;
}

/** A link of a document as the site has it: another document's page, an architecture's, or the file in the repository. */
function resolved(
  repository: string,
  made: ReadonlyMap<string, Page>,
  page: Page,
  href: string,
  wrong: string[],
): string {
  if (/^[a-z]+:/.test(href)) return href;
  const [target = "", anchor = ""] = href.split("#");
  const file =
    target === "" ? page.file : path.posix.normalize(path.posix.join(path.posix.dirname(page.file), target));
  const other = made.get(file);
  const hash = anchor === "" ? "" : `#${anchor}`;
  if (other) {
    if (anchor !== "" && !other.anchors.includes(anchor))
      wrong.push(`${page.file}: ${href} names no heading`);
    return target === "" ? hash : `${rootOf(page)}${folderOf(file)}${hash}`;
  }
  if (!fs.existsSync(path.join(repository, file))) wrong.push(`${page.file}: ${href} is no file`);
  const arch = /^packages\/arch\/(\w+)\/README\.md$/.exec(file)?.[1];
  return arch ? `${rootOf(page)}arch/${arch}/` : `${FILES}/${file}${hash}`;
}

const rootOf = (page: Page): string => "../".repeat(folderOf(page.file).split("/").length - 1);

const plain = (tokens: readonly Token[] = []): string =>
  tokens
    .map((token) =>
      "tokens" in token && token.tokens ? plain(token.tokens) : "text" in token ? String(token.text) : "",
    )
    .join("");

/** A document taken apart. */
class Page {
  readonly file: string;
  readonly title: string;
  /** The names of its headings' places, as on GitHub. */
  readonly anchors: readonly string[];
  readonly #tokens: Token[];
  readonly #ids = new Map<Token, string>();

  constructor(file: string, text: string) {
    this.file = file;
    // `arm64@7.3` is a kernel, no address of mail.
    const url = (src: string): false | undefined => (/^https?:/.test(src) ? false : undefined);
    this.#tokens = [...new Marked({ tokenizer: { url } }).lexer(text)];
    const seen = new Map<string, number>();
    for (const token of this.#headings()) {
      const slug = plain(token.tokens)
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
        .replaceAll(" ", "-");
      const times = seen.get(slug) ?? 0;
      seen.set(slug, times + 1);
      this.#ids.set(token, times === 0 ? slug : `${slug}-${times}`);
    }
    this.anchors = [...this.#ids.values()];
    this.title = plain(this.#headings()[0]?.tokens) || file;
  }

  #headings(): Tokens.Heading[] {
    return this.#tokens.filter((token): token is Tokens.Heading => token.type === "heading");
  }

  html(link: (href: string) => string): string {
    const ids = this.#ids;
    let regions = 0;
    let under = this.title;
    let last = 1;
    const marked = new Marked({
      renderer: {
        heading(token) {
          under = plain(token.tokens);
          // The page's own name stands above; no level is left out.
          last = Math.min(token.depth + 1, last + 1, 6);
          return `<h${last} id="${escaped(ids.get(token) ?? "")}">${this.parser.parseInline(token.tokens)}</h${last}>\n`;
        },
        link({ href, tokens }) {
          return `<a href="${escaped(link(href))}">${this.parser.parseInline(tokens)}</a>`;
        },
        // Pictures stay in the repository: what they show is here as text.
        image({ href, text }) {
          return `<a href="${escaped(link(href))}">${escaped(text)}</a>`;
        },
        // Comments alone stand in our documents; nothing else is passed on as it is.
        html({ text }) {
          return /^\s*<!--/.test(text) ? "" : escaped(text);
        },
        code({ text }) {
          return `<pre tabindex="0"><code>${escaped(text)}</code></pre>\n`;
        },
        table(token) {
          regions += 1;
          const cells = (row: readonly Tokens.TableCell[], tag: string): string =>
            `<tr>${row
              .map(({ text, tokens }) =>
                // A head that says nothing is no head.
                text === ""
                  ? "<td></td>"
                  : `<${tag}>${this.parser.parseInline(tokens)}</${tag.split(" ")[0]}>`,
              )
              .join("")}</tr>`;
          return `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(`${under}, table ${regions}`)}"><table><thead>${cells(token.header, 'th scope="col"')}</thead><tbody>${token.rows.map((row) => cells(row, "td")).join("")}</tbody></table></div>\n`;
        },
      },
    });
    return marked.parser(this.#tokens);
  }

  sections(): Section[] {
    const found: { id: string; heading: string; text: string }[] = [];
    for (const token of this.#tokens) {
      if (token.type === "heading")
        found.push({ id: this.#ids.get(token) ?? "", heading: plain(token.tokens), text: "" });
      else if (found.length > 0) (found.at(-1) as { text: string }).text += ` ${token.raw}`;
    }
    return found.map(({ id, heading, text }) => ({
      id: `${folderOf(this.file)}#${id}`,
      title: this.title,
      heading,
      words: [...new Set(text.toLowerCase().match(/[a-z_][\w-]{2,40}/g) ?? [])].join(" "),
    }));
  }
}
