import { defineArch } from "@ptekit/core";
import { expect, it } from "vitest";
import { armData, x86 } from "./fixture.ts";

const without = defineArch({
  ...armData,
  symbols: armData.symbols.filter(
    ({ name }) => !/^CONFIG_(MIGRATION|MEMORY_FAILURE|DEVICE_PRIVATE)$/.test(name),
  ),
});
const missing = (config?: string | Record<string, "y" | "n">) =>
  without
    .for({ release: "6.12", ...(config && { config }) })
    .notes.filter((note) => note.includes("not among"));

it("data without the symbols of the swap types says which types its kernels lack", () => {
  expect(without.for({ release: "6.12" }).types.special.map(({ name }) => name)).toEqual(["marker"]);
  expect(missing()).toEqual([
    "CONFIG_MEMORY_FAILURE, CONFIG_MIGRATION, CONFIG_DEVICE_PRIVATE are not among the symbols of arm: this kernel has no hwpoison, migration-read, migration-read-exclusive, migration-write, device-private-write, device-private-read, device-exclusive-write, device-exclusive-read entries",
  ]);
});

it("nothing is said where the target states the symbol, or the data has it", () => {
  expect(missing({ CONFIG_MIGRATION: "y" })).toEqual([]);
  expect(missing("CONFIG_MIGRATION=y\n")).toEqual([]);
  expect(x86.for({ release: "6.12" }).notes.join()).not.toContain("not among");
});
