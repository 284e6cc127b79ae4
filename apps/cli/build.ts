// Makes dist/: ptekit.cjs, and beside it a CommonJS file for each part of the program that is loaded only when it is
// asked for: each command, each architecture, and what several of them share. Start-up does not grow with the number of
// commands and architectures then; `npm run bench` measures it.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions } from "esbuild";
import { build, transform } from "esbuild";
import { directImportsOfEsbuild } from "../../tools/bundle/direct-imports.ts";
import { answerTexts, helpTexts } from "./src/docs.ts";

const app = fileURLToPath(new URL("./", import.meta.url));

// What import.meta.url is in CommonJS.
const MODULE_URL = 'const moduleUrl=require("node:url").pathToFileURL(__filename).href;';

const options: BuildOptions = {
  absWorkingDir: app,
  bundle: true,
  platform: "node",
  target: "es2022",
  conditions: ["@ptekit/source"],
  plugins: [directImportsOfEsbuild],
  logLevel: "warning",
  write: false,
};

/** Builds the command from the sources of every package. */
export default async function make(): Promise<void> {
  // All of it or nothing, and at once: something may be running what is there.
  const made = fs.mkdtempSync(path.join(app, ".dist-"));
  try {
    await makeIn(made);
    fs.chmodSync(made, 0o755);
    fs.rmSync(path.join(app, "dist"), { recursive: true, force: true });
    fs.renameSync(made, path.join(app, "dist"));
  } finally {
    fs.rmSync(made, { recursive: true, force: true });
  }
}

async function makeIn(folder: string): Promise<void> {
  // esbuild makes a part of each import(), and one of what several parts share; only as ES modules, so each is translated.
  const { outputFiles = [], metafile } = await build({
    metafile: true,
    ...options,
    entryPoints: { ptekit: "src/main.ts" },
    // Help is drawn up here: printing it needs no parser then.
    define: { HELPS: JSON.stringify(await helpTexts()) },
    format: "esm",
    splitting: true,
    outdir: folder,
    outExtension: { ".js": ".cjs" },
  });
  for (const { path: file, text } of outputFiles) fs.writeFileSync(file, await translated(text));
  fs.chmodSync(path.join(folder, "ptekit.cjs"), 0o755);
  fs.writeFileSync(
    path.join(folder, "THIRD-PARTY-NOTICES.txt"),
    notices(Object.keys(metafile?.inputs ?? {})),
  );
  // What depends on nothing but our own data is answered here.
  fs.mkdirSync(path.join(folder, "answers"));
  for (const [name, text] of await answerTexts()) fs.writeFileSync(path.join(folder, "answers", name), text);
}

/** The licences of what is bundled and not ours, each with the text that it asks to be kept. */
function notices(inputs: readonly string[]): string {
  const folders = inputs.flatMap((file) => /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)]
    .sort()
    .map((folder) => {
      const at = path.join(app, folder);
      const { name, version, license } = JSON.parse(fs.readFileSync(path.join(at, "package.json"), "utf8"));
      const file = fs.readdirSync(at).find((entry) => /^licen[cs]e/i.test(entry));
      if (file === undefined) throw new Error(`${name} is bundled, and has no licence to keep`);
      return `${name} ${version} (${license})\n\n${fs.readFileSync(path.join(at, file), "utf8").trim()}\n`;
    })
    .join(`\n${"-".repeat(72)}\n\n`);
}

/** An ES module as CommonJS, import() included. */
async function translated(text: string): Promise<string> {
  const { code } = await transform(text, {
    format: "cjs",
    platform: "node",
    target: "es2022",
    supported: { "dynamic-import": false },
    define: { "import.meta.url": "moduleUrl" },
    banner: text.includes("import.meta.url") ? MODULE_URL : "",
    minify: true,
  });
  return code;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await make();
