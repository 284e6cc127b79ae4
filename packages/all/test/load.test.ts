import { existsSync, readdirSync } from "node:fs";
import { aliases, canonical, load, loadAll, names, titles } from "@ptekit/all";
import { PtekitError } from "@ptekit/core";
import { expect, it } from "vitest";

const folders = new URL("../../arch/", import.meta.url);

it("every architecture of the repository is there, under its folder's name, with its title", async () => {
  const expected = readdirSync(folders).filter((name) =>
    existsSync(new URL(`${name}/package.json`, folders)),
  );
  expect([...names]).toEqual(expected.sort());
  const archs = await loadAll();
  expect(archs.map(({ name }) => name)).toEqual([...names]);
  expect(archs.map(({ title }) => title)).toEqual(names.map((name) => titles[name]));
});

it("a name or an alias loads one architecture, in any case", async () => {
  expect((await load("arm64")).name).toBe("arm64");
  expect((await load("AArch64")).name).toBe("arm64");
  expect((await load("amd64")).name).toBe("x86_64");
  for (const [alias, meant] of Object.entries(aliases)) {
    if (meant.length === 1) expect(canonical(alias)).toBe(meant[0]);
  }
});

it("no alias hides an architecture", () => {
  expect(Object.keys(aliases).filter((alias) => names.some((name) => name === alias))).toEqual([]);
});

it("x86 is two architectures: it is refused, and both are named", async () => {
  await expect(load("x86")).rejects.toThrow(/x86 is i386 or x86_64/);
});

it.each(["", "amd46", "constructor", "__proto__"])("%j is refused", async (name) => {
  const error = await load(name).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PtekitError);
  expect(error).toMatchObject({ code: "UNKNOWN_ARCH" });
});

it("the nearest name is offered", () => {
  expect(() => canonical("rsicv")).toThrow("did you mean riscv?");
});
