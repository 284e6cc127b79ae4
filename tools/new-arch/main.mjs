// `npm run new-arch NAME`: a folder that compiles, is registered, and fails conformance with what is left to fill in.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { dirname } from "node:path";
import { workspaces } from "../packages/workspaces.mjs";
import { scaffold } from "./scaffold.mjs";

const [name, ...more] = process.argv.slice(2);
const refusal = await refuse();
if (refusal) {
  console.error(`new-arch: ${refusal}`);
  process.exitCode = 2;
} else {
  make();
}

async function refuse() {
  if (name === undefined || more.length > 0) return "say one name, as in: npm run new-arch riscv";
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    return `${name} is no name: it takes lower-case letters, digits and _, like the kernel's directories`;
  if (fs.existsSync(`packages/arch/${name}`)) return `packages/arch/${name} is there already`;
  const taken = workspaces().find(({ manifest }) => manifest.name === `@ptekit/${name}`);
  if (taken) return `${taken.folder} is @ptekit/${name} already`;
  if (!fs.existsSync("node_modules/@ptekit")) return "nothing is installed: npm ci comes first";
  if (!(await canBeExported())) return `${name} is no name: nothing can be exported under it from a module`;
  return null;
}

/** False of JavaScript's own words, and of what the files that are generated declare beside it. */
async function canBeExported() {
  const { transform } = await import("esbuild");
  const module = `const layouts = [], archs = []; export const ${name} = layouts;`;
  return transform(module, { format: "esm", logLevel: "silent" }).then(
    () => true,
    () => false,
  );
}

function make() {
  // All of the folder or none of it: it gets its name last.
  const partial = fs.mkdtempSync("packages/arch/.new-arch-");
  for (const [path, text] of scaffold(name)) {
    const file = path.replace(`packages/arch/${name}`, partial);
    fs.mkdirSync(dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  fs.chmodSync(partial, 0o755);
  fs.renameSync(partial, `packages/arch/${name}`);
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
