// Makes dist/ptekit.cjs: one CommonJS file in which every part of the program is a string, compiled when it is asked
// for. V8 reads a string ten times as fast as code that it then does not run, so that start-up does not grow with the
// number of commands and architectures; `npm run bench` measures it.
// Beside it dist/docs.cjs, which draws up the help and docs/cli.md and is not published.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { build, transform } from "esbuild";

const common = {
  bundle: true,
  platform: "node",
  target: "es2022",
  alias: { "node:child_process": "./src/no-child-process.ts" },
  conditions: ["@ptekit/source"],
  logLevel: "warning",
};

fs.rmSync("dist", { recursive: true, force: true });
fs.mkdirSync("dist");
await build({
  ...common,
  entryPoints: ["src/docs.ts"],
  format: "cjs",
  minify: true,
  outfile: "dist/docs.cjs",
});
const { helpTexts } = createRequire(import.meta.url)("./dist/docs.cjs");
fs.writeFileSync("dist/ptekit.cjs", await packed(await helpTexts()), { mode: 0o755 });

/** The whole program as the text of one file. Its help is drawn up here: printing it needs no parser then. */
async function packed(helps) {
  // esbuild makes a part of each import(), and one of what several parts share; only as ES modules, so each is translated.
  const { outputFiles } = await build({
    ...common,
    entryPoints: { ptekit: "src/main.ts" },
    define: { HELPS: JSON.stringify(helps) },
    format: "esm",
    splitting: true,
    write: false,
    outdir: "dist",
  });
  const parts = await Promise.all(
    outputFiles.map(async ({ path: file, text }) => [`./${path.basename(file)}`, await translated(text)]),
  );
  return `#!/usr/bin/env node
"use strict";
const parts = ${JSON.stringify(Object.fromEntries(parts), null, 1)};
const loaded = new Map();
function load(name) {
  const source = parts[name];
  if (source === undefined) return require(name);
  const known = loaded.get(name);
  if (known) return known.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  new Function("exports", "require", "module", source)(module.exports, load, module);
  return module.exports;
}
load("./ptekit.js");
`;
}

/** An ES module as CommonJS, import() included. */
async function translated(text) {
  const { code } = await transform(text.replace(/^#!.*\n/, ""), {
    format: "cjs",
    platform: "node",
    target: "es2022",
    supported: { "dynamic-import": false },
    minify: true,
  });
  return code;
}
