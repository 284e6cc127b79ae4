// Links the workspaces' commands into node_modules/.bin. `npm ci` does so only for files that exist by then, and ours
// are built later.
import fs from "node:fs";
import path from "node:path";
import { workspaces } from "./common/workspaces.ts";

const bin = "node_modules/.bin";
for (const { folder, manifest } of workspaces())
  for (const [name, target] of Object.entries(manifest.bin ?? {})) {
    fs.chmodSync(`${folder}/${target}`, 0o755);
    fs.rmSync(`${bin}/${name}`, { force: true });
    fs.symlinkSync(path.relative(bin, `${folder}/${target}`), `${bin}/${name}`);
  }
