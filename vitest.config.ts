import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** What package.json's "exports" name a package's sources by: tests run them, not what was built. */
export const SOURCE = "@ptekit/source";

/**
 * A worker is a file beside its module, as built. Node cannot run its source, so it is bundled from there when the module
 * is loaded.
 */
export const workers: Plugin = {
  name: "workers",
  transform(code, id) {
    return code.replaceAll(/new URL\("\.\/([\w-]+)\.js", import\.meta\.url\)/g, (_, name) => {
      const outfile = fileURLToPath(new URL(`.vitest/${name}.mjs`, import.meta.url));
      buildSync({
        entryPoints: [fileURLToPath(new URL(`${name}.ts`, `file://${id}`))],
        bundle: true,
        platform: "node",
        format: "esm",
        conditions: [SOURCE],
        outfile,
      });
      return `new URL(${JSON.stringify(`file://${outfile}`)})`;
    });
  },
};

const exclude = ["**/node_modules/**", "**/dist/**", ".stryker/**"];
// Test files share a worker's modules, so that a source is read and compiled once: no test changes what another one sees.
const sources = {
  plugins: [workers],
  resolve: { conditions: [SOURCE] },
  ssr: { resolve: { conditions: [SOURCE] } },
};

// A package is found by having a test/ folder, and registers nowhere. The same file serves
// `vitest run --config ../../vitest.config.ts` inside one package.
export default defineConfig({
  test: {
    passWithNoTests: true,
    reporters: ["default", "json"],
    outputFile: { json: ".vitest/results.json" },
    projects: [
      {
        ...sources,
        test: {
          name: "packages",
          isolate: false,
          include: ["**/packages/**/test/**/*.test.ts", "**/tools/**/*.test.ts"],
          exclude,
        },
      },
      {
        ...sources,
        test: {
          name: "apps",
          isolate: false,
          include: ["**/apps/*/test/**/*.test.ts"],
          exclude,
          globalSetup: ["cli/test/build.ts", "conformance/bundle.ts", "explorer/test/build.ts"].map((file) =>
            fileURLToPath(new URL(`apps/${file}`, import.meta.url)),
          ),
        },
      },
    ],
  },
});
