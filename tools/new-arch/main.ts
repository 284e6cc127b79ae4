// `npm run new-arch NAME`: a folder that compiles, is registered, and fails conformance with what is left to fill in.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { dirname } from "node:path";
import { archFolder } from "../common/workspaces.ts";
import { refusal } from "./refusal.ts";
import { scaffold } from "./scaffold.ts";

const args = process.argv.slice(2);
const refused = await refusal(args);
if (refused) {
  console.error(`new-arch: ${refused}`);
  process.exitCode = 2;
} else {
  make(args[0] ?? "");
}

function make(name: string): void {
  // All of the folder or none of it: it gets its name last.
  const partial = fs.mkdtempSync("packages/arch/.new-arch-");
  for (const [path, text] of scaffold(name)) {
    const file = path.replace(archFolder(name), partial);
    fs.mkdirSync(dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  fs.chmodSync(partial, 0o755);
  fs.renameSync(partial, archFolder(name));
  for (const path of scaffold(name).keys()) console.log(`wrote ${path}`);
  // What npm install would do; `npm run lock` does it for the lock file too, and needs the registry.
  const link = `node_modules/@ptekit/${name}`;
  fs.rmSync(link, { force: true });
  fs.symlinkSync(`../../packages/arch/${name}`, link, "junction");
  const { status } = spawnSync("npm", ["run", "--silent", "generate"], { stdio: "inherit", shell: true });
  if (status !== 0) {
    console.error("new-arch: npm run generate failed; it can be run again");
    process.exitCode = 1;
    return;
  }
  console.log(`
Next:
  npm run conformance -- --arch ${name}   says what is left to fill in
  npm run lock                          before you commit (CONTRIBUTING.md walks through it)`);
}
