// What a bundler cuts into parts, it cuts by files: who imports one name of a package's index imports the whole index, and
// a part that several share holds all that any of them might use. Here each name is imported from the file that says it.
import fs from "node:fs";
import path from "node:path";

/** Where a name comes from: a file, and what it is called there. */
interface Origin {
  readonly file: string;
  readonly name: string;
}

/** The file that a specifier means, seen from the module that imports it; null for what is no file of ours. */
type Resolve = (specifier: string) => Promise<string | null>;

const IMPORT = /^import \{([^}]*)\} from "([^"]+)";$/gm;
const TYPE_IMPORT = /^import type [^;]*;$/gm;
const EXPORT = /^export (type )?\{([^}]*)\} from "(\.[^"]+)";$/gm;
const COMMENT = /^\/\/.*$|^\/\*[\s\S]*?\*\/$/gm;

/**
 * A module's text with its imports of an index turned into imports of the files that say what is imported. An index is a
 * module of nothing but `export { … } from "./file.ts"`. Types are dropped: no bundler needs them.
 */
export async function directImports(text: string, file: string, resolve: Resolve): Promise<string> {
  const source = text.replace(TYPE_IMPORT, "");
  const found = await Promise.all(
    [...source.matchAll(IMPORT)].map(async ([whole, names = "", specifier = ""]) => {
      const target = await resolve(specifier);
      const origins = target === null ? null : originsOf(target);
      return { whole, lines: origins ? linesFor(bindings(names), origins, target ?? "", file) : whole };
    }),
  );
  return found.reduce((code, { whole, lines }) => code.replace(whole, () => lines), source);
}

function linesFor(
  imported: readonly (readonly [string, string])[],
  origins: ReadonlyMap<string, Origin>,
  index: string,
  file: string,
): string {
  return imported
    .map(([name, local]) => {
      const origin = origins.get(name);
      if (!origin) throw new Error(`${file} imports ${name}, which ${index} does not export`);
      const from = path.relative(path.dirname(file), origin.file).replaceAll(path.sep, "/");
      const specifier = JSON.stringify(from.startsWith(".") ? from : `./${from}`);
      return `import { ${origin.name} as ${local} } from ${specifier};`;
    })
    .join(" ");
}

/** The values that a file passes on, by name; null where it is no index, or says anything itself. */
function originsOf(file: string): ReadonlyMap<string, Origin> | null {
  if (!file.endsWith("/index.ts")) return null;
  const text = fs.readFileSync(file, "utf8");
  if (text.replace(EXPORT, "").replace(COMMENT, "").trim() !== "") return null;
  const exported = [...text.matchAll(EXPORT)]
    .filter(([, type]) => type === undefined)
    .flatMap(([, , names = "", from = ""]) =>
      bindings(names).map(([name, alias]): [string, Origin] => [
        alias,
        { file: path.join(path.dirname(file), from), name },
      ]),
    );
  return new Map(exported);
}

/** `a, b as c`: [["a", "a"], ["b", "c"]], without types. */
function bindings(names: string): (readonly [string, string])[] {
  return names
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith("type "))
    .map((name) => {
      const [from = "", to = from] = name.split(/\s+as\s+/);
      return [from, to] as const;
    });
}

const isOurs = (file: string): boolean => file.endsWith(".ts") && !/[\\/]node_modules[\\/]/.test(file);

/** For Rolldown and Vite, of whose plugins it is one in form. */
export const directImportsOfVite = {
  name: "direct-imports",
  enforce: "pre" as const,
  async transform(
    this: { resolve(specifier: string, importer: string): Promise<{ id: string; external: unknown } | null> },
    text: string,
    file: string,
  ): Promise<{ code: string; map: null } | null> {
    if (!isOurs(file)) return null;
    const resolve: Resolve = async (specifier) => {
      const found = await this.resolve(specifier, file);
      return found === null || found.external !== false || !isOurs(found.id) ? null : found.id;
    };
    return { code: await directImports(text, file, resolve), map: null };
  },
};
