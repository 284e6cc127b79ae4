import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const src = fileURLToPath(new URL("../src/", import.meta.url));

/** The rooms by the way an answer travels: each imports what stands before it, and itself. */
const ROOMS = ["errors.ts", "util", "data", "interface", "codec", "target", "read", "ask", "draw"];
/** What joins the rooms, in the same order. */
const JOINTS = ["backend.ts", "trusted-arch.ts", "define-arch.ts", "index.ts"];
const ORDER = [...ROOMS, ...JOINTS];

const files = fs
  .readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"));
const roomOf = (file: string): string => file.split(path.sep)[0] as string;

/** What a file imports, types too, as paths under src/. */
const importsOf = (file: string): string[] =>
  [...fs.readFileSync(path.join(src, file), "utf8").matchAll(/\bfrom "(\.[^"]+)"/g)].map((found) =>
    path.join(path.dirname(file), found[1] as string),
  );

describe("the rooms of core", () => {
  it("are these, and every file is in one", () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual([...ORDER].sort());
  });

  it.each(files)("%s imports downwards only", (file) => {
    const place = ORDER.indexOf(roomOf(file));
    expect(importsOf(file).filter((target) => ORDER.indexOf(roomOf(target)) > place)).toEqual([]);
  });

  it("interface/ holds types and nothing else", () => {
    const values = files
      .filter((file) => roomOf(file) === "interface")
      .filter((file) =>
        /^export (?!type|interface)|^import (?!type)/m.test(fs.readFileSync(path.join(src, file), "utf8")),
      );
    expect(values).toEqual([]);
  });
});
