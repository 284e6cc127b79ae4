// `npm run mutation -- NAME`: Stryker on one package (default: core), by that package's own tests. What else is given
// goes to Stryker. With --record the result goes to docs/mutation.json, which docs/mutation.md is made from; nothing is
// taken over from an earlier run then: Stryker does not see that a new test judges a static mutant.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import { recordOf } from "./record.mjs";

const RECORD = "docs/mutation.json";

const given = process.argv.slice(2);
const recorded = given.includes("--record");
const [name = "core", ...others] = given.filter((option) => option !== "--record");
const options = recorded ? [...others, "--force"] : others;
const REPORT = `.stryker/${name}.json`;
if (!fs.existsSync(`packages/${name}/src`)) {
  console.error(`mutation: there is no package ${name}; there are ${fs.readdirSync("packages").join(", ")}`);
  process.exitCode = 2;
} else {
  // Not above what it was started with.
  os.setPriority(Math.max(os.getPriority(), os.constants.priority.PRIORITY_BELOW_NORMAL));
  fs.rmSync(REPORT, { force: true });
  const stryker = "node_modules/@stryker-mutator/core/bin/stryker.js";
  const env = { ...process.env, MUTATED: name, CI: "1" };
  const { status } = spawnSync(process.execPath, [stryker, "run", ...options], { stdio: "inherit", env });
  process.exitCode = status ?? 1;
  if (recorded && fs.existsSync(REPORT)) record();
}

function record() {
  const report = JSON.parse(fs.readFileSync(REPORT, "utf8"));
  const known = fs.existsSync(RECORD) ? JSON.parse(fs.readFileSync(RECORD, "utf8")) : {};
  const all = { ...known, [name]: recordOf(report, { withSurvivors: name === "core" }) };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  fs.writeFileSync(RECORD, `${JSON.stringify(sorted, null, 2)}\n`);
}
