import fs from "node:fs";

/** The names of the architecture packages: a folder of packages/arch whose package.json says `"ptekit": "architecture"`. */
export function architectures() {
  return fs
    .readdirSync("packages/arch")
    .filter(
      (name) =>
        fs.existsSync(`packages/arch/${name}/package.json`) &&
        manifest(`packages/arch/${name}`).ptekit === "architecture",
    )
    .sort();
}

/** The folder of a package, by the name behind @ptekit/. */
export function folderOf(name) {
  return fs.existsSync(`packages/arch/${name}/package.json`) ? `packages/arch/${name}` : `packages/${name}`;
}

/** A folder's package.json. */
export function manifest(folder) {
  return JSON.parse(fs.readFileSync(`${folder}/package.json`, "utf8"));
}

/** Every architecture's data, by name. */
export async function loadArchitectures() {
  const loaded = architectures().map(async (name) => {
    const module = await import(new URL(`../../packages/arch/${name}/src/index.ts`, import.meta.url).href);
    return [name, module.default];
  });
  return new Map(await Promise.all(loaded));
}
