import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { names } from "@ptekit/all";
import { afterAll, describe, expect, it, vi } from "vitest";
import { loadCommands } from "../src/commands/index.ts";
import { recorded } from "../src/recorded.ts";
import { BIN, objects, ptekit } from "./run.ts";

// Each test starts processes, which take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const commands = await loadCommands();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-test-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
// A dump of a real kernel, which examples name.
fs.copyFileSync(
  fileURLToPath(new URL("../../../packages/introspect/test/dumps/amd64-6.1.kdump", import.meta.url)),
  path.join(folder, "vmcore"),
);

/** A line as in the help: `ptekit decode --arch A …`. */
const words = (line: string): string[] => line.split(" ").slice(1);

describe("help", () => {
  it("names every command, and every command has a help with its options and examples", () => {
    const all = ptekit(["--help"]).out;
    for (const { name } of commands) expect(all).toMatch(new RegExp(`^  ${name}\\b`, "m"));
    for (const command of commands) {
      const { out, status } = ptekit([command.name, "--help"]);
      expect(status).toBe(0);
      for (const { name } of [...command.options, { name: "json" }, { name: "help" }])
        expect(out).toContain(`--${name}`);
      expect(command.examples.length).toBeGreaterThan(0);
      for (const { line } of command.examples) expect(out).toContain(line);
    }
  });

  it("every example does what it shows", () => {
    for (const { line, stdin, exit } of commands.flatMap(({ examples }) => examples)) {
      const ran = ptekit(words(line), stdin, process.env, folder);
      expect([line, ran.status]).toEqual([line, exit ?? 0]);
      if (exit === undefined) expect([line, ran.err]).toEqual([line, ""]);
      expect(ran.out !== "" || exit === 1, line).toBe(true);
      if (line.includes("--json")) for (const object of objects(ran)) expect(object).toBeTypeOf("object");
    }
  });

  it.each([
    ["../README.md", 3],
    ["../../../README.md", 1],
  ])("the examples of %s print what it says", (file, least) => {
    const readme = fs.readFileSync(fileURLToPath(new URL(file, import.meta.url)), "utf8");
    const blocks = [...readme.matchAll(/```console\n\$ (.*)\n([\s\S]*?)```/g)];
    expect(blocks.length).toBeGreaterThanOrEqual(least);
    for (const [, line = "", printed = ""] of blocks) {
      const [, input = "", rest = line] = /^echo '(.*)' \| (.*)$/.exec(line) ?? [];
      const ran = ptekit(words(rest.replace("npx ", "")), `${input}\n`, process.env, folder);
      expect(ran.out, line).toBe(printed);
    }
  });
});

describe("what is answered when the program is built", () => {
  it("is what the command answers when it is asked", () => {
    for (const line of recorded) {
      const [ahead, asked] = [ptekit(line.split(" ")), ptekit([...line.split(" "), "--"])];
      expect(ahead).toEqual(asked);
      expect(ahead.out.length).toBeGreaterThan(1000);
    }
  });
});

it("carries the licence of everything that is bundled and not ours", () => {
  const notices = fs.readFileSync(path.join(path.dirname(BIN), "THIRD-PARTY-NOTICES.txt"), "utf8");
  expect(notices).toContain("picocolors");
  expect(notices).toMatch(/Permission to use, copy, modify/);
});

it("makes no code from strings", () => {
  const flags = ["--disallow-code-generation-from-strings", BIN];
  const out = execFileSync(process.execPath, [
    ...flags,
    "decode",
    "--arch",
    "arm64",
    "--kernel",
    "6.12",
    "17c0",
  ]);
  expect(String(out)).toContain("marker");
});

describe("bad input", () => {
  const refused: readonly (readonly [string, number, RegExp])[] = [
    ["decod --arch arm", 2, /unknown command 'decod'; did you mean decode\?/],
    ["decode --arhc arm", 2, /unknown option '--arhc'; did you mean --arch\?/],
    ["decode --arch arm64 --kernel 6.12", 2, /decode what\?/],
    ["decode --arch sparc 0", 2, /decode needs --kernel R/],
    ["decode --arch arm65 --kernel 6.12 0", 2, /unknown architecture "arm65"; did you mean arm64\?/],
    ["decode --arch arm64 --kernel banana 0", 2, /"banana" is not a kernel release/],
    ["decode --arch arm64 --kernel 4.4.0-19041-Microsoft 0", 2, /no Linux kernel runs there/],
    ["decode --arch arm64 --kernel 3.2 0", 1, /goes back to 3\.10/],
    ["decode --arch arm64 --kernel 6.12 --config CONFIG_LPAE=y 0", 2, /CONFIG_LPAE decides nothing/],
    ["decode --arch arm64 --kernel 6.12 --config lpae 0", 2, /write CONFIG_X=y/],
    [
      "decode --arch arm64 --kernel 6.12 --config-file /nonexistent 0",
      2,
      /cannot read \/nonexistent: no such file/,
    ],
    ["decode --arch arm64 --kernel 6.12 --cpu la57 0", 2, /lpa2/],
    ["decode --arch arm --kernel 6.12 0x123456789", 2, /needs 33 bits/],
    ["decode --arch arm --kernel 6.12 xyzzy", 2, /"xyzzy" is not a word/],
    [
      "encode --arch arm --kernel 6.12 --type 0 --offset 0x1000000",
      1,
      /OFFSET_TOO_WIDE.*needs 25 bits.*holds 24/,
    ],
    ["encode --arch arm --kernel 6.12 --type 32 --offset 1", 1, /TYPE_TOO_WIDE/],
    ["encode --arch arm --kernel 6.12 --type 1 --offset 1 --uffd-wp", 1, /NO_SUCH_FLAG/],
    ["encode --arch arm --kernel 6.12 --type 1", 2, /needs --offset/],
    ["encode --arch arm --kernel 6.12 --type 1 --marker guard", 2, /one of them/],
    ["encode --arch x86_64 --kernel 7.2 --marker gaurd", 2, /did you mean guard\?/],
    ["find --arch arm64 --kernel 6.12 --marker uffdwp -", 2, /did you mean uffd-wp\?/],
    ["find --arch arm64 --kernel 6.12 --marker guard -", 1, /NO_SUCH_MARKER/],
    ["find --arch arm64 --kernel 6.12 --kind swpa -", 2, /a kind is one of/],
    ["spare --arch arm64 --kernel 6.12 --take 0", 1, /BIT_CLAIMED/],
    ["encode --arch x86_64 --kernel 7.2 --migration write --pfn 0x1000000000000", 1, /PFN_TOO_WIDE/],
    ["encode --arch x86_64 --kernel 5.10 --migration write --pfn 1 --young", 1, /NO_AD_BITS/],
    ["entry --bits 32 0x7c00000000000001", 2, /does not fit into 32 bits/],
    ["entry 0x17c00000000000001", 2, /more than 64 bits/],
    ["entry --bits 48 1", 2, /32 or 64/],
    ["explain /nonexistent", 2, /cannot read \/nonexistent/],
    ["explain --arch nosuch -", 2, /unknown architecture/],
    [
      "layout --arch arm --kernel 6.12 --svg /nonexistent/x.svg",
      2,
      /cannot write \/nonexistent\/x\.svg: no such file/,
    ],
    ["diff arm64@6.9", 2, /missing required argument/],
    ["diff arm64 arm", 2, /is not ARCH@RELEASE/],
    ["spare --arch sparc", 2, /spare needs --kernel R/],
    ["spare --all --arch arm", 2, /--arch does not go with --all/],
    ["pagemap abc", 2, /PID is a number, or self/],
    ["pagemap 99999999", 1, /no process 99999999/],
    ["pagemap self --range 5-1", 2, /START-END/],
  ];

  it("is refused in a sentence on standard error, with exit 2 for usage and 1 for no, and never a stack trace", () => {
    for (const [line, status, sentence] of refused) {
      const ran = ptekit(line.split(" "));
      expect([line, ran.status, ran.out]).toEqual([line, status, ""]);
      expect(ran.err, line).toMatch(sentence);
      expect(ran.err, line).toMatch(/^ptekit: [^\n]*\n$/);
    }
  });

  it("standard input without a word is said to have none", () => {
    for (const input of ["", " \n\n"])
      expect(ptekit(["decode", "--arch", "arm64", "--kernel", "6.12", "-"], input)).toEqual({
        status: 0,
        out: "",
        err: "ptekit: standard input has no word\n",
      });
  });

  it("a word that is none does not keep the others from being decoded", () => {
    const ran = ptekit(
      ["decode", "--arch", "arm64", "--kernel", "6.12", "--json", "-"],
      "17c0 nonsense\n0x47c0\n",
    );
    expect(objects(ran).map(({ pte }) => pte)).toEqual(["0x00000000000017c0", "0x00000000000047c0"]);
    expect(ran.err).toMatch(/line 1: "nonsense" is not a word/);
    expect(ran.status).toBe(2);
  });
});

describe("output", () => {
  it("without a command: the help, and exit 2", () => {
    const ran = ptekit([]);
    expect([ran.status, ran.out.startsWith("Usage: ptekit")]).toEqual([2, true]);
  });

  it("has no colours where it is no terminal", () => {
    const { out } = ptekit(["decode", "--arch", "arm64", "--kernel", "6.12", "17c0"], "", {
      ...process.env,
      FORCE_COLOR: "1",
      CI: "1",
    });
    expect(out).not.toContain("\u001b");
  });

  it("a closed pipe ends quietly", async () => {
    const child = spawn(process.execPath, [BIN, "decode", "--arch", "arm64", "--kernel", "6.12", "-"]);
    let err = "";
    child.stderr.on("data", (text) => {
      err += text;
    });
    child.stdin.on("error", () => {});
    child.stdout.once("data", () => child.stdout.destroy());
    child.stdin.end("17c0\n".repeat(20_000));
    const status = await new Promise((done) => child.on("close", done));
    expect([status, err]).toEqual([0, ""]);
  });

  it("decode --json has exactly the keys that apply", () => {
    const { out } = ptekit(
      ["decode", "--arch", "x86_64", "--kernel", "7.2.13+deb14-amd64", "--json", "-"],
      "0 8000000000000025 fffffffffffffc00 cffffffffdb97e00 fffffffffedca00",
    );
    const keys = out
      .trim()
      .split("\n")
      .map((line) => Object.keys(JSON.parse(line)));
    const head = ["pte", "arch", "layout", "level", "assumed", "kind"];
    const swap = [...head, "type", "offset", "swpEntry", "exclusive", "softDirty", "uffdWp"];
    expect(keys).toEqual([
      head,
      [...head, "softDirty", "uffdWp", "pfn", "write", "dirty", "young", "special", "protNone", "names"],
      [...swap, "markers"],
      [...swap, "access", "pfn", "young", "dirty"],
      swap,
    ]);
  });

  it("layout --svg writes a whole picture, and leaves nothing else behind", () => {
    const file = path.join(folder, "arm.svg");
    expect(ptekit(["layout", "--arch", "arm", "--kernel", "6.12", "--svg", file]).status).toBe(0);
    const text = fs.readFileSync(file, "utf8");
    expect(text).toMatch(/^<svg [^>]*viewBox="0 0 \d+ \d+"[\s\S]*<\/svg>\n$/);
    for (const part of ["<title", ">offset<", ">E<", "20aae9eff5ac"]) expect(text).toContain(part);
    expect(text.match(/<rect/g)?.length).toBe(1 + 4);
    expect(fs.readdirSync(folder).filter((name) => name.includes("tmp"))).toEqual([]);
  });
});

describe("answers", () => {
  it("archs lists every backend", () => {
    expect(objects(ptekit(["archs", "--json"])).map(({ arch }) => arch)).toEqual([...names]);
  });

  it("spare: free, takeable and claimed bits; arm64 6.12 has four free ones", () => {
    const [answer] = objects(ptekit(["spare", "--arch", "arm64", "--kernel", "6.12", "--json"]));
    expect(answer).toMatchObject({
      free: [4, 5, 62, 63],
      takeable: [
        { bit: 12, from: "offset" },
        { bit: 6, from: "type" },
      ],
    });
    expect(answer?.claimed).toContainEqual({
      bit: 11,
      by: "zeros",
      sentence: "bit 11 must be zero (pte_present() reads PTE_PRESENT_INVALID)",
    });
    const all = objects(ptekit(["spare", "--all", "--json"]));
    expect(all.find(({ layout }) => layout === "arm64 5.19")?.free).toEqual([60, 61, 62, 63]);
  });

  it("layout: the two limits of a swap file", () => {
    const [x86] = objects(ptekit(["layout", "--arch", "x86_64", "--kernel", "6.12", "--json"]));
    expect(x86?.limits).toMatchObject({
      swapFiles: 23,
      layoutBytes: String(2n ** 62n),
      maxBytes: String((2n ** 32n - 1n) * 4096n),
    });
    const [arm] = objects(ptekit(["layout", "--arch", "arm", "--kernel", "6.12", "--json"]));
    expect(arm?.limits).toMatchObject({ layoutBytes: String(2n ** 36n), maxBytes: String(2n ** 36n) });
  });

  it("types: the numbers of facts compiled from the kernel", () => {
    const numbers = (...args: string[]): unknown => objects(ptekit(["types", "--json", ...args]))[0];
    expect(numbers("--arch", "x86_64", "--kernel", "6.1")).toMatchObject({ maxSwapfiles: 22 });
    expect(
      numbers("--arch", "x86_64", "--kernel", "6.1", "--config", "CONFIG_DEVICE_PRIVATE=n"),
    ).toMatchObject({ maxSwapfiles: 26 });
    expect(numbers("--arch", "arm", "--kernel", "7.2")).toMatchObject({ maxSwapfiles: 28 });
  });

  it("diff: what moved on arm64 in 6.10", () => {
    const [answer] = objects(ptekit(["diff", "arm64@6.9", "arm64@6.10", "--json"]));
    expect(answer?.moved).toEqual(
      expect.arrayContaining([
        { what: "type", from: "bits 7:3", to: "bits 10:6" },
        { what: "offset", from: "bits 57:8", to: "bits 61:12" },
        { what: "uffd-wp", from: "no bit", to: "bit 3" },
      ]),
    );
    expect(ptekit(["diff", "arm64@6.11", "arm64@6.12"]).status).toBe(1);
  });

  it("diff: what differs between a PTE's swap entries and a PMD's, and a level that is not there", () => {
    const moved = (...args: string[]): unknown =>
      objects(ptekit(["diff", "s390@6.12", "s390@7.2", "--json", ...args]))[0]?.moved;
    const [pmd] = objects(
      ptekit(["diff", "riscv@6.12", "riscv@7.2", "--level", "pmd", "--json", "--cpu", "svrsw60t59b"]),
    );
    expect(JSON.stringify(pmd)).toContain("PMD");
    expect(pmd?.moved).toContainEqual(expect.objectContaining({ what: "soft-dirty", to: "bit 3" }));
    expect(moved()).toBeDefined();
    // No PMD of s390 held an entry in 6.12.
    const none = ptekit(["diff", "s390@6.12", "s390@7.2", "--level", "pmd"]);
    expect([none.status, none.err]).toEqual([2, expect.stringMatching(/pmd/i)]);
  });

  it("decode: a present PMD's frame, flags and level; a table; a PUD", () => {
    const pmd = (word: string, level = "pmd"): unknown =>
      objects(ptekit(["decode", "--arch", "x86_64", "--kernel", "7.2", "--level", level, "--json", word]))[0];
    expect(pmd("80000001234008e7")).toMatchObject({
      level: "pmd",
      kind: "present",
      leaf: true,
      pfn: "0x123400",
      names: expect.arrayContaining(["_PAGE_PSE", "_PAGE_RW", "_PAGE_NX", "_PAGE_SOFT_DIRTY"]),
    });
    expect(pmd("1234067")).toMatchObject({ kind: "present", leaf: false, table: "0x1234000" });
    expect(pmd("80000001400000e7", "pud")).toMatchObject({ level: "pud", leaf: true, pfn: "0x140000" });
  });

  it("entry: the generic entry on both widths, before and after 4.20", () => {
    const one = (...args: string[]): unknown => objects(ptekit(["entry", "--json", ...args]))[0];
    expect(one("0x7c00000000000001", "--kernel", "6.9")).toMatchObject({ bits: 64, type: 31, offset: "0x1" });
    expect(one("700b8216", "--kernel", "5.7", "--bits", "32")).toMatchObject({ type: 28, offset: "0xb8216" });
    expect(one("700b8216", "--kernel", "4.19", "--bits", "32")).toMatchObject({ type: 56 });
    expect(one("40207070a050609", "--arch", "arm64", "--kernel", "6.0")).toMatchObject({
      type: 1,
      offset: "0x207070a050609",
    });
  });

  it("a whole .config: an absent symbol is off", () => {
    const file = path.join(folder, "config");
    fs.writeFileSync(
      file,
      "# a kernel\nCONFIG_X86_64=y\nCONFIG_MIGRATION=y\n# CONFIG_MEMORY_FAILURE is not set\n",
    );
    const [answer] = objects(
      ptekit(["types", "--arch", "x86_64", "--kernel", "6.12", "--config-file", file, "--json"]),
    );
    expect(answer).toMatchObject({
      maxSwapfiles: 28,
    });
    // Only what no .config says is still assumed.
    expect(answer?.assumed).not.toContainEqual(expect.stringMatching(/^CONFIG_/));
    expect(answer?.assumed).toContain("cpu without la57 (not given)");
  });
});

describe("spare --take", () => {
  const take = (line: string) => ptekit(`spare ${line} --json`.split(" "));

  it("a bit of the type is refused by the kernel's build, and properties do not hold", () => {
    const ran = take("--arch riscv --kernel 6.6 --take 7 --for uffd-wp");
    const [said] = objects(ran);
    expect(ran.status).toBe(1);
    expect(said).toMatchObject({
      take: 7,
      for: "uffd-wp",
      from: "type",
      before: { types: 32 },
      after: { types: 16 },
    });
    expect(said?.refusedBy).toEqual([
      expect.stringMatching(/^MAX_SWAPFILES_CHECK\(\).*types 31:28 would not fit$/),
    ]);
    expect(said?.properties).toMatchObject({ broken: [{ property: "all 32 types fit" }, {}] });
  });

  it("a free bit, and one of the offset, would do", () => {
    for (const [bit, from] of [
      [4, "free"],
      [30, "offset"],
    ] as const) {
      const ran = take(`--arch arm64 --kernel 6.12 --take ${bit} --for soft-dirty`);
      expect([ran.status, objects(ran)[0]]).toEqual([
        0,
        expect.objectContaining({ from, refusedBy: [], properties: expect.objectContaining({ broken: [] }) }),
      ]);
    }
  });

  it("what cannot be taken is refused in a sentence", () => {
    const refused: readonly (readonly [string, number, RegExp])[] = [
      ["--arch arm64 --kernel 6.12 --take 2", 1, /bit 2 is the exclusive flag/],
      ["--arch arm64 --kernel 6.12 --take 64", 1, /from 0 to 63, not 64/],
      ["--arch arm64 --kernel 6.12 --take x", 2, /--take is a number/],
      ["--arch arm64 --kernel 6.12 --take 4 --for young", 2, /--for is uffd-wp, soft-dirty, exclusive/],
      ["--arch arm64 --kernel 6.12 --for uffd-wp", 2, /--for goes with --take/],
      ["--arch x86_64 --kernel 6.12 --take 7", 1, /has all of/],
      ["--all --take 7", 2, /--take does not go with --all/],
      ["--arch arm64 --kernel 6.12 --take 4 --present", 2, /not with --present/],
    ];
    for (const [line, status, sentence] of refused) {
      const ran = take(line);
      expect([line, ran.status, ran.err]).toEqual([line, status, expect.stringMatching(sentence)]);
    }
  });
});
