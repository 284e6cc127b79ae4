import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterAll, describe, expect, it, vi } from "vitest";
import { BIN, objects, ptekit } from "./run.ts";

vi.setConfig({ testTimeout: 60_000 });

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-own-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const here = (args: readonly string[], input = "") => ptekit(args, input, process.env, folder);
const write = (name: string, text: string): void => {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
};

/** A module as an author's bundler makes it, with a core of its own. */
function bundled(name: string, source: string, format: "esm" | "cjs" = "esm"): void {
  const { outputFiles } = buildSync({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL("../", import.meta.url)) },
    bundle: true,
    write: false,
    platform: "node",
    format,
    conditions: ["@ptekit/source"],
  });
  write(name, outputFiles[0]?.text ?? "");
}

// arm64 without its exclusive bit: bit 2 is free then.
const ARM64 = `import arm64 from ${JSON.stringify("@ptekit/arm64")};`;
const MINE = `
  ${ARM64}
  import { defineArch } from "@ptekit/core";
  const [newest, ...older] = arm64.layouts;
  const fields = newest.fields.map((row) => (row.kind === "exclusive" ? { ...row, kind: "spare" } : row));
  const mine = { ...arm64, layouts: [{ ...newest, id: "arm64 mine", fields }, ...older] };
`;
bundled("mine.mjs", `${MINE} export default defineArch(mine);`);
bundled("data.mjs", `${MINE} const { for: _, ...data } = mine; export default data;`);
bundled("100%/#mine?.mjs", `${MINE} export default defineArch(mine);`);
bundled("node_modules/my-arch/main.js", `${MINE} export default defineArch(mine);`);
write("node_modules/my-arch/package.json", '{ "name": "my-arch", "type": "module", "exports": "./main.js" }');
bundled("backend.mjs", `${ARM64} export default arm64.for({ release: "6.12" });`);
bundled(
  "unfinished.mjs",
  `${MINE} export default defineArch({ ...mine, unfinished: ["src/layouts.ts: write the layout"] });`,
);

describe("an architecture of one's own", () => {
  for (const arch of [
    "./mine.mjs",
    "./data.mjs",
    "./100%/#mine?.mjs",
    "my-arch",
    path.join(folder, "mine.mjs"),
  ])
    it(`${path.basename(arch)} decodes and lists what is spare`, () => {
      const [said] = objects(here(["decode", "--arch", arch, "--kernel", "7.3", "--json", "0x17c0"]));
      expect(said).toMatchObject({ kind: "marker", layout: "arm64 mine" });
      const [spare] = objects(here(["spare", "--arch", arch, "--kernel", "7.3", "--json"]));
      expect(spare?.free).toContain(2);
    });

  it("diff says what it changes of the kernel's own", () => {
    const { out, status } = here(["diff", "arm64@7.3", "./mine.mjs@7.3"]);
    expect(status).toBe(0);
    expect(out).toMatch(/^exclusive +bit 2 +no bit$/m);
  });

  it("every command that takes --arch takes it", () => {
    const target = ["--arch", "./mine.mjs", "--kernel", "7.3"];
    const lines = [
      ["encode", ...target, "--type", "3", "--offset", "1"],
      ["entry", ...target, "0x10"],
      ["layout", ...target],
      ["types", ...target],
      ["life", ...target, "register"],
      ["census", ...target, "-"],
      ["find", ...target, "--kind", "swap", "-"],
      ["history", "--arch", "./mine.mjs", "--from", "6.9"],
      ["argue", "--arch", "./mine.mjs"],
      ["explain", ...target],
    ];
    const log = "BUG: Bad page map in process a  pte:01000000 pmd:10fe4f067\n";
    for (const line of lines) {
      const ran = here(line, line[0] === "explain" ? log : "ptekit! ptekit! ");
      expect([line, ran.err, ran.status]).toEqual([line, "", 0]);
    }
    expect(here(["explain", ...target], log).out).toContain("layout arm64 mine");
  });

  it("a backend is of the kernel that it was made for", () => {
    const decode = (release: string, ...more: string[]) =>
      here(["decode", "--arch", "./backend.mjs", "--kernel", release, ...more, "0x17c0"]);
    expect(decode("6.12").out).toContain("marker: type 31, uffd-wp");
    expect(decode("6.13").err).toBe(
      "ptekit: ./backend.mjs exports the backend of Linux 6.12 alone: say --kernel 6.12\n",
    );
    expect(decode("6.12", "--cpu", "lpa2").err).toMatch(/exports a backend, which has its settings/);
  });
});

write("throws.mjs", 'throw new Error("boom \\u001b[31m\\nmore");');
write("throws-nothing.mjs", "throw undefined;");
write("getter.mjs", 'export default { get layouts() { throw new Error("no") }, name: "x" };');
write("nothing.mjs", "export const arch = 1;");
write("syntax.mjs", "\n\nexport default { a b };");
write("common.cjs", "module.exports = {\n a b };");
write("lib/helper.mjs", 'export const f = () => {\n  throw new Error("of the helper"); };');
write("helped.mjs", 'import { f } from "./lib/helper.mjs";\nexport default f();');
write("no-stack.mjs", 'throw Object.defineProperty(new Error("bare"), "stack", { get() { throw 1; } });');
write("core.mjs", 'import { defineArch } from "@ptekit/core";\nexport default defineArch({});');
bundled("wrong.mjs", `${MINE} export default defineArch({ ...mine, layouts: [] });`);
write("exits.mjs", "process.exit(0);");
write("waits.mjs", "await new Promise(() => {});");
write(
  "empty.mjs",
  'export default { name: "x", layouts: [], symbols: [], pageShift: [], physBits: [], byteOrder: [] };',
);
write("cjs/package.json", "{}");
write("typed.ts", "const x: number = 1; export default x;");
write("enum.ts", "enum X { A } export default X;");
fs.mkdirSync(path.join(folder, "arm64"));

/** The status and the last line of standard error, of a process of its own: a module may end it, and Node warns of some. */
function refused(arch: string): string {
  const args = [BIN, "decode", "--arch", arch, "--kernel", "6.12", "0x1"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  return `${status} ${stdout}${stderr.trimEnd().split("\n").at(-1)}`;
}

describe("what is no architecture is refused in a sentence", () => {
  const refusals: readonly (readonly [string, string | RegExp])[] = [
    [
      "./throws.mjs",
      /^2 ptekit: BAD_ARGUMENT: \.\/throws\.mjs cannot be loaded: boom \S+ \(throws\.mjs:1\)$/,
    ],
    ["./throws-nothing.mjs", "2 ptekit: BAD_ARGUMENT: ./throws-nothing.mjs cannot be loaded: undefined"],
    ["./getter.mjs", "2 ptekit: BAD_ARGUMENT: ./getter.mjs cannot be read: no (getter.mjs:1)"],
    ["./nothing.mjs", /^2 ptekit: BAD_ARGUMENT: \.\/nothing\.mjs has no Architecture as its default export/],
    [
      "./syntax.mjs",
      /^2 ptekit: BAD_ARGUMENT: \.\/syntax\.mjs cannot be loaded: Unexpected .* \(syntax\.mjs:3\)$/,
    ],
    [
      "./common.cjs",
      /^2 ptekit: BAD_ARGUMENT: \.\/common\.cjs cannot be loaded: Unexpected .* \(common\.cjs:2\)$/,
    ],
    [
      "./helped.mjs",
      /^2 ptekit: BAD_ARGUMENT: \.\/helped\.mjs cannot be loaded: of the helper \(lib\/helper\.mjs:2\)$/,
    ],
    [
      "./wrong.mjs",
      /^2 ptekit: BAD_ARGUMENT: \.\/wrong\.mjs cannot be loaded: BAD_LAYOUT: .* \(wrong\.mjs:\d+\)$/,
    ],
    ["./no-stack.mjs", "2 ptekit: BAD_ARGUMENT: ./no-stack.mjs cannot be loaded: bare"],
    [
      "./core.mjs",
      "2 ptekit: BAD_ARGUMENT: ./core.mjs cannot be loaded: it imports @ptekit/core, which is not installed beside it: npm install @ptekit/core, or from a checkout of ptekit npm install PATH/packages/core",
    ],
    ["./exits.mjs", '2 ptekit: "./exits.mjs" ends the program, or waits for ever'],
    ["./waits.mjs", '2 ptekit: "./waits.mjs" ends the program, or waits for ever'],
    ["./empty.mjs", /^2 ptekit: BAD_ARGUMENT: \.\/empty\.mjs: x: /],
    [
      "./unfinished.mjs",
      "2 ptekit: BAD_LAYOUT: ./unfinished.mjs is unfinished: src/layouts.ts: write the layout",
    ],
    ["./none.mjs", "2 ptekit: BAD_ARGUMENT: ./none.mjs cannot be loaded: there is no such file"],
    ["./cjs", "2 ptekit: BAD_ARGUMENT: ./cjs cannot be loaded: it is a folder; name the file in it"],
    ["@no/package", /^2 ptekit: BAD_ARGUMENT: @no\/package cannot be loaded: Cannot find module/],
    ["arm65", '2 ptekit: UNKNOWN_ARCH: unknown architecture "arm65"; did you mean arm64?'],
    ["fs", /^2 ptekit: UNKNOWN_ARCH: /],
    ["x86", "2 ptekit: UNKNOWN_ARCH: x86 is i386 or x86_64: say which"],
    [
      "./typed.ts",
      Reflect.get(process.features, "typescript")
        ? /^2 ptekit: BAD_ARGUMENT: \.\/typed\.ts has no Architecture/
        : /^2 ptekit: BAD_ARGUMENT: \.\/typed\.ts cannot be loaded: it is TypeScript, which Node runs from 22\.18 on/,
    ],
    ["./enum.ts", /^2 ptekit: BAD_ARGUMENT: \.\/enum\.ts cannot be loaded: /],
  ];
  for (const [arch, sentence] of refusals)
    it(`${arch}: ${sentence}`, () => {
      if (typeof sentence === "string") expect(refused(arch)).toBe(sentence);
      else expect(refused(arch)).toMatch(sentence);
    });

  it("a folder of an architecture's name does not stand before it", () => {
    expect(here(["decode", "--arch", "arm64", "--kernel", "6.12", "0x17c0"]).out).toContain("marker");
  });
});
