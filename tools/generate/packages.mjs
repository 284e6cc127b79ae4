import fs from "node:fs";

/** The names of the architecture packages: a folder of packages/ whose package.json says `"ptekit": "architecture"`. */
export function architectures() {
  return fs
    .readdirSync("packages")
    .filter(
      (name) =>
        fs.existsSync(`packages/${name}/package.json`) &&
        manifest(`packages/${name}`).ptekit === "architecture",
    )
    .sort();
}

/** A folder's package.json. */
export function manifest(folder) {
  return JSON.parse(fs.readFileSync(`${folder}/package.json`, "utf8"));
}

/** Every architecture's data, from its built package, by name. */
export async function loadArchitectures() {
  const loaded = architectures().map(async (name) => {
    const module = await import(new URL(`../../packages/${name}/dist/index.js`, import.meta.url).href);
    return [name, module.default];
  });
  return new Map(await Promise.all(loaded));
}
