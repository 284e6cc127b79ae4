import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { archNamed, loadArchitectures } from "../common/architectures.ts";
import { linesLike, recordedSymbols, targetOf, targets, toolchains } from "./targets.ts";
import { installLine, missing, needs, runner, unknownSource } from "./toolchain.ts";

const nothing = () => false;
const packagesFor = (arch: string, options: Parameters<typeof needs>[1]) =>
  missing(needs(arch, options), { searchPath: "/bin", exists: nothing }).map((need) => need.package);

const archs = await loadArchitectures();

test("every variant has a toolchain, a place to start from, and the lines of all before its own", () => {
  for (const [arch, { variants }] of Object.entries(targets))
    for (const [variant, { fragment }] of Object.entries(variants)) {
      const target = targetOf(arch, variant);
      expect(toolchains).toHaveProperty(target.toolchain);
      expect(target.defconfig).toMatch(/^([\w-]+_)?defconfig$/);
      expect(target.fragment).toMatch(/^\nCONFIG_SWAP=y\n/);
      expect(target.fragment.endsWith(fragment)).toBe(true);
    }
  expect(targetOf("powerpc", "ppc64-hash-4k")).toMatchObject({ toolchain: "ppc64", cpu: "hash" });
});

test.each(Object.keys(targets).filter((arch) => archs.has(arch)))(
  "%s: a vector file names each symbol that the architecture's layouts are chosen by",
  (arch) => {
    const [variant = ""] = Object.keys(targets[arch]?.variants ?? {});
    const named = [...recordedSymbols, ...targetOf(arch, variant).symbols];
    expect(
      archNamed(archs, arch)
        .symbols.map(({ name }) => name)
        .filter((name) => !named.includes(name)),
    ).toEqual([]);
  },
);

test("what an architecture's vectors are made with stands in its folder: its name is in no file of this one", () => {
  const files = fs
    .readdirSync("tools/vectors")
    // toolchain.ts knows the hosts by the names that Node gives them.
    .filter((file) => file.endsWith(".ts") && !/^toolchain\.|\.test\.ts$/.test(file))
    .map((file) => `tools/vectors/${file}`);
  expect(files.length).toBeGreaterThan(10);
  // As a word of code: HIGHMEM and the like are symbols of the generic list.
  const named = files.filter((file) =>
    [...archs.keys()].some((arch) =>
      new RegExp(`["'\`/ ]${arch}["'\`:/]`).test(fs.readFileSync(file, "utf8")),
    ),
  );
  expect(named).toEqual([]);
});

test("a kernel like that of a vector file has soft-dirty bits where its config has them", () => {
  expect(linesLike({ CONFIG_MEM_SOFT_DIRTY: "y" })).toBe("");
  expect(linesLike({ CONFIG_SWAP: "y" })).toBe("# CONFIG_MEM_SOFT_DIRTY is not set\n");
});

describe("the tools that npm run vectors needs", () => {
  test("the host's own compiler serves its own architecture, and nothing is emulated", () => {
    expect(packagesFor("x86_64", { host: "x64" })).toEqual(
      expect.arrayContaining(["make", "flex", "bison", "bc", "gcc", "libc6-dev"]),
    );
    expect(packagesFor("x86_64", { host: "x64" })).not.toContain("qemu-user");
    expect(runner("x86_64", "x64")).toEqual([]);
  });

  test("another architecture takes its cross compiler, its libc and the emulator", () => {
    expect(packagesFor("arm64", { host: "x64" })).toEqual(
      expect.arrayContaining(["gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross", "qemu-user"]),
    );
    expect(packagesFor("x86_64", { host: "arm64" })).toContain("gcc-x86-64-linux-gnu");
    expect(runner("arm", "x64")).toEqual(["qemu-arm"]);
  });

  test("Debian's kernel source is one of the things needed", () => {
    expect(packagesFor("arm", { host: "x64", debian: "6.12" })).toContain("linux-source-6.12");
  });

  test("the sentence ends in one line that names each package once", () => {
    const lacking = [
      { command: "gcc", package: "gcc" },
      { command: "x86_64-linux-gnu-gcc", package: "gcc" },
      { file: "/usr/src/linux-source-6.12.tar.xz", package: "linux-source-6.12" },
    ];
    expect(installLine(lacking)).toBe(
      "gcc, x86_64-linux-gnu-gcc, /usr/src/linux-source-6.12.tar.xz are missing. On Debian:\n  apt-get install gcc linux-source-6.12",
    );
  });

  test("a kernel source that apt does not know is not told to be installed", () => {
    const lacking = [
      { command: "flex", package: "flex" },
      { file: "/usr/src/linux-source-9.9.tar.xz", package: "linux-source-9.9" },
    ];
    const known = ["linux-source-6.12", "linux-source-6.1", "linux-source-all", ""];
    expect(unknownSource(lacking, known)).toBe(
      "apt knows no package linux-source-9.9, but linux-source-6.1, linux-source-6.12",
    );
    expect(unknownSource(lacking.slice(0, 1), known)).toBeUndefined();
    expect(unknownSource(lacking, [""])).toBeUndefined();
  });

  test("a command counts as present in any directory of PATH", () => {
    const exists = (file: string) => file === "/opt/bin/make";
    const need = { command: "make", package: "make" };
    expect(missing([need], { searchPath: "/bin:/opt/bin", exists })).toEqual([]);
    expect(missing([need], { searchPath: "/bin", exists })).toEqual([need]);
  });
});
