import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "@ptekit/all";
import { arm } from "@ptekit/arm";
import { createBackend, spare, swpOffset, swpType, zeros } from "@ptekit/core";
import { afterAll, describe, expect, it } from "vitest";
import type { ExhaustiveResult } from "../src/exhaustive.ts";
import { openRecord } from "../src/exhaustive-record.ts";

const folder = mkdtempSync(join(tmpdir(), "ptekit-record-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string): string => join(folder, name);

const backend = arm.for({ release: "6.12" });
const other = (await load("nds32")).for({ release: "4.20" });
const resultOf = ({ arch, layout }: typeof backend): ExhaustiveResult => ({
  arch,
  layout: layout.id,
  words: 2 ** 32,
  entries: 7,
  written: 5,
  failed: 0,
  failures: [],
});

describe("the record of --exhaustive", () => {
  it("is written with each layout, and read again: the layout is there, another is not", () => {
    const record = openRecord(file("a.json"));
    expect(record.has(backend)).toBe(false);
    record.add(resultOf(other), other);
    record.add(resultOf(backend), backend);
    const [first, second] = JSON.parse(readFileSync(file("a.json"), "utf8"));
    expect(first).toMatchObject({ arch: "arm", layout: "arm 6.3", words: 2 ** 32, entries: 7, failed: 0 });
    expect(first).toMatchObject({ engines: ["simd", "javascript"], node: process.version });
    expect(second).toMatchObject({ arch: "nds32" });
    const again = openRecord(file("a.json"));
    expect([again.has(backend), again.has(other), again.has(arm.for({ release: "4.4" }))]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("does not hold for a layout whose rules are others now, and takes its new result in place of the old", () => {
    const { kernel, types, layout } = backend;
    const fields = [swpOffset(31, 9), spare(8, 8), swpType(7, 3), zeros(2, 1, "so"), spare(0, 0)];
    const changed = createBackend({
      arch: "arm",
      layout: { ...layout, fields },
      present: null,
      types,
      kernel,
      assumptions: [],
    });
    const record = openRecord(file("b.json"));
    record.add(resultOf(backend), backend);
    expect(record.has(changed)).toBe(false);
    record.add({ ...resultOf(changed), entries: 9 }, changed);
    expect([record.has(changed), record.has(backend)]).toEqual([true, false]);
    expect(JSON.parse(readFileSync(file("b.json"), "utf8"))).toHaveLength(1);
  });

  it.each(["no JSON", "{}", "[1]"])("is refused where the file is something else: %s", (text) => {
    writeFileSync(file("c.json"), text);
    expect(() => openRecord(file("c.json"))).toThrow(/c\.json is not a record of --exhaustive/);
    expect(readFileSync(file("c.json"), "utf8")).toBe(text);
  });
});
