import { defineConfig } from "tsup";

// One CommonJS file with everything in it: Node starts it fastest. Modules behind an import() stay unevaluated until
// they are asked for. dist/docs.cjs, which writes docs/cli.md, is not published.
export default defineConfig({
  entry: { ptekit: "src/main.ts", docs: "src/docs.ts" },
  format: "cjs",
  outExtension: () => ({ js: ".cjs" }),
  noExternal: [/.*/],
  target: "es2022",
  platform: "node",
  splitting: false,
  minify: true,
  sourcemap: false,
  clean: true,
  dts: false,
  silent: true,
});
