import path from "node:path";
import { build as esbuild } from "esbuild";
import type { Plugin, Rollup } from "vite";
import { build } from "vite";
import { directImportsOfVite } from "../../../tools/bundle/direct-imports.ts";
import type { Proof } from "../src/proof.ts";

/** Packages are bundled from their sources. */
const SOURCE = "@ptekit/source";

type Proofs = Readonly<Record<string, readonly Proof[]>>;

/** A file of the site that a bundler made. */
export interface Made {
  readonly name: string;
  readonly text: string;
  /** The page asks for it at once; the others when they are needed. */
  readonly isEntry: boolean;
}

/** The page's modules, in parts that are loaded when they are needed. */
export async function modules(app: string, proofs: Proofs): Promise<Made[]> {
  const result = await build({
    root: app,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    resolve: { conditions: [SOURCE, "browser", "module", "import", "default"] },
    plugins: [directImportsOfVite, proofModule(proofs)],
    build: {
      write: false,
      target: "es2022",
      modulePreload: false,
      rollupOptions: {
        input: { app: path.join(app, "src/main.ts") },
        output: {
          entryFileNames: "assets/[name]-[hash].js",
          chunkFileNames: "assets/[name]-[hash].js",
          codeSplitting: { groups: [{ name: partOf, debugName: "parts" }] },
        },
      },
    },
  });
  const outputs = ([result].flat() as Rollup.RollupOutput[]).flatMap(({ output }) => output);
  return outputs
    .filter((file) => file.type === "chunk")
    .map(({ fileName, code, isEntry }) => ({ name: fileName, text: code, isEntry }));
}

/** What the first script reaches is its part; what answers a word is another, and not one an import. */
function partOf(id: string, graph: Graph): string | null {
  if (isReached(id, graph, (_, isEntry) => isEntry)) return "first";
  return isReached(id, graph, (one) => READS.test(one)) && !ARCHITECTURE.test(id) ? "reading" : null;
}

const ARCHITECTURE = /packages\/arch\/\w+\/src\//;
const READS = new RegExp(`src/(reader|view/asked)\\.ts$|${ARCHITECTURE.source}`);

/** Whether a module that is looked for comes to this one by its imports, but for `import()`. */
function isReached(
  id: string,
  graph: Graph,
  isLookedFor: (id: string, isEntry: boolean) => boolean,
): boolean {
  const seen = new Set<string>();
  const comes = (one: string): boolean => {
    if (seen.has(one)) return false;
    seen.add(one);
    const info = graph.getModuleInfo(one);
    return info !== null && (isLookedFor(one, info.isEntry) || info.importers.some(comes));
  };
  return comes(id);
}

/** Of the bundler: which modules import a module, but for `import()`. */
interface Graph {
  getModuleInfo(id: string): { readonly importers: readonly string[]; readonly isEntry: boolean } | null;
}

/** The front page as one classic script: modules are refused where a page is opened from a file. */
export async function script(app: string, proofs: Proofs): Promise<string> {
  const { outputFiles } = await esbuild({
    entryPoints: [path.join(app, "src/main.ts")],
    bundle: true,
    format: "iife",
    minify: true,
    target: "es2022",
    conditions: [SOURCE],
    write: false,
    plugins: [
      {
        name: "proof",
        setup(build) {
          build.onResolve({ filter: /^virtual:proof$/ }, ({ path }) => ({ path, namespace: "proof" }));
          build.onLoad({ filter: /.*/, namespace: "proof" }, () => ({ contents: proofSource(proofs) }));
          // Pages of their own stand beside it, never in it.
          build.onResolve({ filter: /^\.\/pages\// }, ({ path }) => ({ path, namespace: "apart" }));
          build.onLoad({ filter: /.*/, namespace: "apart" }, () => ({ contents: "export {}" }));
        },
      },
    ],
  });
  return outputFiles.map(({ text }) => text).join("");
}

/** `virtual:proof` */
const proofModule = (proofs: Proofs): Plugin => ({
  name: "proof",
  resolveId: (id) => (id === "virtual:proof" ? "\0proof" : null),
  load: (id) => (id === "\0proof" ? proofSource(proofs) : null),
});

const proofSource = (proofs: Proofs): string => `export const proof = ${JSON.stringify(proofs)};`;
