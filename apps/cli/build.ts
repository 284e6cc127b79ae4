// Makes dist/: ptekit.cjs, and beside it a CommonJS file for each part of the program that is loaded only when it is
// asked for: each command, each architecture, and what several of them share. Start-up does not grow with the number of
// commands and architectures then; `npm run bench` measures it.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { ChunkingContext } from "rolldown";
import { rolldown } from "rolldown";
import { directImportsOfVite } from "../../tools/bundle/direct-imports.ts";
import { lazyParts } from "./build/lazy-parts.ts";
import { notices } from "./build/notices.ts";
import { answerTexts } from "./src/docs.ts";

const app = fileURLToPath(new URL("./", import.meta.url));

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
  const bundle = await rolldown({
    cwd: app,
    input: { ptekit: "src/main.ts" },
    platform: "node",
    resolve: { conditionNames: ["@ptekit/source", "node", "import", "require", "default"] },
    plugins: [lazyParts, directImportsOfVite],
  });
  const { output } = await bundle.write({
    dir: folder,
    format: "cjs",
    minify: true,
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name]-[hash].cjs",
    // A file costs as much to find and open as 10 kB to read: what every command of one kernel needs is one file.
    codeSplitting: {
      groups: [
        { name: "start", test: START },
        { name: kernel, debugName: "kernel" },
      ],
    },
  });
  fs.chmodSync(path.join(folder, "ptekit.cjs"), 0o755);
  const inputs = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  fs.writeFileSync(path.join(folder, "THIRD-PARTY-NOTICES.txt"), notices(inputs));
  // What depends on nothing but our own data is answered here.
  fs.mkdirSync(path.join(folder, "answers"));
  for (const [name, text] of await answerTexts()) fs.writeFileSync(path.join(folder, "answers", name), text);
}

/** What every command line runs through, and the bundler's own helpers. */
const START =
  /rolldown\/runtime|\/apps\/cli\/src\/(?:start|output|errors|recorded|help|commands\/index)\.ts$|\/core\/src\/(?:errors|util\/(?:printable|require|given))\.ts$/;

const needed = new Set<string>();

/** What `decode` of a word runs through but for the architecture, which nearly all commands share most of. */
function kernel(id: string, bundle: ChunkingContext): string | null {
  if (needed.size === 0)
    for (const file of ["dispatch", "commands/decode"]) collect(path.join(app, `src/${file}.ts`));
  return needed.has(id) && !ARCH.test(id) ? "kernel" : null;

  function collect(file: string): void {
    if (needed.has(file)) return;
    needed.add(file);
    const { importedIds = [], dynamicallyImportedIds = [] } = bundle.getModuleInfo(file) ?? {};
    for (const imported of importedIds) collect(imported);
    for (const loaded of dynamicallyImportedIds) if (ARCH.test(loaded)) collect(loaded);
  }
}

const ARCH = /\/packages\/arch\//;

if (process.argv[1] === fileURLToPath(import.meta.url)) await make();
