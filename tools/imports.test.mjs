import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { architectures, folderOf, manifest } from "./generate/packages.mjs";

// Imports go one way: arch → core; the other packages → core; apps → anything below them.
const archs = architectures();
const packages = [...fs.readdirSync("packages"), ...archs].filter((name) =>
  fs.existsSync(`${folderOf(name)}/package.json`),
);
const apps = fs.readdirSync("apps").filter((name) => fs.existsSync(`apps/${name}/package.json`));

/** The names of this repository that a folder's sources import, and the relative paths that leave their package. */
function imports(folder) {
  const sources = filesIn(folder).filter((file) => /\.(ts|tsx|mts|js|mjs)$/.test(file));
  const named = sources.flatMap((file) => {
    const text = fs.readFileSync(file, "utf8");
    // A name has no blank in it: prose in comments is no import.
    return [...text.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*["']([\w@./:-]+)["']/g)].map(
      (found) => found[1],
    );
  });
  return [...new Set(named)];
}

function filesIn(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

/** The relative imports that leave a folder. */
const leaving = (folder) =>
  filesIn(folder).flatMap((file) =>
    [...fs.readFileSync(file, "utf8").matchAll(/\bfrom "(\.[^"]+)"/g)]
      .map((found) => path.posix.join(path.posix.dirname(file), found[1]))
      .filter((target) => !target.startsWith(`${folder}/`)),
  );

const ours = (names) => names.filter((name) => name.startsWith("@ptekit/")).map((name) => name.split("/")[1]);
const packageOf = (name) => manifest(folderOf(name));
const runtime = ({ dependencies = {}, peerDependencies = {}, optionalDependencies = {} }) =>
  Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });

describe("packages", () => {
  it("there are some: core, the kit and the architectures", () => {
    expect(packages).toEqual(expect.arrayContaining(["core", "conformance-kit", "arm", "arm64", "x86_64"]));
    expect(archs).toEqual(expect.arrayContaining(["arm", "arm64", "x86_64"]));
  });

  it("core imports nothing and depends on nothing", () => {
    expect(imports("packages/core/src").filter((name) => !name.startsWith("."))).toEqual([]);
    expect(runtime(packageOf("core"))).toEqual([]);
  });

  it.each(archs)("%s depends on core alone, and imports nothing else", (name) => {
    expect(runtime(packageOf(name))).toEqual(["@ptekit/core"]);
    const others = imports(`${folderOf(name)}/src`).filter((found) => !found.startsWith("./"));
    expect(others).toEqual(["@ptekit/core"]);
  });

  it.each(packages)(
    "%s imports no architecture but itself, and no app; all imports every architecture",
    (name) => {
      const found = imports(`${folderOf(name)}/src`);
      const forbidden = [...(name === "all" ? [] : archs), ...apps].filter((other) => other !== name);
      expect(ours(found).filter((other) => forbidden.includes(other))).toEqual([]);
      expect(ours(runtime(packageOf(name))).filter((other) => forbidden.includes(other))).toEqual([]);
      expect(leaving(`${folderOf(name)}/src`)).toEqual([]);
    },
  );

  it.each(archs)("%s's tests know no sibling", (name) => {
    const { devDependencies = {} } = packageOf(name);
    const found = ours([...imports(`${folderOf(name)}/test`), ...Object.keys(devDependencies)]);
    expect(found.filter((other) => other !== name && archs.includes(other))).toEqual([]);
  });
});

/** A command whose one file holds all that it imports: where it is installed it needs nothing. */
const isBundle = (pkg) =>
  pkg.bin !== undefined && pkg.dependencies === undefined && !pkg.files.includes("src");

describe("what is imported is a dependency", () => {
  const folders = [...packages.map(folderOf), ...apps.map((name) => `apps/${name}`)];
  it.each(folders)("%s", (folder) => {
    const pkg = manifest(folder);
    const self = ours([pkg.name]);
    const dev = ours([...runtime(pkg), ...Object.keys(pkg.devDependencies ?? {})]).concat(self);
    const known = isBundle(pkg) ? dev : ours(runtime(pkg)).concat(self);
    expect(ours(imports(`${folder}/src`)).filter((name) => !known.includes(name))).toEqual([]);
    expect(ours(imports(`${folder}/test`)).filter((name) => !dev.includes(name))).toEqual([]);
  });

  it.each(apps)("no package depends on the app %s", (app) => {
    const name = manifest(`apps/${app}`).name;
    const users = packages.filter((other) => {
      const pkg = packageOf(other);
      return [...runtime(pkg), ...Object.keys(pkg.devDependencies ?? {})].includes(name);
    });
    expect(users).toEqual([]);
  });
});
