// What the data cites of a kernel tree: every file and symbol, and whose data it is.
import type { Architecture, CitedFile } from "@ptekit/core";
import { NEWEST_RELEASE, parseCitation, parseRelease, swapTypes } from "@ptekit/core";
import * as uffdWp from "@ptekit/uffd-wp";

/** A file of the kernel that citations name. */
export interface Cited {
  readonly file: string;
  /** Without brackets; none where the file as a whole is meant. */
  readonly symbols: readonly string[];
  /** Architectures, `swap types`, `uffd-wp`. */
  readonly by: readonly string[];
}

/** Every file that the data of an architecture cites, and that of the packages that are of all of them. */
export function citedFiles(archs: readonly Architecture[]): Cited[] {
  const types = swapTypes(parseRelease(NEWEST_RELEASE), () => true);
  const sources: (readonly [by: string, data: unknown])[] = [
    ...archs.filter(({ removed }) => removed === undefined).map((arch) => [arch.name, arch] as const),
    ["swap types", types],
    ["uffd-wp", { ...uffdWp }],
  ];
  const found = new Map<string, { symbols: Set<string>; by: Set<string> }>();
  for (const [by, data] of sources)
    for (const { file, symbols } of filesIn(data)) {
      const entry = found.get(file) ?? { symbols: new Set(), by: new Set() };
      found.set(file, entry);
      entry.by.add(by);
      for (const symbol of symbols) entry.symbols.add(symbol.replace(/\(\)$/, ""));
    }
  return [...found]
    .map(([file, { symbols, by }]) => ({ file, symbols: [...symbols].sort(), by: [...by] }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** The files of every citation in some data, however deep; of a Kconfig cited for a symbol, that symbol. */
function filesIn(value: unknown, config: string | null = null): CitedFile[] {
  if (typeof value !== "object" || value === null) return [];
  const { name } = value as { readonly name?: unknown };
  const symbol = typeof name === "string" && name.startsWith("CONFIG_") ? name : config;
  return Object.entries(value).flatMap(([key, part]) =>
    key === "citation" && typeof part === "string" ? filesOf(part, symbol) : filesIn(part, symbol),
  );
}

const filesOf = (citation: string, config: string | null): CitedFile[] =>
  parseCitation(citation)
    .sources.filter((source): source is CitedFile => source.kind === "file")
    .map((source) =>
      config !== null && source.symbols.length === 0 && IS_KCONFIG.test(source.file)
        ? { ...source, symbols: [config] }
        : source,
    );

const IS_KCONFIG = /(?:^|\/)Kconfig/;
