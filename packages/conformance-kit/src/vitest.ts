import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ArchBackend, Architecture } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { checkLive, checkVectors, parseLive, parseVectors, properties } from "./index.ts";
import type { FileReport } from "./report.ts";
import { mismatchText } from "./report.ts";
import type { PropertyReport } from "./run.ts";
import { runArchProperties, runProperties, subjectsOf } from "./run.ts";

/** Where an architecture's files stand, each a folder: a path, or a URL such as `new URL("../vectors/", import.meta.url)`. */
export interface Files {
  readonly vectors?: string | URL;
  readonly live?: string | URL;
}

/** One test for each property of a backend. */
export function describeBackend(label: string, backend: ArchBackend): void {
  describe(label, () => {
    for (const property of properties) {
      it(property.name, () => runProperties(backend, [property]).forEach(expectNoFailure));
    }
  });
}

/** One test for each property of an architecture, of each of its layouts, and for each file of kernel answers. */
export function describeArch(arch: Architecture, files: Files = {}): void {
  describe(arch.name, () => {
    for (const report of runArchProperties(arch)) it(report.property, () => expectNoFailure(report));
    for (const { label, backend } of subjectsOf(arch)) describeBackend(label, backend);
    for (const [name, text] of filesIn(files.vectors)) {
      it(`${name}: every row is what the kernel answered`, () => {
        expectNoMismatch(checkVectors(arch, parseVectors(name, text)));
      });
    }
    for (const [name, text] of filesIn(files.live)) {
      it(`${name}: every row is what pagemap said`, () => {
        expectNoMismatch(checkLive(arch, parseLive(name, text)));
      });
    }
  });
}

function expectNoFailure(report: PropertyReport): void {
  expect(report.failures).toEqual([]);
  expect(report.failed).toBe(0);
}

function expectNoMismatch(report: FileReport): void {
  expect(report.mismatches.map(mismatchText)).toEqual([]);
  expect(Object.values(report.rows).reduce((sum, rows) => sum + rows, 0)).toBeGreaterThan(0);
}

function filesIn(folder: string | URL | undefined): [name: string, text: string][] {
  if (folder === undefined) return [];
  const path = folder instanceof URL ? fileURLToPath(folder) : folder;
  if (!existsSync(path)) throw new Error(`${path} does not exist`);
  const names = readdirSync(path).filter((name) => name.endsWith(".json"));
  if (names.length === 0) throw new Error(`${path} holds no .json file`);
  return names.sort().map((name) => [name, readFileSync(join(path, name), "utf8")]);
}
