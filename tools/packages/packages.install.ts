import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Manifest } from "../common/workspaces.ts";
import { published } from "../common/workspaces.ts";
import { pack } from "./pack.ts";

const packed = pack();

describe.each(published())("$manifest.name", ({ folder, manifest }) => {
  const files = (packed.get(manifest.name)?.files ?? []).map((file) => file.path);

  it("the tarball holds what is published and nothing else: no vectors, live files or tests", () => {
    expect(
      files.filter(
        (file) =>
          !/^(dist|src|schemas)\/[\w./-]+$|^(package\.json|README\.md|LICENSE|layouts(\.schema)?\.json)$/.test(
            file,
          ),
      ),
    ).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(["package.json", "README.md", "LICENSE"]));
    for (const file of outputs(manifest)) expect(files).toContain(file);
  });

  it("maps name sources that are in the tarball", () => {
    for (const map of files.filter((file) => file.endsWith(".map"))) {
      const { sources } = JSON.parse(fs.readFileSync(path.join(folder, map), "utf8"));
      for (const source of sources) expect(files).toContain(path.posix.join(path.posix.dirname(map), source));
    }
  });

  it("every declaration has a map", () => {
    const declarations = files.filter((file) => file.endsWith(".d.ts"));
    for (const file of declarations) expect(files).toContain(`${file}.map`);
  });

  it("no script runs at installation", () => {
    const lifecycle = [
      "preinstall",
      "install",
      "postinstall",
      "prepare",
      "prepublish",
      "preprepare",
      "postprepare",
    ];
    expect(Object.keys(manifest.scripts ?? {}).filter((script) => lifecycle.includes(script))).toEqual([]);
    expect(files).not.toContain("binding.gyp");
  });

  it("what can be imported says that it has no side effects", () => {
    expect(manifest.exports?.["."] === undefined || manifest.sideEffects === false).toBe(true);
  });

  it("says what it needs and where it comes from", () => {
    expect(manifest).toMatchObject({
      type: "module",
      license: "MIT",
      engines: { node: ">=20.19" },
      publishConfig: { access: "public" },
      repository: { directory: folder },
    });
  });
});

function outputs(manifest: Manifest): string[] {
  return [manifest.exports ?? {}, manifest.bin ?? {}]
    .flatMap(leaves)
    .map((file) => file.replace(/^\.\//, ""))
    .filter((file) => !file.includes("*"));
}

function leaves(value: unknown): string[] {
  return typeof value === "string" ? [value] : Object.values(value as object).flatMap(leaves);
}
