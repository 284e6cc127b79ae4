import { fileURLToPath } from "node:url";
import { defineConfig, mergeConfig } from "vitest/config";
import base from "./vitest.config.ts";

// Tests import other packages through dist, as users do; coverage wants the lines of src.
export default mergeConfig(
  base,
  defineConfig({
    resolve: {
      alias: [
        {
          find: /^@ptekit\/([^/]+)$/,
          replacement: fileURLToPath(new URL("./packages/$1/src/index.ts", import.meta.url)),
        },
      ],
    },
    test: {
      coverage: {
        enabled: true,
        provider: "v8",
        include: ["{packages,apps}/*/src/**/*.ts"],
        reporter: ["text", "html", "json-summary"],
      },
    },
  }),
);
