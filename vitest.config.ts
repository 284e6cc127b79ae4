import { defineConfig } from "vitest/config";

// One process runs every test: a package is found by having a test/ folder, and registers nowhere.
// The same file serves `vitest run --config ../../vitest.config.ts` inside one package.
export default defineConfig({
  test: {
    include: ["**/test/**/*.test.ts", "**/tools/**/*.test.mjs"],
    exclude: ["**/node_modules/**", "**/dist/**", ".stryker/**"],
    passWithNoTests: true,
    reporters: ["default", "json"],
    outputFile: { json: ".vitest/results.json" },
  },
});
