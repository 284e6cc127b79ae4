// Makes what can be derived: `npm run generate` writes it, `npm run generate -- --check` says what is out of date.
// What a maker returns is a map from a path (from the root) to the whole text of that file.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { dirname } from "node:path";
import { api } from "./api.mjs";
import { argument } from "./argument.mjs";
import { cliManual } from "./cli-manual.mjs";
import { frontPage } from "./front-page.mjs";
import { mutationPage } from "./mutation.mjs";
import { performancePage } from "./performance.mjs";
import { readmes } from "./readmes.mjs";
import { registry } from "./registry.mjs";
import { spareBitsPage } from "./spare-bits.mjs";
import { uffdWp } from "./uffd-wp.mjs";

const makers = [
  registry,
  readmes,
  frontPage,
  argument,
  spareBitsPage,
  uffdWp,
  cliManual,
  api,
  performancePage,
  mutationPage,
];
const outputs = new Map();
for (const make of makers) for (const [path, text] of await make()) outputs.set(path, formatted(path, text));

const stale = [...outputs].filter(
  ([path, text]) => !fs.existsSync(path) || fs.readFileSync(path, "utf8") !== text,
);

if (process.argv.includes("--check")) {
  for (const [path] of stale) console.error(`${path} is out of date: run npm run generate`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [path, text] of stale) {
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(path, text);
    console.log(`wrote ${path}`);
  }
}

/** Source as the project formats it. */
function formatted(path, text) {
  if (!/\.(ts|json)$/.test(path)) return text;
  const biome = "node_modules/@biomejs/biome/bin/biome";
  return execFileSync(process.execPath, [biome, "check", "--write", `--stdin-file-path=${path}`], {
    input: text,
    encoding: "utf8",
  });
}
