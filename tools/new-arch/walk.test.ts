import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { blocksOf } from "../common/documents.ts";
import { workspaces } from "../common/workspaces.ts";
import { refusal } from "./refusal.ts";
import { scaffold } from "./scaffold.ts";

const FROM_SOURCE = ["--import", import.meta.resolve("tsx"), "--conditions=@ptekit/source"];
const home = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-walk-"));
const tree = path.join(home, "tree");
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

// A copy of the tree, four runs of conformance and one of generate take as long as all other tests of the tools together.
const isAsked = process.env.PTEKIT_WHOLE === "1";
const walk = "CONTRIBUTING.md walks from a blank folder to riscv, in a copy of the tree";

it.runIf(isAsked)(walk, { timeout: 900_000 }, () => {
  copyTree();
  const blocks = blocksOf("CONTRIBUTING.md", "## A new architecture");
  expect(blocks.map((block) => block.language)).toContain("ts");
  let printed = "";
  for (const { language, info: file, text } of blocks) {
    if (file !== "") fs.writeFileSync(path.join(tree, file), text);
    else if (language === "sh") printed = run(text);
    else if (language === "text") expect(printed).toContain(text.trimEnd());
  }
});

it.runIf(!isAsked)("the walk of CONTRIBUTING.md is walked in CI: PTEKIT_WHOLE=1 walks it here", () => {
  const blocks = blocksOf("CONTRIBUTING.md", "## A new architecture");
  for (const { info: file } of blocks) if (file !== "") expect(fs.existsSync(file), file).toBe(true);
});

it.each([
  [["Risc-V"], "Risc-V is no name: it takes lower-case letters, digits and _, like the kernel's directories"],
  [["arm"], "packages/arch/arm is there already"],
  [["bench"], "apps/bench is @ptekit/bench already"],
  [["class"], "class is no name: nothing can be exported under it from a module"],
  [["archs"], "archs is no name: nothing can be exported under it from a module"],
  [[], "say one name, as in: npm run new-arch riscv"],
  [["a", "b"], "say one name, as in: npm run new-arch riscv"],
])("new-arch refuses %j, which is no name, or taken", async (args, sentence) => {
  expect(await refusal(args)).toBe(sentence);
});

it("new-arch refuses nothing of a name that is free", async () => {
  expect(await refusal(["toy"])).toBeNull();
});

it("new-arch writes nothing where nothing is installed", { timeout: 60_000 }, () => {
  const bare = path.join(home, "bare");
  for (const part of ["package.json", "packages/arch/arm", "apps", "tools/new-arch", "tools/common"])
    fs.cpSync(part, path.join(bare, part), {
      recursive: true,
      filter: (file) => path.basename(file) !== "node_modules" && path.basename(file) !== "dist",
    });
  const { status, stderr } = spawnSync(process.execPath, [...FROM_SOURCE, "tools/new-arch/main.ts", "toy"], {
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
  for (const { folder } of workspaces()) {
    const own = `${folder}/node_modules`;
    if (fs.existsSync(own)) link(own);
  }
}

const inCopy = (name: string): string => path.join(tree, "node_modules", name);
const link = (name: string): void => fs.symlinkSync(path.resolve(name), path.join(tree, name));

function run(script: string): string {
  const { status, stdout, stderr } = spawnSync("bash", ["-euo", "pipefail", "-c", script], {
    cwd: tree,
    encoding: "utf8",
    env: { ...process.env, VITEST: undefined, NO_COLOR: "1" },
  });
  if (status !== 0) throw new Error(`exit status ${status} of\n${script}\n${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}
