import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";

// Every package builds with this file, from its own folder: `tsup --config ../../tsup.config.ts`.
// What to build is what its package.json publishes: each dist/NAME.js in "exports" or "bin" is src/NAME.ts.
const manifest: { exports?: unknown; bin?: unknown } = JSON.parse(readFileSync("package.json", "utf8"));

function published(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(published) : [];
}

const outputs = [...published(manifest.exports), ...published(manifest.bin)];
const names = outputs.flatMap((path) => /^(?:\.\/)?dist\/(.+)(?<!\.d)\.js$/.exec(path)?.[1] ?? []);

export default defineConfig({
  entry: Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])),
  format: "esm",
  target: "es2022",
  platform: "node",
  removeNodeProtocol: false,
  sourcemap: true,
  clean: true,
  // TypeScript 7 has no JavaScript API for tsup to call; `tsc -p tsconfig.build.json` writes the declarations.
  dts: false,
  silent: true,
});
