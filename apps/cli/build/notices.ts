import fs from "node:fs";
import path from "node:path";

/** The licences of what is bundled and not ours, each with the text that it asks to be kept. */
export function notices(files: readonly string[]): string {
  const folders = files.flatMap((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)]
    .map((folder) => ({ folder, manifest: manifestOf(folder) }))
    .sort((a, b) => a.manifest.name.localeCompare(b.manifest.name))
    .map(({ folder, manifest: { name, version, license } }) => {
      const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      if (file === undefined) throw new Error(`${name} is bundled, and has no licence to keep`);
      return `${name} ${version} (${license})\n\n${fs.readFileSync(path.join(folder, file), "utf8").trim()}\n`;
    })
    .join(`\n${"-".repeat(72)}\n\n`);
}

const manifestOf = (folder: string): { name: string; version: string; license: string } =>
  JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
