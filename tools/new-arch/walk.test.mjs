import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { scaffold } from "./scaffold.mjs";

const FROM_SOURCE = ["--import", import.meta.resolve("tsx"), "--conditions=@ptekit/source"];
const home = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-walk-"));
const tree = path.join(home, "tree");
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

it("CONTRIBUTING.md walks from a blank folder to riscv, in a copy of the tree", { timeout: 300_000 }, () => {
  copyTree();
  const blocks = blocksOf("## A new architecture");
  expect(blocks.map((block) => block.language)).toContain("ts");
  let printed = "";
  for (const { language, file, text } of blocks) {
    if (file) fs.writeFileSync(path.join(tree, file), text);
    else if (language === "sh") printed = run(text);
    else if (language === "text") expect(printed).toContain(text.trimEnd());
  }
});

it("new-arch refuses a name that is no name, or taken", () => {
  const refused = [["Risc-V"], ["arm"], ["bench"], ["class"], ["archs"], [], ["a", "b"]].map((args) => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [...FROM_SOURCE, "tools/new-arch/main.mjs", ...args],
      {
        encoding: "utf8",
      },
    );
    return [status, stderr.trim()];
  });
  expect(refused).toEqual([
    [
      2,
      "new-arch: Risc-V is no name: it takes lower-case letters, digits and _, like the kernel's directories",
    ],
    [2, "new-arch: packages/arch/arm is there already"],
    [2, "new-arch: apps/bench is @ptekit/bench already"],
    [2, "new-arch: class is no name: nothing can be exported under it from a module"],
    [2, "new-arch: archs is no name: nothing can be exported under it from a module"],
    [2, "new-arch: say one name, as in: npm run new-arch riscv"],
    [2, "new-arch: say one name, as in: npm run new-arch riscv"],
  ]);
});

it("new-arch writes nothing where nothing is installed", () => {
  const bare = path.join(home, "bare");
  for (const folder of ["packages/arch/arm", "apps", "tools/new-arch", "tools/packages"])
    fs.cpSync(folder, path.join(bare, folder), {
      recursive: true,
      filter: (file) => path.basename(file) !== "node_modules" && path.basename(file) !== "dist",
    });
  const { status, stderr } = spawnSync(process.execPath, [...FROM_SOURCE, "tools/new-arch/main.mjs", "toy"], {
    cwd: bare,
    encoding: "utf8",
  });
  expect([status, stderr.trim()]).toEqual([2, "new-arch: nothing is installed: npm ci comes first"]);
  expect(fs.readdirSync(path.join(bare, "packages/arch"))).toEqual(["arm"]);
});

it("a scaffold names its own folder and header only", () => {
  for (const text of scaffold("toy").values()) expect(text).not.toMatch(/\barm\b/);
});

/** The work tree as it is, built; node_modules by links, but ptekit's own packages from the copy. */
function copyTree() {
  const skipped = new Set([".git", "node_modules", "coverage", ".stryker-tmp"]);
  fs.cpSync(".", tree, { recursive: true, filter: (file) => !skipped.has(path.basename(file)) });
  fs.mkdirSync(path.join(tree, "node_modules"));
  for (const name of fs.readdirSync("node_modules")) {
    if (name === "@ptekit")
      fs.cpSync("node_modules/@ptekit", inCopy(name), { recursive: true, verbatimSymlinks: true });
    else if (name !== "ptekit") link(`node_modules/${name}`);
  }
  // What a workspace has in another version than the root.
  for (const folder of ["apps", "packages", "packages/arch"])
    for (const name of fs.readdirSync(folder)) {
      const own = `${folder}/${name}/node_modules`;
      if (fs.existsSync(own)) link(own);
    }
}

const inCopy = (name) => path.join(tree, "node_modules", name);
const link = (name) => fs.symlinkSync(path.resolve(name), path.join(tree, name));

/** The fenced blocks under a heading: language, the file a block belongs to, and text. */
function blocksOf(heading) {
  const whole = fs.readFileSync("CONTRIBUTING.md", "utf8");
  const section = whole.slice(whole.indexOf(`${heading}\n`)).split(/\n## /)[0];
  return [...section.matchAll(/^```(\w*) ?(\S*)\n(.*?)^```$/gms)].map(([, language, file, text]) => ({
    language,
    file,
    text,
  }));
}

function run(script) {
  const { status, stdout, stderr } = spawnSync("bash", ["-euo", "pipefail", "-c", script], {
    cwd: tree,
    encoding: "utf8",
    env: { ...process.env, VITEST: undefined, NO_COLOR: "1" },
  });
  if (status !== 0) throw new Error(`exit status ${status} of\n${script}\n${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}
