import { defineConfig } from "vitest/config";

// Slow and in need of a package registry: `npm run test:install`, not part of `npm test`.
export default defineConfig({
  test: { include: ["tools/install/*.install.ts"], testTimeout: 600_000, hookTimeout: 900_000 },
});
