import path from "node:path";
import { build as esbuild } from "esbuild";
import type { Plugin, Rollup } from "vite";
import { build } from "vite";
import { directImportsOfVite } from "../../../tools/bundle/direct-imports.ts";

/** Packages are bundled from their sources. */
const SOURCE = "@ptekit/source";

/** Modules that the build makes, by name: what they say. */
export type Sources = Readonly<Record<string, string>>;

/** A file of the site that a bundler made. */
export interface Made {
  readonly name: string;
  readonly text: string;
  /** Which script begins with it: `app` is the page, `work` its worker; null for what they load. */
  readonly begins: string | null;
  /** What it cannot begin without. */
  readonly imports: readonly string[];
}

/** The page's modules, in parts that are loaded when they are needed. */
export async function modules(app: string, sources: Sources): Promise<Made[]> {
  const result = await build({
    root: app,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    resolve: { conditions: [SOURCE, "browser", "module", "import", "default"] },
    plugins: [plainImports, closeTemplates, directImportsOfVite, madeModules(sources)],
    build: {
      write: false,
      target: "es2022",
      modulePreload: false,
      rollupOptions: {
        input: { app: path.join(app, "src/main.ts"), work: path.join(app, "src/work/main.ts") },
        output: {
          entryFileNames: "assets/[name]-[hash:7].js",
          chunkFileNames: "assets/[name]-[hash:7].js",
          codeSplitting: { groups: [{ name: partOf, debugName: "parts" }] },
        },
      },
    },
  });
  const outputs = ([result].flat() as Rollup.RollupOutput[]).flatMap(({ output }) => output);
  return outputs
    .filter((file) => file.type === "chunk")
    .map(({ fileName, code, isEntry, name, imports }) => ({
      name: fileName,
      text: withoutPreloads(code),
      begins: isEntry ? name : null,
      imports,
    }));
}

/**
 * What the page's script reaches is the first part, and what answers a word another, not one an import. Of each, what needs
 * no document is a part of its own: the worker has it too.
 */
function partOf(id: string, graph: Graph): string | null {
  if (SHARED.test(id)) return "shared";
  if (/node_modules\/minisearch\//.test(id)) return "search";
  if (TOLD.test(id)) return "told";
  const needs = NEEDS_DOCUMENT.test(id) ? "-view" : "";
  if (OF_ALL.test(id) || isReached(id, graph, (one) => PAGE.test(one))) return `first${needs}`;
  return isReached(id, graph, (one) => READS.test(one)) && !ARCHITECTURE.test(id) ? `reading${needs}` : null;
}

const ARCHITECTURE = /packages\/arch\/\w+\/src\//;
const PAGE = /explorer\/src\/main\.ts$/;
const READS = new RegExp(`src/(reader|view/asked)\\.ts$|${ARCHITECTURE.source}`);
/** Of the pages of their own, what several of them have: one part, for it is small. */
const SHARED =
  /explorer\/src\/(pages\/(copied|mail-table|docs)|matrix\/mail|diff\/link)\.ts$|core\/src\/(ask\/sizes|draw\/diagram)\.ts$/;
/** What is so small that it is one part, of what the worker says and the page sums up. */
const TOLD = /core\/src\/util\/printable\.ts$|introspect\/src\/scan\/tally\.ts$/;
/** What is so small, and used in so many places, that it is no part of its own: what draws, and the bundler's own. */
const OF_ALL =
  /node_modules\/(lit-html|@preact)\/|explorer\/src\/(view\/json|pages\/copied)\.ts$|rolldown\/runtime/;
/** Of the page, what knows a document, and the libraries that draw. */
const NEEDS_DOCUMENT =
  /explorer\/src\/(main|store|later|pages\/.*|.*view\/.*)\.ts$|node_modules\/(lit-html|@preact)\//;

/** Whether a module that is looked for comes to this one by its imports, but for `import()`. */
function isReached(id: string, graph: Graph, isLookedFor: (id: string) => boolean): boolean {
  const seen = new Set<string>();
  const comes = (one: string): boolean => {
    if (seen.has(one)) return false;
    seen.add(one);
    const info = graph.getModuleInfo(one);
    return isLookedFor(one) || (info?.importers.some(comes) ?? false);
  };
  return comes(id);
}

/** Of the bundler: which modules import a module, but for `import()`. */
interface Graph {
  getModuleInfo(id: string): { readonly importers: readonly string[] } | null;
}

/** The front page as one classic script: modules are refused where a page is opened from a file. */
export async function script(app: string, sources: Sources): Promise<string> {
  const { outputFiles } = await esbuild({
    entryPoints: [path.join(app, "src/single.ts")],
    bundle: true,
    format: "iife",
    minify: true,
    target: "es2022",
    conditions: [SOURCE],
    write: false,
    plugins: [
      {
        name: "made-modules",
        setup(build) {
          build.onResolve({ filter: /^virtual:/ }, ({ path }) => ({ path, namespace: "made" }));
          build.onLoad({ filter: /.*/, namespace: "made" }, ({ path }) => ({
            contents: sources[path] ?? "",
          }));
          // Pages of their own are other files: this one has no way to them.
          // Dumps would be half of it.
          build.onResolve({ filter: /^\.\/dump\.ts$/ }, () => ({ path: "dump", namespace: "without-dumps" }));
          build.onLoad({ filter: /.*/, namespace: "without-dumps" }, () => ({
            contents: `export function readDump() { throw new Error("The page as one file reads no dumps: the site does, and so does npx ptekit scan."); }`,
          }));
          build.onResolve({ filter: /^\.\/pages\// }, ({ path }) => ({ path, namespace: "left-out" }));
          build.onLoad({ filter: /.*/, namespace: "left-out" }, () => ({
            contents: "export const open = null;",
          }));
        },
      },
    ],
  });
  return outputFiles.map(({ text }) => text).join("");
}

// Vite wraps each `import()` in a helper that preloads style sheets, of which there are none, and that needs a window.
const plainImports: Plugin = {
  name: "plain-imports",
  enforce: "pre",
  load: (id) =>
    id.endsWith("vite/preload-helper.js") ? "export const __vitePreload = (load) => load();" : null,
};

/** A script with `import()` as it stood before. */
const withoutPreloads = (code: string): string =>
  code.replaceAll(WRAPPED, (_, __, ___, one, other) => one ?? other);

const IMPORTED = "(import\\(`[^`]+`\\)(?:\\.then\\(\\w+=>\\w+\\.\\w+\\))?)";
const WRAPPED = new RegExp(
  `\\b\\w+\\((?:async\\(\\)=>\\{let\\{(\\w+):(\\w+)\\}=await ${IMPORTED};return\\{\\1:\\2\\}\\}|\\(\\)=>${IMPORTED}),\\[\\]\\)`,
  "g",
);

/** Templates without their indentation: HTML takes a line's end and its indentation for one blank. */
const closeTemplates: Plugin = {
  name: "close-templates",
  enforce: "pre",
  transform: (code, id) =>
    /explorer\/src\/.*view\/.*\.ts$/.test(id)
      ? { code: code.replace(/\n\s+(?=[<$])/g, " "), map: null }
      : null,
};

/** `virtual:proof` and its kin. */
const madeModules = (sources: Sources): Plugin => ({
  name: "made-modules",
  resolveId: (id) => (id in sources ? `\0${id}` : null),
  load: (id) => sources[id.slice(1)] ?? null,
});
