// `npm run mutation -- NAME`: Stryker on one package (default: core), by that package's own tests.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";

const [name = "core", ...options] = process.argv.slice(2);
if (!fs.existsSync(`packages/${name}/src`)) {
  console.error(`mutation: there is no package ${name}; there are ${fs.readdirSync("packages").join(", ")}`);
  process.exitCode = 2;
} else {
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
  const stryker = "node_modules/@stryker-mutator/core/bin/stryker.js";
  const env = { ...process.env, MUTATED: name, CI: "1" };
  const { status } = spawnSync(process.execPath, [stryker, "run", ...options], { stdio: "inherit", env });
  process.exitCode = status ?? 1;
}
