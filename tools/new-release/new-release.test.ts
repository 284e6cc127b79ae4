import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { loadArchitectures } from "../common/architectures.ts";
import { run } from "../common/run.ts";
import { citedFiles } from "./cited.ts";
import type { Moved } from "./compare.ts";
import { compare } from "./compare.ts";
import { definitionsIn } from "./definitions.ts";
import { lineDiff } from "./diff.ts";
import { readOptions } from "./options.ts";
import { renamesIn } from "./renames.ts";
import { reportText } from "./report.ts";
import { openTree, releaseOf } from "./tree.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-new-release-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const archs = [...(await loadArchitectures()).values()].filter(({ removed }) => removed === undefined);
const excerpt = (release: string) => openTree(fileURLToPath(new URL(`excerpts/${release}`, import.meta.url)));
const named = (moved: readonly Moved[], symbol: string) => moved.find((one) => one.symbol === symbol);

// What the kernel really did from 7.2 to 7.3: uffd_wp became uffd, and nothing moved a bit.
describe("7.2 to 7.3", () => {
  const [from, to] = [excerpt("7.2"), excerpt("7.3")];
  const comparison = compare(citedFiles(archs), from, to);
  const { moved } = comparison;

  it("arm64's uffd-wp bit has another name", () => {
    expect(named(moved, "PTE_UFFD_WP")).toMatchObject({
      what: "gone",
      by: ["arm64"],
      now: ["as PTE_UFFD"],
    });
    expect(named(moved, "PTE_UFFD")).toMatchObject({ what: "new", by: ["arm64"] });
  });

  it("what a cited symbol leans on is compared with it", () => {
    expect(named(moved, "pte_present")).toMatchObject({
      file: "arch/arm64/include/asm/pgtable.h",
      what: "changed",
      through: ["pmd_present"],
    });
  });

  it("a Kconfig symbol is compared by itself, and concerns whoever names it", () => {
    const { what, by = [] } = named(moved, "CONFIG_FLATMEM") ?? {};
    expect([what, by.includes("arm64"), by.includes("xtensa")]).toEqual(["changed", true, true]);
    expect(named(moved, "CONFIG_SPARSEMEM")).toBeUndefined();
  });

  it("nothing of 32-bit Arm's header moved", () => {
    expect(moved.filter(({ file }) => file.startsWith("arch/arm/"))).toEqual([]);
  });

  it("the report says what a person has to read, and what is left to do", () => {
    const text = reportText({
      ...comparison,
      release: to.release,
      from: from.release,
      newest: "7.2",
      archs: archs.map(({ name }) => name),
      unknown: ["zorch"],
      asked: [
        {
          arch: "arm64",
          variant: "4k",
          rows: 490,
          problems: [],
          file: "/tmp/arm64-4k-7.3.json",
          seconds: 30,
        },
        {
          arch: "riscv",
          variant: "sv39",
          rows: null,
          problems: ["not asked: x is not here"],
          file: null,
          seconds: 0,
        },
      ],
      seconds: 1,
    });
    expect(text).toContain("# Linux 7.3 against 7.2");
    expect(text).toContain("### arm64");
    expect(text).toContain("-#define PTE_UFFD_WP");
    expect(text).toContain("by way of pmd_present");
    expect(text).toContain("- arm64 4k: 490 rows, all as the data says (30 s)");
    expect(text).toContain("- riscv sv39: not asked: x is not here");
    expect(text).toContain("npm run new-arch zorch");
    expect(text).toContain("7.2 becomes 7.3");
  });
});

const kernels = process.env.PTEKIT_KERNELS;
describe.runIf(kernels !== undefined)("the whole trees in PTEKIT_KERNELS", () => {
  it("7.2 to 7.3: every cited file is there, and the same moved as in the excerpts", {
    timeout: 120_000,
  }, () => {
    const { files, symbols, moved } = compare(
      citedFiles(archs),
      openTree(path.join(kernels ?? "", "7.2")),
      openTree(path.join(kernels ?? "", "7.3")),
    );
    expect([files > 150, symbols > 400]).toEqual([true, true]);
    for (const symbol of ["PTE_UFFD_WP", "PTE_UFFD", "pte_present", "CONFIG_FLATMEM", "_PAGE_SWP_UFFD"])
      expect([symbol, named(moved, symbol) !== undefined]).toEqual([symbol, true]);
    // No __swp_type() moved in that release, of any architecture.
    expect(moved.filter(({ symbol }) => symbol?.startsWith("__swp_"))).toEqual([]);
  });
});
if (kernels === undefined)
  it.skip("the whole trees: PTEKIT_KERNELS names no folder with 7.2 and 7.3 in it", () => {});

describe("renamesIn", () => {
  it("names that changed throughout", () => {
    expect(renamesIn("a(x) | b(x)", "c(x) | b(x)")).toEqual(new Map([["a", "c"]]));
    expect(renamesIn("pte_uffd_wp(pte) && 1", "pte_uffd(pte) && 1")).toEqual(
      new Map([["pte_uffd_wp", "pte_uffd"]]),
    );
  });

  it("is null where more changed, or names were mixed", () => {
    for (const [from, to] of [
      ["a | 1", "a | 2"],
      ["a | b", "a"],
      ["a | a", "a | c"],
      ["a | b", "c | c"],
      ["a", "a"],
      ["a | b", "b | a | b"],
    ])
      expect(renamesIn(from as string, to as string)).toBeNull();
  });
});

describe("definitionsIn", () => {
  const found = (text: string) => definitionsIn("include/a.h", text);

  it("macros with their continuation, each of several", () => {
    const macros = found("#ifdef A\n#define X(a)\t\\\n\t(a)\n#else\n# define X(a) 0\n#endif\n");
    expect(macros.get("X")?.map((text) => text.replace(/\s+/g, " "))).toEqual([
      "#define X(a) (a)",
      "# define X(a) 0",
    ]);
  });

  it("functions, types, enumerators and variables; not what is only declared or called", () => {
    const text = `/* static int no(void) { } */
static inline int pte_none(pte_t pte)
{
	if (other(pte)) { return 1; }
	return !pte_val(pte);
}
extern int declared(pte_t pte);
struct page { int a; } __aligned(8);
typedef struct { unsigned long val; } swp_entry_t;
enum { SWP_USED = (1 << 0), SWP_WRITEOK = 2 };
static const int table[] = { 1, 2 };
`;
    expect([...found(text).keys()].sort()).toEqual(
      ["SWP_USED", "SWP_WRITEOK", "page", "pte_none", "swp_entry_t", "table"].sort(),
    );
  });

  it("a comment is no change", () => {
    const [a, b] = ["#define A 1 /* old */\n", "#define A\t1 // new\n"].map((text) => found(text).get("A"));
    expect(a?.join().replace(/\s+/g, " ").trim()).toBe(b?.join().replace(/\s+/g, " ").trim());
  });

  it("Kconfig symbols without their help", () => {
    const kconfig = definitionsIn(
      "mm/Kconfig",
      "config A\n\tbool\n\thelp\n\t  Say Y.\n\nmenuconfig B\n\tdef_bool y\n",
    );
    expect([...kconfig]).toEqual([
      ["CONFIG_A", ["bool"]],
      ["CONFIG_B", ["def_bool y"]],
    ]);
  });
});

it("a line is marked where only one text has it", () => {
  expect(lineDiff("a\nb\nc", "a\nx\nc\nd")).toEqual([" a", "-b", "+x", " c", "+d"]);
});

describe("trees and options", () => {
  it("a tree says its release, an -rc too", () => {
    expect(releaseOf("VERSION = 7\nPATCHLEVEL = 4\nSUBLEVEL = 0\nEXTRAVERSION = -rc2\n")).toBe("7.4-rc2");
    expect(releaseOf("all:\n")).toBeNull();
  });

  it("the folder of Debian's package is a tree too", () => {
    const made = path.join(folder, "linux-source-7.3");
    fs.cpSync(fileURLToPath(new URL("excerpts/7.3", import.meta.url)), made, { recursive: true });
    fs.mkdirSync(path.join(folder, "deb/usr/src"), { recursive: true });
    run("tar", [
      "-cf",
      path.join(folder, "deb/usr/src/linux-source-7.3.tar.xz"),
      "-C",
      folder,
      "linux-source-7.3",
    ]);
    for (let again = 0; again < 2; again++)
      expect(openTree(path.join(folder, "deb"), path.join(folder, "work")).release).toBe("7.3");
  });

  it("what is no tree, and what is not understood, is refused in a sentence", () => {
    expect(() => openTree(path.join(folder, "none"))).toThrow(/there is no such folder/);
    expect(() => openTree(folder)).toThrow(/is no kernel tree/);
    const refused: readonly (readonly [string, RegExp])[] = [
      ["", /one release is needed/],
      ["7.4", /the tree of 7\.4 is needed/],
      ["7.4 --tree a", /the newest tree/],
      ["seven --tree a --from b", /no mainline release/],
      ["7.4 7.5 --tree a --from b", /one release/],
      ["7.4 --tree a --from b --vectors some", /moved, all or none/],
      ["7.4 --frob", /--frob/],
    ];
    for (const [line, sentence] of refused)
      expect(() => readOptions(line.split(" ").filter((word) => word !== ""))).toThrow(sentence);
    expect(readOptions(["--help"])).toBeNull();
  });
});
