import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const app = new URL("./", import.meta.url);
const at = (path: string): string => fileURLToPath(new URL(path, app));

/** The program and its worker, bundled from the sources of every package; beside src, as dist is. */
export const BIN: string = at(".bundle/main.js");

/** The core that it uses, for architectures of one's own. */
export const CORE: string = at(".bundle/core.js");

/** Bundles them, so that Node runs them; for npm run conformance, and once for the tests that start them as processes. */
export default async function bundle(): Promise<void> {
  await build({
    entryPoints: {
      main: at("src/main.ts"),
      "exhaustive-worker": at("src/exhaustive-worker.ts"),
      core: at("../../packages/core/src/index.ts"),
    },
    outdir: at(".bundle"),
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    // commander is CommonJS, and asks for Node's modules by require().
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    conditions: ["@ptekit/source"],
    logLevel: "warning",
  });
}
