// Makes what can be derived: `npm run generate` writes it, `npm run generate -- --check` says what is out of date.
// What a maker returns is a map from a path (from the root) to the whole text of that file.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { dirname } from "node:path";
import { api } from "./api.ts";
import { argument } from "./argument.ts";
import { cliManual } from "./cli-manual.ts";
import { errorsPage } from "./errors.ts";
import { exhaustivePage } from "./exhaustive.ts";
import { frontPage } from "./front-page.ts";
import { layouts } from "./layouts.ts";
import { withLinks } from "./links.ts";
import { mutationPage } from "./mutation.ts";
import type { Output } from "./outputs.ts";
import { page } from "./page.ts";
import { performancePage } from "./performance.ts";
import { questions } from "./questions.ts";
import { readmes } from "./readmes.ts";
import { registry } from "./registry.ts";
import { schemas } from "./schemas.ts";
import { sizesChart } from "./sizes.ts";
import { spareBitsPage } from "./spare-bits.ts";
import { uffdWp } from "./uffd-wp.ts";

const makers: readonly (() => readonly Output[] | Promise<readonly Output[]>)[] = [
  registry,
  readmes,
  frontPage,
  argument,
  spareBitsPage,
  uffdWp,
  cliManual,
  errorsPage,
  schemas,
  layouts,
  api,
  performancePage,
  page,
  questions,
  mutationPage,
  exhaustivePage,
  sizesChart,
];
const outputs = new Map<string, string>();
for (const make of makers)
  for (const [path, text, form] of await make())
    outputs.set(path, form === "as is" ? text : formatted(path, text));

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
function formatted(path: string, text: string): string {
  if (path.endsWith(".md")) return withLinks(text);
  if (!/\.(ts|json)$/.test(path)) return text;
  const biome = "node_modules/@biomejs/biome/bin/biome";
  return execFileSync(process.execPath, [biome, "check", "--write", `--stdin-file-path=${path}`], {
    input: text,
    encoding: "utf8",
  });
}
