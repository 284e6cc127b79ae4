import { defineConfig } from "vitest/config";

// Of what is built, and therefore not part of `npm test`: tarballs (`npm run check-packages`), and what users install from a
// package registry (`npm run test:install`).
export default defineConfig({
  test: { include: ["tools/**/*.install.ts"], testTimeout: 600_000, hookTimeout: 900_000 },
});
