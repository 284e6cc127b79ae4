import { fileURLToPath } from "node:url";
import type { RunnerTestFile } from "vitest";
import { defineConfig } from "vitest/config";
import type { Reporter } from "vitest/reporters";

const src = (path: string): string => fileURLToPath(new URL(`./packages/${path}`, import.meta.url));

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

// For Stryker: the tests of one package, against src, where the mutants are.
export default defineConfig({
  resolve: {
    alias: [
      { find: "@ptekit/conformance-kit/vitest", replacement: src("conformance-kit/src/vitest.ts") },
      { find: /^@ptekit\/([^/]+)$/, replacement: src("$1/src/index.ts") },
    ],
  },
  test: {
    include: [`packages/${process.env.MUTATED}/test/**/*.test.ts`],
    exclude: ["**/node_modules/**", "**/dist/**"],
    // A worker for each mutant, not for each test file.
    isolate: false,
    reporters: ["default", unreadable],
  },
});
