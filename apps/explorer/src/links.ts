// What a citation names, and where it can be read.

const SOURCES = "https://elixir.bootlin.com/linux";
const COMMITS = "https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/commit/?id=";

/** A part of a citation: text, and the address of what it names where it names something. */
export interface Part {
  readonly text: string;
  readonly href: string | null;
}

/** A citation in parts: files at their release, commits, and the text between. */
export function partsOf(citation: string): readonly Part[] {
  const release = /\(as of Linux v([\d.]+)/.exec(citation)?.[1];
  return citation
    .split(/([\w.-]+(?:\/[\w.-]+)*\/[\w.-]+\.[chS]\b|\bcommit [0-9a-f]{8,40}\b)/)
    .filter((text) => text !== "")
    .map((text) => ({ text, href: hrefOf(text, release) }));
}

function hrefOf(text: string, release: string | undefined): string | null {
  const commit = /^commit ([0-9a-f]+)$/.exec(text)?.[1];
  if (commit) return `${COMMITS}${commit}`;
  return release !== undefined && /\/[\w.-]+\.[chS]$/.test(text)
    ? `${SOURCES}/v${release}/source/${text}`
    : null;
}
