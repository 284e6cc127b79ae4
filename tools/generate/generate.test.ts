import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";

it("what is generated is as npm run generate makes it: registry, READMEs, docs, reference, API reports", {
  timeout: 300_000,
}, () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "--conditions=@ptekit/source", "tools/generate/main.ts", "--check"],
    {
      encoding: "utf8",
    },
  );
  expect(stderr).toBe("");
  expect(status).toBe(0);
});
