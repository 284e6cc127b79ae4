import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Manifest } from "./common/workspaces.ts";
import { architectures, shortName, workspaces } from "./common/workspaces.ts";

/**
 * Imports go one way: core ← architectures ← all ← explain, introspect ← apps; core ← bulk, uffd-wp, pte-bits,
 * conformance-kit; dump stands alone; dump and bulk are under introspect. What a package may import, its own name aside.
 */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  core: [],
  dump: [],
  architecture: ["core"],
  bulk: ["core"],
  "uffd-wp": ["core"],
  "pte-bits": ["core"],
  "conformance-kit": ["core"],
  all: ["core", "architecture"],
  explain: ["core", "all"],
  introspect: ["core", "all", "bulk", "dump"],
};

const archs = architectures();
const all = workspaces().map(({ folder, manifest }) => ({
  folder,
  manifest,
  name: shortName(manifest),
  kind: archs.includes(shortName(manifest)) ? "architecture" : shortName(manifest),
}));
const packages = all.filter(({ folder }) => folder.startsWith("packages/"));
const others = all.filter(({ folder }) => !folder.startsWith("packages/"));

const filesIn = (folder: string): string[] =>
  fs.existsSync(folder)
    ? fs
        .readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.name !== "node_modules")
        .flatMap((entry) =>
          entry.isDirectory() ? filesIn(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
        )
    : [];

/** What the sources of a folder import, types too: names and relative paths, each with its file. */
function imports(folder: string): { file: string; name: string }[] {
  const sources = filesIn(folder).filter((file) => /\.(ts|tsx|mts|js|mjs)$/.test(file));
  return sources.flatMap((file) => {
    const text = fs.readFileSync(file, "utf8");
    // A name has no blank in it: prose in comments is no import.
    const found = text.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*["']([\w@./:-]+)["']/g);
    return [...found].map(([, name = ""]) => ({ file, name }));
  });
}

/** The packages of this repository among names, without @ptekit/ and each once. */
const ours = (names: readonly string[]): string[] => [
  ...new Set(names.flatMap((name) => /^@ptekit\/([\w-]+)/.exec(name)?.[1] ?? [])),
];
const imported = (folder: string): string[] => imports(folder).map(({ name }) => name);
const kindOf = (name: string): string => (archs.includes(name) ? "architecture" : name);

const runtime = ({
  dependencies = {},
  peerDependencies = {},
  optionalDependencies = {},
}: Manifest): string[] => Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
const development = ({ devDependencies = {} }: Manifest): string[] => Object.keys(devDependencies);

describe("packages", () => {
  it("there are some: core, the kit and the architectures", () => {
    const names = packages.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["core", "conformance-kit", "all", "arm", "x86_64"]));
    expect(archs).toEqual(expect.arrayContaining(["arm", "arm64", "x86_64"]));
  });

  it.each(packages)("$name imports and depends on what is below it, and on nothing else of ours", (pkg) => {
    const { folder, manifest, name, kind } = pkg;
    expect(BELOW).toHaveProperty([kind]);
    const used = [...imported(`${folder}/src`), ...runtime(manifest)];
    const above = ours(used).filter((other) => other !== name && !BELOW[kind]?.includes(kindOf(other)));
    expect(above).toEqual([]);
  });

  it.each(packages)("$name's sources stay in their folder", ({ folder }) => {
    const leaving = imports(`${folder}/src`)
      .filter(({ name }) => name.startsWith("."))
      .map(({ file, name }) => path.posix.join(path.posix.dirname(file), name))
      .filter((target) => !target.startsWith(`${folder}/src/`));
    expect(leaving).toEqual([]);
  });

  it.each(packages.filter(({ kind }) => kind === "core" || kind === "architecture"))(
    "$name imports nothing of others, and depends on nothing of others",
    ({ folder, manifest }) => {
      const foreign = [...imported(`${folder}/src`), ...runtime(manifest)].filter(
        (name) => !name.startsWith(".") && ours([name]).length === 0,
      );
      expect(foreign).toEqual([]);
    },
  );

  it.each(packages.filter(({ kind }) => kind === "architecture"))(
    "$name's tests know no sibling",
    ({ folder, manifest, name }) => {
      const used = ours([...imported(`${folder}/test`), ...development(manifest)]);
      expect(used.filter((other) => other !== name && archs.includes(other))).toEqual([]);
    },
  );
});

/** A command whose files hold all that it imports: where it is installed it needs nothing. */
const isBundle = (manifest: Manifest): boolean =>
  manifest.bin !== undefined && manifest.dependencies === undefined && !manifest.files?.includes("src");

describe("what is imported is a dependency", () => {
  it.each(all)("$folder", ({ folder, manifest, name }) => {
    const dev = [...ours([...runtime(manifest), ...development(manifest)]), name];
    const known = isBundle(manifest) ? dev : [...ours(runtime(manifest)), name];
    expect(ours(imported(`${folder}/src`)).filter((other) => !known.includes(other))).toEqual([]);
    expect(ours(imported(`${folder}/test`)).filter((other) => !dev.includes(other))).toEqual([]);
  });

  it.each(others)("no package depends on $folder", ({ manifest: { name } }) => {
    const users = packages.filter(({ manifest }) =>
      [...runtime(manifest), ...development(manifest)].includes(name),
    );
    expect(users).toEqual([]);
  });
});
