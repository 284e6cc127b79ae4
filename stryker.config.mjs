// `npm run mutation -- NAME` mutates one package, by its own tests; without a name, core.
import path from "node:path";

// Its folder.
const { MUTATED = "packages/core" } = process.env;
const name = path.basename(MUTATED);

export default {
  mutate: [`${MUTATED}/src/**/*.ts`],
  // Rewriting tsconfig.json takes TypeScript's JavaScript API, which TypeScript 7 has not; nothing here needs it.
  tsconfigFile: "none.json",
  testRunner: "vitest",
  vitest: { configFile: "vitest.mutation.config.ts", related: false },
  coverageAnalysis: "perTest",
  // Static mutants stay in: a whole run of core takes some twenty minutes of one CPU.
  // Messages are judged by tests where they matter; their wording is free to change.
  mutator: { excludedMutations: ["StringLiteral"] },
  incremental: true,
  incrementalFile: `.stryker/${name}.incremental.json`,
  tempDirName: ".stryker/tmp",
  concurrency: 2,
  reporters: ["clear-text", "json", "progress-append-only"],
  jsonReporter: { fileName: `.stryker/${name}.json` },
  clearTextReporter: { allowColor: false, reportTests: false, logTests: false },
  thresholds: { high: 95, low: 90, break: 90 },
  allowEmpty: false,
  ignorePatterns: ["/.turbo", "/.vitest", "/coverage", "/docs", "dist"],
};
