import { defineConfig, mergeConfig } from "vitest/config";
import base from "./vitest.config.ts";

export default mergeConfig(
  base,
  defineConfig({
    test: {
      coverage: {
        enabled: true,
        provider: "v8",
        include: ["{packages,packages/arch,apps}/*/src/**/*.ts"],
        reporter: ["text", "html", "json-summary"],
      },
    },
  }),
);
