// Links the workspaces' commands into node_modules/.bin. `npm ci` does so only for files that exist by then, and ours
// are built later.
import fs from "node:fs";
import path from "node:path";

const bin = "node_modules/.bin";
for (const folder of ["apps", "packages", "packages/arch"].flatMap((parent) =>
  fs.readdirSync(parent).map((name) => `${parent}/${name}`),
)) {
  const file = `${folder}/package.json`;
  const commands = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")).bin ?? {}) : {};
  for (const [name, target] of Object.entries(commands)) {
    fs.chmodSync(`${folder}/${target}`, 0o755);
    fs.rmSync(`${bin}/${name}`, { force: true });
    fs.symlinkSync(path.relative(bin, `${folder}/${target}`), `${bin}/${name}`);
  }
}
