import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { architectures, manifest } from "./generate/packages.mjs";

// Imports go one way: arch → core; the other packages → core; apps → anything below them.
const archs = architectures();
const packages = fs.readdirSync("packages").filter((name) => fs.existsSync(`packages/${name}/package.json`));
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

const ours = (names) => names.filter((name) => name.startsWith("@ptekit/")).map((name) => name.split("/")[1]);
const packageOf = (name) => manifest(`packages/${name}`);
const runtime = ({ dependencies = {}, peerDependencies = {}, optionalDependencies = {} }) =>
  Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });

describe("packages", () => {
  it("there are some: core, the kit and the architectures", () => {
    expect(packages).toEqual(expect.arrayContaining(["core", "conformance-kit", "arm", "arm64", "x86_64"]));
    expect(archs).toEqual(expect.arrayContaining(["arm", "arm64", "x86_64"]));
  });

  it("core imports nothing and depends on nothing", () => {
    expect(imports("packages/core/src").filter((name) => !name.startsWith("./"))).toEqual([]);
    expect(runtime(packageOf("core"))).toEqual([]);
  });

  it.each(archs)("%s depends on core alone, and imports nothing else", (name) => {
    expect(runtime(packageOf(name))).toEqual(["@ptekit/core"]);
    const others = imports(`packages/${name}/src`).filter((found) => !found.startsWith("./"));
    expect(others).toEqual(["@ptekit/core"]);
  });

  it.each(packages)("%s imports no architecture but itself, and no app", (name) => {
    const found = imports(`packages/${name}/src`);
    const forbidden = [...archs, ...apps].filter((other) => other !== name);
    expect(ours(found).filter((other) => forbidden.includes(other))).toEqual([]);
    expect(ours(runtime(packageOf(name))).filter((other) => forbidden.includes(other))).toEqual([]);
    expect(found.filter((path) => path.startsWith("../../"))).toEqual([]);
  });

  it.each(archs)("%s's tests know no sibling", (name) => {
    const { devDependencies = {} } = packageOf(name);
    const found = ours([...imports(`packages/${name}/test`), ...Object.keys(devDependencies)]);
    expect(found.filter((other) => other !== name && archs.includes(other))).toEqual([]);
  });
});

describe("what is imported is a dependency", () => {
  const folders = [...packages.map((name) => `packages/${name}`), ...apps.map((name) => `apps/${name}`)];
  it.each(folders)("%s", (folder) => {
    const pkg = manifest(folder);
    const self = ours([pkg.name]);
    const known = ours(runtime(pkg)).concat(self);
    const dev = known.concat(ours(Object.keys(pkg.devDependencies ?? {})));
    // An app without dependencies is bundled: what it needs at build time is in its files.
    const isBundled = pkg.bin !== undefined && runtime(pkg).length === 0;
    const usable = isBundled ? dev : known;
    expect(ours(imports(`${folder}/src`)).filter((name) => !usable.includes(name))).toEqual([]);
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
