import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { completeLock, platformOf } from "./complete-lock.ts";

describe("complete-lock", () => {
  test("package-lock.json names the packages of every platform, and no registry host", () => {
    const lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"));
    const { changes, unknown } = completeLock(lock);
    expect({ changes, unknown }).toEqual({ changes: [], unknown: [] });
  });

  test.each([
    ["@esbuild/win32-ia32", { cpu: ["ia32"], os: ["win32"] }],
    ["@turbo/windows-64", { cpu: ["x64"], os: ["win32"] }],
    ["@rolldown/binding-linux-arm-gnueabihf", { cpu: ["arm"], libc: ["glibc"], os: ["linux"] }],
    ["@biomejs/cli-linux-x64-musl", { cpu: ["x64"], libc: ["musl"], os: ["linux"] }],
    ["@rolldown/binding-wasm32-wasi", { cpu: ["wasm32"] }],
    ["fsevents", { os: ["darwin"] }],
  ])("the platform of %s is read from its name", (name, platform) => {
    expect(platformOf(name)).toEqual(platform);
  });

  test("a package that no word names a platform of is reported, not guessed", () => {
    const packages = { "node_modules/a": { version: "1.0.0", optionalDependencies: { encoding: "^0.1.0" } } };
    const { changes, unknown } = completeLock({ packages });
    expect(changes).toEqual([]);
    expect(unknown).toEqual(["encoding@^0.1.0, wanted by node_modules/a"]);
  });

  test("a registry's host is dropped, a workspace link is kept", () => {
    const link = { resolved: "packages/core", link: true };
    const packages = {
      "node_modules/@ptekit/core": link,
      "node_modules/a": { version: "1.0.0", resolved: "http://127.0.0.1:4873/a/-/a-1.0.0.tgz" },
    };
    expect(completeLock({ packages }).lock.packages).toEqual({
      "node_modules/@ptekit/core": link,
      "node_modules/a": { version: "1.0.0" },
    });
  });
});
