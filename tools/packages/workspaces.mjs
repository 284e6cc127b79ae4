import { execFileSync } from "node:child_process";
import fs from "node:fs";

/** Every package that is published: its folder and its package.json. */
export function published() {
  return workspaces().filter(({ manifest }) => manifest.private !== true);
}

/** Every package of this repository: its folder and its package.json. */
export function workspaces() {
  return ["packages", "packages/arch", "apps"]
    .flatMap((parent) => fs.readdirSync(parent).map((name) => `${parent}/${name}`))
    .filter((folder) => fs.existsSync(`${folder}/package.json`))
    .map((folder) => ({ folder, manifest: JSON.parse(fs.readFileSync(`${folder}/package.json`, "utf8")) }));
}

/** What `npm pack` puts into each package's tarball, written to a folder if one is given: name → report. */
export function pack(destination) {
  const where = destination === undefined ? ["--dry-run"] : ["--pack-destination", destination];
  const names = published().map(({ manifest }) => `--workspace=${manifest.name}`);
  const options = ["pack", "--json", "--ignore-scripts", ...names, ...where];
  const text = execFileSync("npm", options, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return new Map(Object.values(JSON.parse(text)).map((report) => [report.name, report]));
}
