import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { directImports, directImportsOfVite } from "./direct-imports.ts";

let folder = "";
const at = (file: string): string => path.join(folder, file);

beforeAll(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "direct-")));
  fs.mkdirSync(at("pkg/deep"), { recursive: true });
  fs.writeFileSync(
    at("pkg/index.ts"),
    'export type { T } from "./one.ts";\nexport {\n  one,\n  uno as alias,\n} from "./one.ts";\nexport { two } from "./deep/two.ts";\n',
  );
  fs.writeFileSync(
    at("pkg/one.ts"),
    'export type T = 1;\nexport const one = "ONE";\nexport const uno = "UNO";\n',
  );
  fs.writeFileSync(at("pkg/deep/two.ts"), 'export const two = "TWO";\n');
  fs.writeFileSync(at("pkg/said.ts"), "export const said = 1;\n");
  fs.mkdirSync(at("own"));
  fs.writeFileSync(at("own/index.ts"), 'export { one } from "../pkg/one.ts";\nexport const own = 1;\n');
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const direct = (text: string): Promise<string> =>
  directImports(text, at("main.ts"), async (specifier) => path.join(folder, specifier));

describe("imports of an index", () => {
  it("become imports of the files that say the names, whatever they are called there and here", async () => {
    expect(await direct('import { one, alias as mine, two } from "./pkg/index.ts";\n')).toBe(
      'import { one as one } from "./pkg/one.ts"; import { uno as mine } from "./pkg/one.ts"; import { two as two } from "./pkg/deep/two.ts";\n',
    );
  });

  it("lose their types", async () => {
    expect(await direct('import type { T } from "./pkg/index.ts";\n')).toBe("\n");
    expect(await direct('import { one, type T } from "./pkg/index.ts";\n')).toBe(
      'import { one as one } from "./pkg/one.ts";\n',
    );
  });

  it("stay where the module says something itself, or is no index", async () => {
    for (const line of ['import { own } from "./own/index.ts";\n', 'import { said } from "./pkg/said.ts";\n'])
      expect(await direct(line)).toBe(line);
  });

  it("are refused where the index has no such name", async () => {
    await expect(direct('import { three } from "./pkg/index.ts";\n')).rejects.toThrow("three");
  });

  it("keep what is not asked for out of the graph of a bundler", async () => {
    fs.writeFileSync(at("a.ts"), 'import { one } from "./pkg/index.ts";\nconsole.log(one);\n');
    const seen: string[] = [];
    const spy = {
      name: "spy",
      moduleParsed: ({ id }: { id: string }) => void seen.push(path.relative(folder, id)),
    };
    const bundle = await rolldown({ cwd: folder, input: "a.ts", plugins: [directImportsOfVite, spy] });
    await bundle.generate({});
    expect(seen.sort()).toEqual(["a.ts", "pkg/one.ts"]);
  });
});
