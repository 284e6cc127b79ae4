import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { format } from "node:util";
import { afterAll, describe, expect, it, vi } from "vitest";
import { blocksOf, documents } from "./common/documents.ts";

// A block of `js` or `ts` in a document is a whole program: each compiles, and those of `js` that need no file of their
// own run, and print what their comments promise. Those of CONTRIBUTING.md's walk are files of it; its own test runs it.
// What is generated from declarations shows declarations.
const written = documents().filter((file) => !/^(docs\/reference|etc\/api)\//.test(file));
const examples = written.flatMap((file) =>
  blocksOf(file)
    .filter(({ language, info }) => /^(js|ts)$/.test(language) && info === "")
    .map(({ language, text }, index) => ({
      title: `${file}, example ${index + 1}`,
      language,
      text,
      isOfPages: isOfPages(file),
    })),
);
/** Whether a document is of a package for pages: its examples need a document of the browser's, and are compiled alone. */
function isOfPages(file: string): boolean {
  const config = path.join(path.dirname(file), "tsconfig.json");
  return fs.existsSync(config) && fs.readFileSync(config, "utf8").includes('"dom"');
}

const isProgram = (text: string): boolean => !/from "\.\.?\//.test(text);

fs.mkdirSync(".vitest", { recursive: true });
const home = fs.mkdtempSync(path.resolve(".vitest/examples-"));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

describe("what an example promises", { timeout: 60_000 }, () => {
  it.each(
    examples.filter(({ language, text, isOfPages }) => language === "js" && !isOfPages && isProgram(text)),
  )("$title", async ({ title, text }) => {
    const { program, promised } = judged(text);
    expect(promised.length > 0 || /^expect\(/m.test(program)).toBe(true);
    expect(await printedBy(title, program)).toEqual(promised);
  });

  it.each([
    ["what is printed", "console.log(1 + 1); // 2\n", true],
    ["what is printed, wrong", "console.log(1 + 1); // 3\n", false],
    ["what is printed in a loop", "for (const n of [1, 2]) console.log(n);\n// 1\n// 2\n", true],
    ["what is printed in a loop, wrong", "for (const n of [1, 2]) console.log(n);\n// 1\n", false],
    ["part of an object", "({ a: 1n, b: 2 }); // { a: 0x1n, … }\n", true],
    ["part of an object, wrong", "({ a: 1n, b: 2 }); // { a: 0x2n, … }\n", false],
  ])("is tried: %s", async (title, text, holds) => {
    const { program, promised } = judged(text);
    const tried = printedBy(title, program).then((printed) => expect(printed).toEqual(promised));
    await (holds ? tried : expect(tried).rejects.toThrow());
  });
});

/**
 * A program that compares a value that stands in a comment itself, and what else it is to print: the comment behind
 * console.log(), or those on lines of their own directly under the code that prints them.
 */
function judged(text: string): { program: string; promised: string[] } {
  const promised: string[] = [];
  let underCode = false;
  const lines = text.split("\n").map((line) => {
    const own = /^\/\/ (.*)$/.exec(line)?.[1];
    if (own !== undefined && underCode) promised.push(own);
    underCode &&= own !== undefined;
    if (own !== undefined || line === "") return line;
    underCode = true;
    const [, code = line, comment] = /^(.*;) \/\/ (.*)$/.exec(line) ?? [];
    if (comment === undefined) return line;
    const value = /^\{.*\}$/.exec(comment)?.[0].replace(/,? … ?\}$/, "}");
    if (code.startsWith("console.log(")) promised.push(comment);
    else if (value) return `expect(${code.slice(0, -1)}).toMatchObject(${value});`;
    return line;
  });
  return { program: `import { expect } from "vitest";\n${lines.join("\n")}`, promised };
}

async function printedBy(title: string, program: string): Promise<string[]> {
  const file = path.join(home, `${title.replace(/\W+/g, "-")}.mjs`);
  fs.writeFileSync(file, program);
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    await import(/* @vite-ignore */ file);
    return log.mock.calls.flatMap((call) => format(...call).split("\n"));
  } finally {
    log.mockRestore();
  }
}

it.each([
  ["every example compiles under our own options", false, ["es2022"]],
  ["one for pages does with the browser's names", true, ["es2022", "dom", "dom.iterable"]],
])("%s", { timeout: 60_000 }, (_, forPages, lib) => {
  // core's README shows an architecture of one's own, whole; others import it.
  const own = examples.find(({ title }) => title.startsWith("packages/core/README.md"))?.text ?? "";
  const folder = path.join(home, `compiled-${forPages}/test`);
  fs.mkdirSync(folder, { recursive: true });
  for (const at of ["my-arch.ts", "../my-arch.ts"]) fs.writeFileSync(path.join(folder, at), own);
  const names = examples
    .filter(({ isOfPages }) => isOfPages === forPages)
    .map(({ title, text }) => {
      const name = `${title.replace(/\W+/g, "-")}.ts`;
      fs.writeFileSync(path.join(folder, name), text);
      return name;
    });
  const config = path.join(folder, "tsconfig.json");
  const typeRoots = [path.resolve("node_modules/@types")];
  const compilerOptions = { noEmit: true, lib, typeRoots, types: ["node"] };
  fs.writeFileSync(
    config,
    JSON.stringify({ extends: path.resolve("tsconfig.base.json"), compilerOptions, files: names }),
  );
  const { stdout } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", config], {
    encoding: "utf8",
  });
  expect(stdout).toBe("");
  expect(names.length).toBeGreaterThan(forPages ? 0 : 5);
});

it("README.md: the two commands are scripts of package.json", () => {
  const { scripts } = JSON.parse(fs.readFileSync("package.json", "utf8"));
  const text = fs.readFileSync("README.md", "utf8");
  const commands = [...text.matchAll(/^npm ci && npm (?:run )?(\w+)$/gm)].map(([, name = ""]) => name);
  expect(commands).toEqual(["conformance", "test"]);
  for (const command of commands) expect(scripts).toHaveProperty(command);
});

describe("every npm script that a document names exists", () => {
  const { scripts } = JSON.parse(fs.readFileSync("package.json", "utf8"));
  it.each(documents())("%s", (file) => {
    const named = [...fs.readFileSync(file, "utf8").matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)];
    expect(named.map(([, name = ""]) => name).filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

describe("every path of this repository that a document names exists", () => {
  it.each(documents().filter((file) => !/CHANGELOG\.md$|^\.changeset/.test(file)))("%s", (file) => {
    const text = fs.readFileSync(file, "utf8");
    const named = [...text.matchAll(/(?<![\w@/.-])(?:packages|apps|tools|docs|etc)\/[\w./-]*\w/g)];
    const tracked = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { encoding: "utf8" });
    const known = tracked.split("\n");
    const missing = named
      .map(([name]) => name)
      .filter((name) => !known.some((one) => one === name || one.startsWith(`${name}/`)));
    expect(missing).toEqual([]);
  });
});
