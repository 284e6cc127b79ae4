// The parsers, the JSON Schemas and docs/formats.md say the same.
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { checkLive, checkVectors, parseLife, parseLive, parseVectors } from "@ptekit/conformance-kit";
import { PtekitError } from "@ptekit/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { arm } from "../../arch/arm/src/index.ts";

type Json = Record<string, unknown>;

const root = fileURLToPath(new URL("../../../", import.meta.url));
const ajv = new Ajv2020({ allowUnionTypes: true });
const schema = (name: string) =>
  ajv.compile(
    JSON.parse(
      fs.readFileSync(`${root}packages/conformance-kit/schemas/${name}.schema.json`, "utf8"),
    ) as Json,
  );
const formats = {
  vectors: { valid: schema("vectors"), parse: parseVectors },
  live: { valid: schema("live"), parse: parseLive },
  life: { valid: schema("life"), parse: parseLife },
} as const;
const example = (name: string): Json => {
  const page = fs.readFileSync(`${root}docs/formats.md`, "utf8");
  return JSON.parse(new RegExp(`\`\`\`json ${name}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? "") as Json;
};

/** Whether the parser refuses a file. */
function refused(parse: (file: string, text: string) => unknown, file: unknown): boolean {
  try {
    parse("f.json", JSON.stringify(file));
    return false;
  } catch (error) {
    if (error instanceof PtekitError && error.code === "BAD_FILE") return true;
    throw error;
  }
}

/** What stands where something else is expected. */
const values: readonly unknown[] = [
  undefined,
  null,
  5,
  1.5,
  -1,
  "x",
  "0x5",
  "0x",
  true,
  [],
  {},
  ["x"],
  [5],
  [{}],
  { x: 5 },
  { x: "y" },
  "pmd",
  "ptekit-live/2",
];

/** The example with each key of its head and of each kind of row replaced by each value, one at a time. */
function* mutations(file: Json): Generator<[what: string, Json]> {
  for (const key of [
    ...Object.keys(file),
    "cpu",
    "masks",
    "constants",
    "markers",
    "notes",
    "format",
    "root",
    "upper",
  ]) {
    for (const value of values) yield [`${key} is ${JSON.stringify(value)}`, { ...file, [key]: value }];
  }
  for (const [list, rows] of Object.entries(file)) {
    if (!Array.isArray(rows)) continue;
    for (const [index, row] of (rows as Json[]).entries()) {
      for (const key of [...Object.keys(row), "swpEntry", "class", "further", "level", "at", "exclusive"]) {
        for (const value of values) {
          const changed = (rows as Json[]).map((other, i) =>
            i === index ? { ...row, [key]: value } : other,
          );
          yield [`${list}[${index}].${key} is ${JSON.stringify(value)}`, { ...file, [list]: changed }];
        }
      }
    }
  }
}

describe.each(["vectors", "live", "life"] as const)("%s", (name) => {
  const { valid, parse } = formats[name];

  it("the example of the page is short, valid, and what the kernel answered", () => {
    const file = example(name);
    expect(valid(file), JSON.stringify(valid.errors)).toBe(true);
    const text = JSON.stringify(file);
    if (name === "life") {
      // What the model says of it is held where the model is: packages/uffd-wp.
      expect(parseLife("l", text).sequences.map(({ vma, steps }) => [vma, steps.length])).toEqual([
        ["shmem", 2],
      ]);
      return;
    }
    const report =
      name === "vectors" ? checkVectors(arm, parseVectors("v", text)) : checkLive(arm, parseLive("l", text));
    expect(report.mismatches).toEqual([]);
    expect(Object.values(report.rows).reduce((sum, rows) => sum + rows, 0)).toBeGreaterThan(0);
  });

  it("the schema refuses what the parser refuses, and nothing else", () => {
    const counts = { refused: 0, taken: 0 };
    for (const [what, file] of mutations(example(name))) {
      const isRefused = refused(parse, file);
      counts[isRefused ? "refused" : "taken"]++;
      // A schema cannot say that a step is of a sequence that the file has.
      if (/\.(of|number) is -?\d+$/.test(what)) {
        expect(isRefused, what).toBe(true);
        continue;
      }
      // JSON has no undefined: the key is gone.
      expect(!valid(JSON.parse(JSON.stringify(file))), what).toBe(isRefused);
    }
    expect(counts.refused).toBeGreaterThan(50);
    expect(counts.taken).toBeGreaterThan(20);
  });

  const archs = fs.readdirSync(`${root}packages/arch`);
  const folders = archs
    .map((arch) => `${root}packages/arch/${arch}/${name}`)
    .filter((folder) => fs.existsSync(folder));
  const files = folders.flatMap((folder) => fs.readdirSync(folder).map((file) => `${folder}/${file}`));

  it("every file of this repository is valid", () => {
    expect(files.length).toBeGreaterThan(5);
    const invalid = files.filter((file) => !valid(JSON.parse(fs.readFileSync(file, "utf8"))));
    expect(invalid).toEqual([]);
  });
});
