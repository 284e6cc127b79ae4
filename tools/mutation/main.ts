// `npm run mutation -- NAME`: Stryker on one package (default: core), by that package's own tests. What else is given
// goes to Stryker. With --record the result goes to docs/mutation.json, which docs/mutation.md is made from; nothing is
// taken over from an earlier run then: Stryker does not see that a new test judges a static mutant.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import { shortName, workspaces } from "../common/workspaces.ts";
import type { PackageRecord, Report } from "./record.ts";
import { recordOf } from "./record.ts";

const RECORD = "docs/mutation.json";

const given = process.argv.slice(2);
const recorded = given.includes("--record");
const [name = "core", ...others] = given.filter((option) => option !== "--record");
const options = recorded ? [...others, "--force"] : others;
const REPORT = `.stryker/${name}.json`;
const packages = new Map(workspaces().map(({ folder, manifest }) => [shortName(manifest), folder]));
const folder = packages.get(name);
if (folder === undefined) {
  console.error(`mutation: there is no package ${name}; there are ${[...packages.keys()].join(", ")}`);
  process.exitCode = 2;
} else {
  // Not above what it was started with.
  os.setPriority(Math.max(os.getPriority(), os.constants.priority.PRIORITY_BELOW_NORMAL));
  fs.rmSync(REPORT, { force: true });
  const stryker = "node_modules/@stryker-mutator/core/bin/stryker.js";
  const env = { ...process.env, MUTATED: folder, CI: "1" };
  const { status } = spawnSync(process.execPath, [stryker, "run", ...options], { stdio: "inherit", env });
  process.exitCode = status ?? 1;
  if (recorded && fs.existsSync(REPORT)) record();
}

function record(): void {
  const report: Report = JSON.parse(fs.readFileSync(REPORT, "utf8"));
  const known: Record<string, PackageRecord> = fs.existsSync(RECORD)
    ? JSON.parse(fs.readFileSync(RECORD, "utf8"))
    : {};
  const all = { ...known, [name]: recordOf(report, { withSurvivors: name === "core" }) };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  fs.writeFileSync(RECORD, `${JSON.stringify(sorted, null, 2)}\n`);
}
