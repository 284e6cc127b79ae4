import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const src = (path: string): string => fileURLToPath(new URL(`./packages/${path}`, import.meta.url));

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
  },
});
