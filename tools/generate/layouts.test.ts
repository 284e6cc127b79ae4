// layouts.json is all that ptekit knows: an architecture made from it is the same, and another language reads it.
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import { loadAll } from "@ptekit/all";
import type { AnyDecoded, ArchData, Architecture } from "@ptekit/core";
import { defineArch, hex } from "@ptekit/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { checkVectors, parseVectors } from "../../packages/conformance-kit/src/index.ts";

const at = (file: string): URL => new URL(`../../${file}`, import.meta.url);
const json = (file: string): unknown => JSON.parse(fs.readFileSync(at(file), "utf8"));

interface Kernel {
  readonly since: string;
  readonly layout: string | null;
  readonly pteBits: 32 | 64;
}
const layouts = json("packages/all/layouts.json") as {
  readonly architectures: Readonly<Record<string, { readonly kernels: readonly Kernel[] }>>;
};
const archs = await loadAll();

/** The data of an architecture as core has it. */
function dataOf(name: string): ArchData {
  const { kernels: _, ...data } = layouts.architectures[name] ?? { kernels: [] };
  return JSON.parse(JSON.stringify(data), (_, value) =>
    typeof value === "string" && /^-?0x[0-9a-f]+$/.test(value) ? wordOf(value) : value,
  );
}

const wordOf = (text: string): bigint => (text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text));

it("is what its schema says, and the schema refuses what is not", () => {
  const validate = new Ajv2020().compile(json("packages/all/layouts.schema.json") as object);
  expect([validate(layouts), validate.errors]).toEqual([true, null]);
  const wrong = structuredClone(layouts) as unknown as { architectures: { arm: { title: unknown } } };
  wrong.architectures.arm.title = 1;
  expect(validate(wrong)).toBe(false);
});

describe.each(archs.map((arch) => [arch.name, arch] as const))("%s", (name, arch) => {
  it("made from layouts.json is the architecture", () => {
    const { for: _, ...data } = arch;
    expect(dataOf(name)).toEqual({ ...data });
  });

  const folder = at(`packages/arch/${name}/vectors/`);
  // In CI every file; the data being equal, one shows that it is enough.
  const files = fs.readdirSync(folder).sort();
  it.each(process.env.PTEKIT_WHOLE === "1" ? files : files.slice(-1))(
    "made from layouts.json passes %s",
    (file) => {
      const report = checkVectors(
        defineArch(dataOf(name)),
        parseVectors(file, fs.readFileSync(new URL(file, folder), "utf8")),
      );
      expect(report.mismatches).toEqual([]);
    },
  );
});

describe("the program of docs/python.md", () => {
  const [, program = ""] = /```python\n(.*?)```/s.exec(fs.readFileSync(at("docs/python.md"), "utf8")) ?? [];
  const hasPython = spawnSync("python3", ["--version"]).status === 0;
  if (!hasPython) {
    it.skip("is not run: there is no python3", () => {});
    return;
  }
  const run = (text: string): string =>
    execFileSync("python3", ["-"], { input: text, cwd: at("packages/all/"), encoding: "utf8" });

  it("has about twenty lines, and prints what it says", () => {
    expect(program.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(25);
    expect(run(program).trim()).toBe(/# (\(.*\))$/m.exec(program)?.[1]);
  });

  it("decodes words of every kernel in layouts.json as core does", { timeout: 60_000 }, () => {
    const asked = archs.flatMap((arch) =>
      (layouts.architectures[arch.name]?.kernels ?? []).flatMap(({ since, layout, pteBits }) =>
        layout === null ? [] : wordsAt(arch, since, pteBits),
      ),
    );
    const rows = asked.map(({ arch, since, word }) => `("${arch.name}", "${since}", ${hex(word, 64)})`);
    const once = "import functools\nkernel = functools.cache(kernel)\n";
    const answers = run(`${program}\n${once}for row in [${rows.join(", ")}]:\n    print(decode(*row))\n`)
      .trim()
      .split("\n")
      .slice(1);
    const expected = asked.map(({ said: { kind, type, offset } }) => {
      return kind === "none" || kind === "present" ? kind : `${type}, ${offset}`;
    });
    const said = answers.map((answer) => answer.replace(/^\('[\w-]+', (.*)\)$/, "$1"));
    const wrong = asked.flatMap(({ arch, since, word }, i) =>
      said[i] === expected[i]
        ? []
        : [`${arch.name} ${since} ${hex(word, 64)}: ${said[i]}, not ${expected[i]}`],
    );
    expect(wrong).toEqual([]);
    expect(asked.length).toBeGreaterThan(5000);
  });
});

/** Words of a kernel, and what core says of each. */
function wordsAt(
  arch: Architecture,
  since: string,
  bits: 32 | 64,
): { arch: Architecture; since: string; word: bigint; said: AnyDecoded }[] {
  const backend = arch.for({ release: since });
  return wordsOf(bits).map((word) => ({ arch, since, word, said: backend.decode(word) }));
}

/** Words of every kind: pairs of bits, none, all, and some without a pattern. */
function wordsOf(bits: 32 | 64): bigint[] {
  const all = (1n << BigInt(bits)) - 1n;
  const single = Array.from({ length: bits / 2 }, (_, i) => 3n << BigInt(2 * i));
  const mixed = Array.from({ length: 8 }, (_, i) => (0x9e3779b97f4a7c15n * BigInt(i + 1)) & all);
  return [0n, all, ...single, ...mixed];
}
