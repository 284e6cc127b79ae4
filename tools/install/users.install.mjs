// As a user would: packages published to a registry on loopback, installed in empty folders.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { published } from "../packages/workspaces.mjs";
import { decodeInChromium } from "./browser.mjs";
import { startRegistry } from "./registry.mjs";

const { devDependencies: versions } = JSON.parse(fs.readFileSync("package.json", "utf8"));
const home = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-install-"));
const names = published().map(({ manifest }) => manifest.name);
let registry;

beforeAll(async () => {
  registry = await startRegistry(home);
  fs.writeFileSync(path.join(home, "npmrc"), registry.npmrc);
  const { status, stdout, stderr } = run("npm run release -- --no-git-tag", process.cwd());
  if (status !== 0) throw new Error(stdout + stderr);
});

afterAll(() => {
  registry?.stop();
  fs.rmSync(home, { recursive: true, force: true });
});

it("one command publishes every package", async () => {
  for (const name of names) {
    const answer = await fetch(`${registry.url}${name.replace("/", "%2f")}`);
    expect(`${name}: ${answer.status}`).toBe(`${name}: 200`);
  }
});

const PROGRAM = `
const backend = arm64.for({ release: "6.12" });
const { kind, markers } = backend.decode(0x17c0n);
console.log(kind, markers.join(), "0x" + backend.encode({ type: 3, offset: 0x1234n, uffdWp: true }).toString(16));
`;
const PRINTS = "marker uffd-wp 0x12340c8\n";

describe("npm install @ptekit/arm64, in an empty folder", () => {
  let folder;
  beforeAll(() => {
    folder = emptyFolder("arm64", "npm install @ptekit/arm64");
    write(folder, "esm.mjs", `import { arm64 } from "@ptekit/arm64";${PROGRAM}`);
    write(folder, "cjs.cjs", `const { arm64 } = require("@ptekit/arm64");${PROGRAM}`);
    const typed = PROGRAM.replace("markers.join()", 'markers?.join() ?? ""');
    write(folder, "types.mts", `import { arm64 } from "@ptekit/arm64";${typed}`);
  });

  it("brings @ptekit/core and nothing else", () => {
    expect(fs.readdirSync(path.join(folder, "node_modules/@ptekit")).sort()).toEqual(["arm64", "core"]);
    expect(fs.readdirSync(path.join(folder, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(
      ["@ptekit"],
    );
  });

  describe.each(["20", "22", "24"])("Node %s", (version) => {
    let node;
    beforeAll(() => {
      node = nodeOf(version);
    });

    it.each(["esm.mjs", "cjs.cjs"])("%s decodes and encodes", (file) => {
      expect(ok(run(`${node} --no-warnings ${file}`, folder))).toBe(PRINTS);
    });
  });

  it("Node 20.18 has no require(esm), and says so", () => {
    const { status, stderr } = run(`${nodeOf("20.18.3")} cjs.cjs`, folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/require\(\) of ES Module .* not supported/);
  });

  it.each([
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ])("TypeScript, module %s, moduleResolution %s", (module, moduleResolution) => {
    const compilerOptions = {
      module,
      moduleResolution,
      target: "es2022",
      lib: ["es2022", "dom"],
      types: [],
      strict: true,
      noEmit: true,
    };
    write(folder, "tsconfig.json", JSON.stringify({ compilerOptions, files: ["types.mts"] }));
    ok(run(`npm install --no-save typescript@${versions.typescript} && npx tsc -p .`, folder));
  });

  it("headless Chromium, by an import map and no bundler", async ({ skip }) => {
    ok(run("npm install --no-save playwright-core@1.65.1", folder));
    const answer = await decodeInChromium(folder, PROGRAM);
    if (answer === null) {
      console.log("SKIPPED: there is no chromium (apt-get install chromium)");
      skip("no chromium");
    }
    expect(answer).toBe(PRINTS.trim());
  });
});

describe("npm install ptekit, in an empty folder", () => {
  let folder;
  beforeAll(() => {
    folder = emptyFolder("cli", "npm install ptekit");
  });

  it("npx ptekit decodes", () => {
    expect(ok(run("npx ptekit --help", folder))).toContain("Usage: ptekit");
    expect(ok(run("npx ptekit decode --arch arm64 --kernel 6.12 0x17c0", folder))).toContain("uffd-wp");
  });

  it.each(["20", "22", "24"])("Node %s", (version) => {
    const { bin } = JSON.parse(
      fs.readFileSync(path.join(folder, "node_modules/ptekit/package.json"), "utf8"),
    );
    const program = `node_modules/ptekit/${bin.ptekit}`;
    const answer = ok(
      run(`${nodeOf(version)} ${program} decode --json --arch arm64 --kernel 6.12 17c0`, folder),
    );
    expect(JSON.parse(answer)).toMatchObject({ kind: "marker", markers: ["uffd-wp"] });
  });
});

describe("an architecture of one's own, in an empty folder", () => {
  let folder;
  beforeAll(async () => {
    folder = emptyFolder("own", "npm install @ptekit/core @ptekit/conformance");
    await writeArch(folder);
    fs.mkdirSync(path.join(folder, "vectors"));
    const file = "riscv-riscv64-sv39-48-57-6.12.json";
    fs.copyFileSync(`packages/riscv/vectors/${file}`, path.join(folder, "vectors", file));
  });

  it("npx ptekit-conformance ./my-arch.js --vectors ./vectors says that it is right", () => {
    const text = ok(run("npx ptekit-conformance ./my-arch.js --vectors ./vectors", folder));
    expect(text).toMatch(/riscv-riscv64|riscv 6\.12/);
    expect(text).toMatch(/[1-9]\d* checked, 0 failed/);
  });

  it("and where it is wrong, on which row", () => {
    const wrong = fs
      .readFileSync(path.join(folder, "my-arch.js"), "utf8")
      .replace("exclusive(6)", "spare(6, 6)");
    write(folder, "wrong.js", wrong);
    const { status, stdout } = run("npx ptekit-conformance ./wrong.js --vectors ./vectors", folder);
    expect(status).toBe(1);
    expect(stdout).toContain("masks exclusive row 0");
  });

  it("as vitest cases", () => {
    ok(run(`npm install -D vitest@${versions.vitest} @ptekit/conformance-kit`, folder));
    write(
      folder,
      "my-arch.test.js",
      `import { describeArch, describeBackend } from "@ptekit/conformance-kit/vitest";
import myArch from "./my-arch.js";

describeArch(myArch, { vectors: "./vectors" });
describeBackend("my backend for 6.12", myArch.for({ release: "6.12" }));
`,
    );
    expect(ok(run("npx vitest run", folder))).toMatch(/Tests .*[1-9]\d* passed/);
  });
});

/** The first layout of CONTRIBUTING.md, as the one file of plain JavaScript that a user writes. */
async function writeArch(folder) {
  const guide = fs.readFileSync("CONTRIBUTING.md", "utf8");
  for (const [, file, text] of guide.matchAll(/^```ts packages\/riscv\/src\/(\S+)\n(.*?)^```$/gms))
    write(folder, file, text);
  await build({
    entryPoints: [path.join(folder, "index.ts")],
    outfile: path.join(folder, "my-arch.js"),
    bundle: true,
    format: "esm",
    packages: "external",
    logLevel: "silent",
  });
}

function emptyFolder(name, install) {
  const folder = path.join(home, name);
  fs.mkdirSync(folder);
  ok(run(`npm init -y && npm pkg set type=module && ${install}`, folder));
  return folder;
}

/** The path of a Node of that version, fetched where this is another. */
function nodeOf(version) {
  if (process.versions.node.startsWith(`${version}.`)) return process.execPath;
  return ok(run(`npx -y -p node@${version} -c 'node -p process.execPath'`, home)).trim();
}

function run(command, cwd) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^(npm_|VITEST|NODE_ENV)/.test(key)),
  );
  return spawnSync(command, {
    cwd,
    shell: true,
    encoding: "utf8",
    env: {
      ...env,
      NO_COLOR: "1",
      NPM_CONFIG_USERCONFIG: path.join(home, "npmrc"),
      NPM_CONFIG_AUDIT: "false",
      NPM_CONFIG_FUND: "false",
    },
  });
}

function ok({ status, stdout, stderr }) {
  if (status !== 0) throw new Error(`exit status ${status}\n${stdout}${stderr}`);
  return stdout;
}

const write = (folder, file, text) => fs.writeFileSync(path.join(folder, file), text);
