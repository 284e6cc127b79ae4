import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { readText, requireWritable, writeWhole } from "./files.ts";

const home = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-files-"));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const file = path.join(home, "file");
fs.writeFileSync(file, "text");

test("a file that cannot be read is named, with the reason", () => {
  expect(readText(file)).toBe("text");
  expect(() => readText(`${file}2`)).toThrow(`${file}2 cannot be read: no such file or directory`);
  expect(() => readText(home)).toThrow(`${home} cannot be read: illegal operation on a directory`);
});

test("a directory can be written to where it is there or can be made", () => {
  requireWritable(home);
  requireWritable(path.join(home, "a/b"));
  expect(fs.readdirSync(home)).toEqual(["file"]);
  expect(() => requireWritable(file)).toThrow(`nothing can be written to ${file}: ${file} is a file`);
  expect(() => requireWritable(`${file}/a`)).toThrow(`${file} is a file`);
});

test("a file is written whole, in a directory that is made for it, and leaves nothing beside it", () => {
  writeWhole(path.join(home, "new/file"), "text");
  expect(fs.readdirSync(path.join(home, "new"))).toEqual(["file"]);
  expect(readText(path.join(home, "new/file"))).toBe("text");
});
