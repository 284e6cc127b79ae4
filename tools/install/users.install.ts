// As a user would: packages published to a registry on loopback, installed in empty folders.
import type { SpawnSyncReturns } from "node:child_process";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocksOf } from "../common/documents.ts";
import { archFolder, published } from "../common/workspaces.ts";
import { printsInChromium } from "./browser.ts";
import type { Registry } from "./registry.ts";
import { startRegistry } from "./registry.ts";

const { devDependencies: versions } = JSON.parse(fs.readFileSync("package.json", "utf8"));
const home = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-install-"));
const names = published().map(({ manifest }) => manifest.name);
let registry: Registry;

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

const NODES = ["20", "22", "24"];
const RESOLUTIONS: [module: string, moduleResolution: string][] = [
  ["nodenext", "nodenext"],
  ["esnext", "bundler"],
];
/** From the oldest that the types are for to the one of this repository. */
const TYPESCRIPTS: string[] = ["5.4", "5.5", "5.6", "5.7", "5.8", "5.9", "6.0", versions.typescript];
const PLAYWRIGHT = "playwright-core@1.65.1";

const PROGRAM = `
const backend = arm64.for({ release: "6.12" });
const { kind, markers } = backend.decode(0x17c0n);
console.log(kind, markers.join(), "0x" + backend.encode({ type: 3, offset: 0x1234n, uffdWp: true }).toString(16));
`;
const PRINTS = "marker uffd-wp 0x12340c8\n";

describe("npm install @ptekit/arm64, in an empty folder", () => {
  let folder: string;
  beforeAll(() => {
    folder = emptyFolder("arm64", "npm install @ptekit/arm64");
    write(folder, "esm.mjs", `import { arm64 } from "@ptekit/arm64";${PROGRAM}`);
    write(folder, "cjs.cjs", `const { arm64 } = require("@ptekit/arm64");${PROGRAM}`);
    write(folder, "types.mts", fs.readFileSync("tools/install/types.example.ts", "utf8"));
  });

  it("brings @ptekit/core and nothing else", () => {
    expect(fs.readdirSync(path.join(folder, "node_modules/@ptekit")).sort()).toEqual(["arm64", "core"]);
    expect(fs.readdirSync(path.join(folder, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(
      ["@ptekit"],
    );
  });

  describe.each(NODES)("Node %s", (version) => {
    let node: string;
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

  describe.each(TYPESCRIPTS)("TypeScript %s", (version) => {
    it.each(RESOLUTIONS)("module %s, moduleResolution %s", (module, moduleResolution) => {
      typecheck(folder, { module, moduleResolution }, ["types.mts"], version);
    });
  });

  it("headless Chromium, by an import map and no bundler", async () => {
    ok(run(`npm install --no-save ${PLAYWRIGHT}`, folder));
    const program = `import { arm64 } from "@ptekit/arm64";${PROGRAM}`;
    expect(await printsInChromium(folder, program)).toBe(PRINTS.trim());
  });
});

describe("npm install @ptekit/bulk @ptekit/uffd-wp @ptekit/x86_64, in an empty folder", () => {
  const imported = {
    "@ptekit/bulk": "compile",
    "@ptekit/uffd-wp": "run, stateOf",
    "@ptekit/x86_64": "x86_64",
  };
  const load = (how: (words: string, name: string) => string): string =>
    Object.entries(imported)
      .map(([name, words]) => how(words, name))
      .join("\n");
  const esm = load((words, name) => `import { ${words} } from "${name}";`);
  const cjs = load((words, name) => `const { ${words} } = require("${name}");`);
  const program = `
async function main() {
  const backend = x86_64.for({ release: "6.12" });
  const steps = run(backend, ["register", "write", "write-protect", "reclaim"], { vma: "shmem" });
  const special = steps.at(-1)?.after;
  if (special === undefined) throw new Error("no step was taken");
  const decoder = await compile(backend);
  const { markers } = decoder.census(new BigUint64Array([0n, special.pte]));
  console.log(stateOf(special), JSON.stringify(markers));
}
main();
`;
  const prints = 'special {"uffd-wp":1,"poisoned":0}\n';
  const counts = `import { decodeFile } from "@ptekit/bulk/node";
import { x86_64 } from "@ptekit/x86_64";
const backend = x86_64.for({ release: "6.1" });
decodeFile("ptes.bin", { backend, workers: 2 }).then(({ kinds }) => console.log(kinds.swap));
`;
  const { decode: kernelAnswers }: { decode: { pte: string; class: string }[] } = JSON.parse(
    fs.readFileSync(`${archFolder("x86_64")}/vectors/x86_64-6.1.json`, "utf8"),
  );
  const swapped = kernelAnswers.filter((row) => row.class === "swap").length;
  let folder: string;
  beforeAll(() => {
    folder = emptyFolder("bulk", "npm install @ptekit/bulk @ptekit/uffd-wp @ptekit/x86_64");
    write(folder, "esm.mjs", esm + program);
    write(folder, "cjs.cjs", cjs + program);
    write(folder, "types.mts", esm + program);
    write(folder, "counts.mts", counts);
    write(folder, "counts.mjs", counts);
    const ptes = kernelAnswers.map(({ pte }) => BigInt(pte));
    write(folder, "ptes.bin", Buffer.from(BigUint64Array.from(ptes).buffer));
  });

  describe.each(NODES)("Node %s", (version) => {
    let node: string;
    beforeAll(() => {
      node = nodeOf(version);
    });

    it.each(["esm.mjs", "cjs.cjs"])("%s writes a special PTE and counts it", (file) => {
      expect(ok(run(`${node} --no-warnings ${file}`, folder))).toBe(prints);
    });

    it("counts the swap PTEs of a file in two workers, as many as the kernel does", () => {
      expect(swapped).toBeGreaterThan(100);
      expect(ok(run(`${node} counts.mjs`, folder))).toBe(`${swapped}\n`);
    });
  });

  it.each(RESOLUTIONS)("TypeScript, module %s, moduleResolution %s", (module, moduleResolution) => {
    typecheck(folder, { module, moduleResolution }, ["types.mts", "counts.mts"]);
  });

  it("headless Chromium, by an import map and no bundler", async () => {
    ok(run(`npm install --no-save ${PLAYWRIGHT}`, folder));
    expect(await printsInChromium(folder, esm + program)).toBe(prints.trim());
  });
});

describe("npm install @ptekit/pte-bits @ptekit/core @ptekit/arm64, in an empty folder", () => {
  const program = `import { arm64 } from "@ptekit/arm64";
import { definePteBits } from "@ptekit/pte-bits";
definePteBits(async () => arm64);
const bits = document.body.appendChild(document.createElement("pte-bits"));
const says = (word) => new Promise((resolve) => {
  new MutationObserver(() => resolve(bits.shadowRoot.querySelector(".says, .refused").textContent)).observe(bits.shadowRoot, { childList: true });
  bits.setAttribute("word", word);
});
bits.setAttribute("arch", "arm64");
bits.setAttribute("release", "6.12");
console.log([await says("0x17c0"), await says("banana")].join("; "));
`;

  it("headless Chromium, a plain page by an import map: the element says what its word says", async () => {
    const folder = emptyFolder("bits", "npm install @ptekit/pte-bits @ptekit/core @ptekit/arm64");
    ok(run(`npm install --no-save ${PLAYWRIGHT}`, folder));
    expect(await printsInChromium(folder, program)).toMatch(
      /^0x00000000000017c0 marker: type 31, uffd-wp; .*"banana" is no word/,
    );
  });
});

describe("npm install ptekit, in an empty folder", () => {
  let folder: string;
  beforeAll(() => {
    folder = emptyFolder("cli", "npm install ptekit");
  });

  it("npx ptekit decodes", () => {
    expect(ok(run("npx ptekit --help", folder))).toContain("Usage: ptekit");
    expect(ok(run("npx ptekit decode --arch arm64 --kernel 6.12 0x17c0", folder))).toContain("uffd-wp");
  });

  it.each(NODES)("Node %s", (version) => {
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
  let folder: string;
  beforeAll(async () => {
    folder = emptyFolder("own", "npm install @ptekit/core @ptekit/conformance");
    await writeArch(folder);
    fs.mkdirSync(path.join(folder, "vectors"));
    const file = "riscv-riscv64-sv39-48-57-6.12.json";
    fs.copyFileSync(`${archFolder("riscv")}/vectors/${file}`, path.join(folder, "vectors", file));
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
async function writeArch(folder: string): Promise<void> {
  const inFolder = /^packages\/arch\/riscv\/src\/(\S+)$/;
  const files = blocksOf("CONTRIBUTING.md").flatMap(({ info, text }) => {
    const file = inFolder.exec(info)?.[1];
    return file === undefined ? [] : [{ file, text }];
  });
  for (const { file, text } of files) write(folder, file, text);
  await build({
    entryPoints: [path.join(folder, "index.ts")],
    outfile: path.join(folder, "my-arch.js"),
    bundle: true,
    format: "esm",
    packages: "external",
    logLevel: "silent",
  });
}

/** Checks files as a user's TypeScript would, the packages' own declarations included. */
function typecheck(
  folder: string,
  resolution: Record<string, string>,
  files: readonly string[],
  version: string = versions.typescript,
): void {
  const compilerOptions = {
    ...resolution,
    target: "es2022",
    lib: ["es2022", "dom"],
    types: [],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
  };
  write(folder, "tsconfig.json", JSON.stringify({ compilerOptions, files }));
  ok(run(`npm install --no-save typescript@${version} && npx tsc -p .`, folder));
}

function emptyFolder(name: string, install: string): string {
  const folder = path.join(home, name);
  fs.mkdirSync(folder);
  ok(run(`npm init -y && npm pkg set type=module && ${install}`, folder));
  return folder;
}

/** The path of a Node of that version, fetched where this is another. */
function nodeOf(version: string): string {
  if (process.versions.node.startsWith(`${version}.`)) return process.execPath;
  return ok(run(`npx -y -p node@${version} -c 'node -p process.execPath'`, home)).trim();
}

function run(command: string, cwd: string): SpawnSyncReturns<string> {
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

function ok({ status, stdout, stderr }: SpawnSyncReturns<string>): string {
  if (status !== 0) throw new Error(`exit status ${status}\n${stdout}${stderr}`);
  return stdout;
}

const write = (folder: string, file: string, text: string | Uint8Array): void =>
  fs.writeFileSync(path.join(folder, file), text);
