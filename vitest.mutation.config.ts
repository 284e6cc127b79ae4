import { fileURLToPath } from "node:url";
import type { RunnerTestFile } from "vitest";
import { defineConfig } from "vitest/config";
import type { Reporter } from "vitest/reporters";
import { workspaces } from "./tools/common/workspaces.ts";
import { SOURCE, workers } from "./vitest.config.ts";

const at = (path: string): string => fileURLToPath(new URL(`./${path}`, import.meta.url));

// By path, not by condition: node_modules leads to the packages of the work tree, and the mutants are in a copy of it.
const alias = workspaces().flatMap(({ folder, manifest }) =>
  Object.entries(manifest.exports ?? {}).flatMap(([entry, target]) => {
    const source = typeof target === "string" ? undefined : target[SOURCE];
    const name = `${manifest.name}${entry.slice(1)}`;
    return source === undefined
      ? []
      : [{ find: new RegExp(`^${name}$`), replacement: at(`${folder}/${source}`) }];
  }),
);

// Stryker looks at tests alone, and takes a file that breaks while it is read for one without any: the mutant would
// survive. Such a file gets a test that failed.
const unreadable: Reporter = {
  onTestRunEnd(modules) {
    for (const { task } of modules as unknown as { task: RunnerTestFile }[]) {
      if (task.result?.state !== "fail" || task.tasks.length > 0) continue;
      task.tasks.push({ ...task, type: "test", name: "can be read", suite: task, file: task } as never);
    }
  },
};

// For Stryker: the tests of the package in the folder MUTATED, against src, where the mutants are.
export default defineConfig({
  plugins: [workers],
  resolve: { alias },
  test: {
    include: [`${process.env.MUTATED}/test/**/*.test.ts`],
    exclude: ["**/node_modules/**", "**/dist/**"],
    // A worker for each mutant, not for each test file.
    isolate: false,
    reporters: ["default", unreadable],
  },
});
