// Two trees, held against each other where the data cites them.
import type { Cited } from "./cited.ts";
import type { Definitions } from "./definitions.ts";
import { definitionsIn, namesUsed, normal, withoutComments } from "./definitions.ts";
import { renamesIn } from "./renames.ts";
import type { Tree } from "./tree.ts";

/** What became of a symbol that is cited, or that one of those leans on. */
export interface Moved {
  readonly file: string;
  /** Null: the file as a whole. */
  readonly symbol: string | null;
  readonly what: "changed" | "names" | "gone" | "new" | "file gone";
  /** Where a symbol that is gone is defined now, or what its definition is called: among the files that were read. */
  readonly now: readonly string[];
  /** `names`: nothing but names changed, from the old to the new one. */
  readonly renames: ReadonlyMap<string, string>;
  /** The texts, where there are some. */
  readonly from: string;
  readonly to: string;
  /** Whose data cites it, or what leans on it. */
  readonly by: readonly string[];
  /** The cited symbols by which it is reached; none where it is cited itself. */
  readonly through: readonly string[];
}

/** What was compared, and what is not as it was. */
export interface Comparison {
  readonly files: number;
  readonly symbols: number;
  /** Symbols that a cited one leans on, beside. */
  readonly leantOn: number;
  readonly moved: readonly Moved[];
  /** Cited symbols that neither tree defines where it is cited: named in prose, or in an older release. */
  readonly notFound: readonly {
    readonly file: string;
    readonly symbol: string;
    readonly by: readonly string[];
  }[];
}

/** Headers beside an architecture's own in which what a cited symbol leans on is looked for. */
const GENERIC =
  /^include\/(?:linux\/(?:swap|swapops|leafops|softleaf|pgtable|pgtable_types|mm_types|mm_inline|migrate|memremap|hugetlb|userfaultfd_k|page-flags-layout|huge_mm)|asm-generic\/(?:pgtable.*|hugetlb|getorder|page))\.h$/;

/** How far: what is cited, what that names, and what those name. */
const DEPTH = 3;

/** Everything cited, compared. */
export function compare(cited: readonly Cited[], from: Tree, to: Tree): Comparison {
  const old = new Reader(from);
  const now = new Reader(to);
  const moved = new Map<string, Moved>();
  const notFound: { file: string; symbol: string; by: readonly string[] }[] = [];
  const leantOn = new Set<string>();
  let symbols = 0;
  for (const { file, symbols: names, by } of cited) {
    const [before, after] = [from.read(file), to.read(file)];
    if (before === null) {
      // Cited of an older release: the newest one compared did not have it either.
      if (after !== null) moved.set(file, whole(file, "new", "", after, by));
      continue;
    }
    if (after === null) {
      moved.set(file, whole(file, "file gone", before, "", by));
      continue;
    }
    if (names.length === 0 && normal(before) !== normal(after))
      moved.set(file, whole(file, "changed", before, after, by));
    const pending = names.map((name) => ({ name, depth: 0, through: [] as readonly string[], where: file }));
    const seen = new Set<string>();
    for (const { name, depth, through, where } of pending) {
      const key = `${where}:${name}`;
      if (seen.has(key)) continue;
      seen.add(key);
      let [was, is] = [old.of(where).get(name), now.of(where).get(name)];
      // What is cited and defined elsewhere is held by the lines that name it.
      if (depth === 0 && was === undefined && is === undefined)
        [was, is] = [linesThatName(name, before), linesThatName(name, after)];
      if (depth === 0) {
        symbols++;
        if (was === undefined && is === undefined) notFound.push({ file, symbol: name, by });
      } else leantOn.add(key);
      const difference = differs(was, is);
      if (difference !== null)
        merge(moved, key, {
          file: where,
          symbol: name,
          what: difference,
          now: difference === "gone" ? now.whereIs(name, where, (was ?? []).join("\n"), old.of(where)) : [],
          renames:
            (difference === "names" && renamesIn((was ?? []).join("\n"), (is ?? []).join("\n"))) || NONE,
          from: (was ?? []).join("\n"),
          to: (is ?? []).join("\n"),
          by,
          through,
        });
      // What a function of the kernel's own calls is another matter: only headers are gone through.
      if (depth === DEPTH || !where.endsWith(".h")) continue;
      // What it names is looked for beside it, among its architecture's headers, and among those of all.
      for (const used of namesUsed([...(was ?? []), ...(is ?? [])].join("\n")))
        for (const place of old.near(where, used))
          pending.push({
            name: used,
            depth: depth + 1,
            through: depth === 0 ? [name] : through,
            where: place,
          });
    }
  }
  return { files: cited.length, symbols, leantOn: leantOn.size, moved: [...moved.values()], notFound };
}

function linesThatName(name: string, text: string): readonly string[] | undefined {
  const isNamed = new RegExp(`\\b${name.replace(/^CONFIG_/, "(?:CONFIG_)?")}\\b`);
  const lines = withoutComments(text)
    .split("\n")
    .filter((line) => isNamed.test(line));
  return lines.length > 0 ? lines : undefined;
}

const whole = (
  file: string,
  what: Moved["what"],
  from: string,
  to: string,
  by: readonly string[],
): Moved => ({ file, symbol: null, what, now: [], renames: NONE, from, to, by, through: [] });

const NONE: ReadonlyMap<string, string> = new Map();

function differs(
  was: readonly string[] | undefined,
  is: readonly string[] | undefined,
): Moved["what"] | null {
  if (was === undefined) return is === undefined ? null : "new";
  if (is === undefined) return "gone";
  if (normal(was.join(" ")) === normal(is.join(" "))) return null;
  return renamesIn(was.join("\n"), is.join("\n")) === null ? "changed" : "names";
}

/** One that several cited symbols lean on is told once. */
function merge(moved: Map<string, Moved>, key: string, one: Moved): void {
  const known = moved.get(key);
  const through =
    known && known.through.length === 0 ? [] : [...new Set([...(known?.through ?? []), ...one.through])];
  moved.set(key, {
    ...one,
    by: [...new Set([...(known?.by ?? []), ...one.by])],
    through: one.through.length === 0 ? [] : through,
  });
}

function commonStart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

/** The definitions of a tree's files, each read once. */
class Reader {
  readonly #tree: Tree;
  readonly #files = new Map<string, Definitions>();
  readonly #homes = new Map<string, ReadonlyMap<string, readonly string[]>>();

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  of(file: string): Definitions {
    const known = this.#files.get(file) ?? definitionsIn(file, this.#tree.read(file) ?? "");
    this.#files.set(file, known);
    return known;
  }

  /** The files in which a name that a file uses is defined: the file itself, or headers of its architecture or of all. */
  near(file: string, name: string): readonly string[] {
    if (this.of(file).has(name)) return [file];
    const arch = /^arch\/[^/]+/.exec(file)?.[0];
    const own = arch === undefined ? [] : (this.#home(`${arch}/include/asm`).get(name) ?? []);
    if (own.length > 0) return own;
    return this.#home("include").get(name) ?? [];
  }

  /** Where a name is defined among all files read so far; or what is new in its file and has its definition. */
  whereIs(name: string, file: string, was: string, before: Definitions): readonly string[] {
    const places = [...this.#files].filter(([, names]) => names.has(name)).map(([place]) => `in ${place}`);
    if (places.length > 0) return places;
    return (
      [...this.of(file)]
        .filter(([other]) => !before.has(other))
        .filter(([other, texts]) => renamesIn(was, texts.join("\n"))?.get(name) === other)
        .map(([other]) => other)
        // Of several whose definitions are alike, the one that is called most alike.
        .sort((a, b) => commonStart(b, name) - commonStart(a, name))
        .slice(0, 1)
        .map((other) => `as ${other}`)
    );
  }

  /** What the headers below a folder define, by name. */
  #home(folder: string): ReadonlyMap<string, readonly string[]> {
    const known = this.#homes.get(folder);
    if (known) return known;
    const home = new Map<string, string[]>();
    for (const file of this.#tree.list(folder, ".h")) {
      if (folder === "include" && !GENERIC.test(file)) continue;
      for (const name of this.of(file).keys()) home.set(name, [...(home.get(name) ?? []), file]);
    }
    this.#homes.set(folder, home);
    return home;
  }
}
