// `npm run new-arch NAME`: a folder that compiles, is registered, and fails conformance with what is left to fill in.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { dirname } from "node:path";
import { scaffold } from "./scaffold.mjs";

const [name, ...more] = process.argv.slice(2);
const refusal = refuse();
if (refusal) {
  console.error(`new-arch: ${refusal}`);
  process.exitCode = 2;
} else {
  make();
}

function refuse() {
  if (name === undefined || more.length > 0) return "say one name, as in: npm run new-arch riscv";
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    return `${name} is no name: it takes lower-case letters, digits and _, like the kernel's directories`;
  if (fs.existsSync(`packages/${name}`)) return `packages/${name} is there already`;
  return null;
}

function make() {
  for (const [path, text] of scaffold(name)) {
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(path, text);
    console.log(`wrote ${path}`);
  }
  // What npm install would do; `npm run lock` does it for the lock file too, and needs the registry.
  const link = `node_modules/@ptekit/${name}`;
  fs.rmSync(link, { force: true });
  fs.symlinkSync(`../../packages/${name}`, link, "junction");
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
