// What generated documents cite, linked: files of the kernel at the release that is named, their symbols, and commits.
import { parseCitation } from "@ptekit/core";

/** A Markdown text in which every citation of a file, a symbol in it, or a commit is a link. Code is left as it is. */
export function withLinks(markdown: string): string {
  return markdown
    .split(/(^```[\s\S]*?^```$)/m)
    .map((part) => (part.startsWith("```") ? part : blocks(part)))
    .join("");
}

/** What ends a sentence or a cell: a citation does not go across it. */
const ENDS = /(\n\s*\n|\n(?=[-|#])|[.:;] (?=[A-Z`])|\|)/;

const blocks = (text: string): string =>
  text
    .split(ENDS)
    .map((part, i) => (i % 2 === 1 ? part : commits(citations(part))))
    .join("");

const READ = /\(as of Linux (v[\w.-]+(?:(?:, v[\w.-]+)* and v[\w.-]+)?)\)/g;
const PATH = /(?<![\w/.-]|\]\()(?:arch|Documentation|fs|include|kernel|lib|mm|tools)\/[\w/.+-]*\w/g;

/** Of each stretch that ends in a release, the files, and the symbols before them. */
function citations(text: string): string {
  let at = 0;
  let out = "";
  for (const found of text.matchAll(READ)) {
    const release = found[1]?.split(/, | and /).at(-1) ?? "";
    out += linked(text.slice(at, found.index), release) + found[0];
    at = found.index + found[0].length;
  }
  return out + text.slice(at);
}

function linked(text: string, release: string): string {
  // In code, and where a link is already, nothing is one.
  if (/[`[\]]/.test(text)) return text;
  const files = text.replace(PATH, (file) => {
    const link = fileLink(file, release);
    return link === null ? file : `[${file}](${link})`;
  });
  return files.replace(
    NAMED,
    (_, names: string, rest: string) => names.replace(SYMBOL, (name) => symbolLink(name, release)) + rest,
  );
}

/** `A(), B and C in [arch/…`: as the citations of the data are written. */
const NAMED = /((?:\b[A-Za-z_]\w*(?:\(\))?(?:, | and ))*\b[A-Za-z_]\w*(?:\(\))?)(\s+in\s+\[)/g;
/** What looks like a name of C: `pte_present()`, `PTE_UFFD`, `__swp_type`. */
const SYMBOL = /\b(?:\w+\(\)|_\w+|[A-Z][A-Z0-9_]{2,}|[a-z0-9]+_\w+)(?:\(\))?(?![\w(])/g;

const symbolLink = (name: string, release: string): string =>
  /-(?!rc\d+$)/.test(release)
    ? name
    : `[${name}](https://elixir.bootlin.com/linux/${release}/A/ident/${name.replace("()", "")})`;

function fileLink(file: string, release: string): string | null {
  try {
    const [source] = parseCitation(`See ${file} (as of Linux ${release})`).sources;
    return source?.link ?? null;
  } catch {
    return null;
  }
}

const commits = (text: string): string =>
  /[`]/.test(text)
    ? text
    : text.replace(
        /\bcommit ([0-9a-f]{12,40})\b(?!\]|\))/g,
        (_, commit: string) => `commit [${commit}](https://git.kernel.org/linus/${commit})`,
      );
