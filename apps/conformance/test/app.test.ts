import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BIN, CORE } from "../bundle.ts";

const ours = (path: string): string =>
  fileURLToPath(new URL(`../../../packages/arch/${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "ptekit-conformance-"));
const at = (...path: string[]): string => join(folder, ...path);

interface Run {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** The program as a process, in the temporary folder. */
function run(...args: string[]): Promise<Run> {
  const { promise, resolve, reject } = withResolvers<Run>();
  const env = { ...process.env, NO_COLOR: "1", NODE_EXTRA_CA_CERTS: undefined };
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    err += text;
  });
  child.on("error", reject).on("close", (status) => resolve({ status, out, err }));
  return promise;
}

function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (why: unknown) => void;
} {
  let resolve: (value: T) => void = () => {};
  let reject: (why: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

type Json = Record<string, never> & { encode: { pte: string }[]; rows: { pagemap: string }[] };
const read = (path: string): Json => JSON.parse(readFileSync(path, "utf8"));

/** A folder in the temporary one with files in it. */
function folderOf(name: string, files: Record<string, unknown>): string {
  mkdirSync(at(name), { recursive: true });
  for (const [file, value] of Object.entries(files)) {
    writeFileSync(at(name, file), typeof value === "string" ? value : JSON.stringify(value));
  }
  return name;
}

/** The first sequence of a life file, with the last entry changed. */
function firstLife(changed: (step: { pte: string }) => string): object {
  const file = JSON.parse(readFileSync(ours("x86_64/life/x86_64-7.2.json"), "utf8"));
  const steps = file.steps.filter((step: { of: number }) => step.of === 0);
  const last = steps.at(-1);
  return {
    ...file,
    sequences: file.sequences.slice(0, 1),
    steps: [...steps.slice(0, -1), { ...last, pte: changed(last) }],
  };
}

const flip = (hex: string, bit: bigint): string => `0x${(BigInt(hex) ^ (1n << bit)).toString(16)}`;

function sentenceOf({ status, out, err }: Run): string {
  expect(status).toBe(2);
  expect(out).toBe("");
  expect(err.trimEnd().split("\n")).toHaveLength(1);
  expect(err).not.toMatch(/^\s+at /m);
  return err.trimEnd();
}

const arm612 = ours("arm/vectors/arm-2level-7.2.json");
const toyModule = (name: string, extra = ""): string => `
import { defineArch, differs, equals, spare, swpOffset, swpType, zeros } from ${JSON.stringify(
  pathToFileURL(CORE).href,
)};
const citation = "See __swp_type() in arch/${name}/include/asm/pgtable.h (as of Linux v6.12)";
export default defineArch({
  name: ${JSON.stringify(name)}, title: "a toy", header: "arch/${name}/include/asm/pgtable.h",
  layouts: [{
    id: "${name} 6.3", since: "6.3", pteBits: 32,
    fields: [swpOffset(31, 8), spare(7, 7), swpType(6, 2), zeros(1, 0, "pte_present() reads it")],
    present: differs(3n, 0n), none: equals(0xffffffffn, 0n), citation, ${extra}
  }],
  symbols: [], pageShift: [{ shift: 12 }], physBits: [{ bits: 32 }], byteOrder: [{ order: "little" }],
});
`;

// Every process of this file runs here, two at a time: starting Node is what takes the time.
/** What the named pipe got. */
let piped: Promise<string>;

const wanted: Record<string, () => string[]> = {
  help: () => ["--help"],
  badOption: () => ["--frobnicate"],
  badArch: () => ["--arch", "vax"],
  noFolder: () => ["--arch", "arm", "--vectors", "nowhere"],
  fileAsFolder: () => ["--arch", "arm", "--vectors", arm612],
  emptyFolder: () => ["--arch", "arm", "--live", folderOf("empty", {})],
  truncated: () => [
    "--arch",
    "arm",
    "--vectors",
    folderOf("truncated", { "cut.json": readFileSync(arm612, "utf8").slice(0, 4000) }),
  ],
  wrongFormat: () => ["--arch", "arm", "--vectors", folderOf("format", { "f.json": { format: "other/1" } })],
  badRelease: () => [
    "--arch",
    "arm",
    "--vectors",
    folderOf("release", { "r.json": { ...read(arm612), release: "tomorrow" } }),
  ],
  good: () => ["--arch", "arm", "--json", "good.json"],
  alone: () => {
    writeFileSync(at("lonely.mjs"), toyModule("lonely"));
    return ["./lonely.mjs"];
  },
  someWords: () => ["--arch", "i386", "--exhaustive", "--words", "0x4000-0xc000", "--json", "words.json"],
  wordsToPipe: () => {
    execFileSync("mkfifo", [at("pipe")]);
    piped = readFile(at("pipe"), "utf8");
    return ["--arch", "nds32", "--exhaustive", "--words", "0x4000-0x8000", "--json", "pipe"];
  },
  halfWords: () => ["--arch", "arm", "--exhaustive", "--words=-0x4000"],
  badWords: () => ["--arch", "arm", "--exhaustive", "--words", "1-0x4000"],
  recordAlone: () => ["--arch", "arm", "--record", "record.json"],
  recordOfSome: () => ["--arch", "arm", "--exhaustive", "--words", "0-0x4000", "--record", "record.json"],
  wordsAlone: () => ["--arch", "arm", "--words", "0-0x4000"],
  mismatch: () => {
    const file = read(arm612);
    const encode = file.encode.map((row, i) => (i === 9 ? { ...row, pte: flip(row.pte, 12n) } : row));
    return [
      "--arch",
      "arm",
      "--vectors",
      folderOf("flipped", { "one.json": { ...file, encode } }),
      "--json",
      "bad.json",
    ];
  },
  liveMismatch: () => {
    const file = read(ours("arm/live/armhf-7.2.json"));
    const rows = file.rows.map((row, i) => (i === 700 ? { ...row, pagemap: flip(row.pagemap, 55n) } : row));
    return ["--arch", "arm", "--live", folderOf("live", { "one.json": { ...file, rows } })];
  },
  lifeMismatch: () => {
    writeFileSync(at("solitary.mjs"), toyModule("solitary"));
    return [
      "./solitary.mjs",
      "--life",
      folderOf("life", { "one.json": firstLife(({ pte }) => flip(pte, 10n)) }),
    ];
  },
  lifeOfNothing: () => {
    writeFileSync(at("hermit.mjs"), toyModule("hermit"));
    return [
      "./hermit.mjs",
      "--life",
      folderOf("ram", {
        "one.json": { ...firstLife(({ pte }) => pte), sequences: [{ number: 0, vma: "ram", features: "" }] },
      }),
    ];
  },
  noBackend: () => [
    "--arch",
    "arm",
    "--vectors",
    folderOf("others", {
      "vax.json": { ...read(arm612), arch: "vax" },
      "old.json": { ...read(arm612), release: "2.4.18" },
      "x86.json": read(ours("x86_64/vectors/x86_64-7.2.json")),
    }),
    "--json",
    "none.json",
  ],
  module: () => {
    writeFileSync(at("toy.mjs"), toyModule("toy"));
    const { masks: _masks, ...file } = read(arm612) as unknown as Record<string, unknown>;
    const toy = {
      ...file,
      arch: "toy",
      constants: {},
      special: [],
      markers: [],
      migrationAdSupported: undefined,
      presentPte: undefined,
      decode: [{ pte: "0x12340c", none: false, present: false, type: 3, offset: "0x1234" }],
    };
    return ["./toy.mjs", "--vectors", folderOf("toy files", { "t.json": toy }), "--json", "toy.json"];
  },
  wrongModule: () => {
    const spareBit = `exceptions: [{ property: "every type survives", words: equals(1n, 1n), reason: "never", citation }],`;
    writeFileSync(at("wrong.mjs"), toyModule("wrong", spareBit));
    return ["./wrong.mjs"];
  },
  noDefault: () => {
    writeFileSync(at("empty.mjs"), "export const x = 1;\n");
    return ["./empty.mjs"];
  },
  halfModule: () => {
    writeFileSync(at("half.mjs"), `export default { name: "half", for() {}, layouts: [] };\n`);
    return ["./half.mjs"];
  },
  brokenModule: () => {
    writeFileSync(at("broken.mjs"), "export default {;\n");
    return ["./broken.mjs"];
  },
  importInCommonJs: () => {
    folderOf("init", { "package.json": { type: "commonjs" } });
    writeFileSync(at("init", "a.js"), `import { defineArch } from "@ptekit/core";\n`);
    return ["./init/a.js"];
  },
  exportInCommonJs: () => {
    folderOf("init", { "package.json": { type: "commonjs" } });
    writeFileSync(at("init", "b.js"), "export default 1;\n");
    return ["./init/b.js"];
  },
  badLayout: () => {
    writeFileSync(at("bad.mjs"), toyModule("bad").replace("spare(7, 7), ", ""));
    return ["./bad.mjs"];
  },
  noModule: () => ["./missing.mjs"],
  jsonOnFolder: () => {
    folderOf("target", {});
    return ["--arch", "arm", "--json", "target"];
  },
  jsonNowhere: () => ["--arch", "arm", "--json", "no/such/folder/out.json"],
  unicode: () => {
    const name = `é 漢字 🐘 ${"long".repeat(40)}`;
    mkdirSync(at(name, "deep"), { recursive: true });
    cpSync(arm612, at(name, "deep", "a b'\"\\c.json"));
    return ["--arch", "arm", "--vectors", join(name, "deep"), "--json", `${name}/résultat.json`];
  },
  hugeNumbers: () => {
    const file = read(arm612);
    const encode = [{ type: 3, offset: `0x${"f".repeat(4000)}`, pte: `0x${"f".repeat(4000)}` }];
    return ["--arch", "arm", "--vectors", folderOf("huge", { "h.json": { ...file, encode } })];
  },
};

const runs = new Map<string, Run>();
const of = (name: keyof typeof wanted): Run => {
  const found = runs.get(name);
  if (!found) throw new Error(`${name} did not run`);
  return found;
};

beforeAll(async () => {
  const queue = Object.entries(wanted);
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) runs.set(next[0], await run(...next[1]()));
  };
  await Promise.all([worker(), worker()]);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("exit 0", () => {
  it("all right: counts, no failure, and the JSON has the sums", () => {
    const { status, out, err } = of("good");
    expect(err).toBe("");
    expect(status).toBe(0);
    expect(out).toMatch(/^\d+ checked, 0 failed$/m);
    expect(out).toContain("arm 6.3 LPAE");
    const json = JSON.parse(readFileSync(at("good.json"), "utf8"));
    expect(json).toMatchObject({ failed: 0, noBackend: 0 });
    expect(json.rows.encode).toBeGreaterThan(1000);
    const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);
    expect(json.checked).toBe(sum(json.rows) + sum(json.properties));
    expect(out).toContain(`${json.checked} checked, 0 failed`);
  });

  it("--exhaustive with --words reads those words of every layout with 32-bit PTEs", () => {
    const { status, out } = of("someWords");
    expect(status).toBe(0);
    // pte_present() reads bits 0 and 8: of 2^15 words, a quarter has neither; the exclusive bit since 6.3 is bit 7.
    expect(out).toContain(
      "i386 6.3: 32768 words, 8192 entries, 4096 of them written by encode: both engines agree",
    );
    const { exhaustive } = JSON.parse(readFileSync(at("words.json"), "utf8"));
    expect(exhaustive).toHaveLength(3);
    expect(exhaustive[0]).toMatchObject({
      layout: "i386 6.3",
      words: 32768,
      entries: 8192,
      failed: 0,
      failures: [],
    });
  });

  it("a pipe gets one JSON, with the exhaustive check in it", async () => {
    expect(of("wordsToPipe").status).toBe(0);
    expect(JSON.parse(await piped).exhaustive).toHaveLength(1);
  });

  it("--help says what it does and what it exits with", () => {
    const { status, out } = of("help");
    expect(status).toBe(0);
    for (const word of ["--vectors", "--live", "--arch", "--json", "modules", "Exit: 0 all right"]) {
      expect(out).toContain(word);
    }
  });

  it("a file without a backend is printed and counted, one of an architecture not asked for is printed", () => {
    const { status, out } = of("noBackend");
    expect(status).toBe(0);
    expect(out).toContain("none others/vax.json: there is no backend for vax");
    expect(out).toContain("skip others/x86.json: x86_64 is not the architecture asked for");
    expect(out).toMatch(/none others\/old\.json: .*2\.4\.18/);
    expect(out).toContain("2 files without a backend");
    const json = JSON.parse(readFileSync(at("none.json"), "utf8"));
    expect(json.noBackend).toBe(2);
    const files = json.files
      .filter(({ file }: { file: string }) => file.startsWith("others/"))
      .map((one: Record<string, unknown>) => [one.file, one.backend, one.noBackend]);
    expect(files).toEqual([
      ["others/old.json", false, expect.stringContaining("2.4.18")],
      ["others/vax.json", false, "there is no backend for vax"],
      ["others/x86.json", true, null],
    ]);
  });

  it("a third-party module is judged by the properties and by its own files", () => {
    const { status, out } = of("module");
    expect(out).toMatch(/ok {3}toy 6.3, all that can be selected/);
    expect(out).toMatch(/ok {3}vectors toy 7\.2\.\d+ /);
    expect(out).not.toContain("arm64");
    expect(status).toBe(0);
    expect(JSON.parse(readFileSync(at("toy.json"), "utf8")).rows.encode).toBe(read(arm612).encode.length);
  });

  it("an architecture that no file is of is named: only the properties hold it", () => {
    const { status, out } = of("alone");
    expect(status).toBe(0);
    expect(out).toContain("lonely: no file is of this architecture; only the properties hold it");
    expect(of("good").out).not.toContain("only the properties hold it");
  });

  it("names with spaces, quotes and other scripts are files like others", () => {
    const { status, out } = of("unicode");
    expect(status).toBe(0);
    expect(out).toContain("0 failed");
    const folderName = readdirSync(folder).find((name) => name.startsWith("é")) ?? "";
    expect(JSON.parse(readFileSync(at(folderName, "résultat.json"), "utf8")).failed).toBe(0);
  });
});

describe("exit 1", () => {
  it("one flipped bit in a vector file names file and row, in words and as a diagram", () => {
    const { status, out } = of("mismatch");
    expect(status).toBe(1);
    expect(out).toContain("flipped/one.json: encode row 9 (arm 6.3)");
    expect(out).toMatch(/^ {4}expected PTE 0x[0-9a-f]{8}$/m);
    expect(out).toMatch(/^ {4}got {6}PTE 0x[0-9a-f]{8}$/m);
    expect(out).toMatch(/^ {4}expected( [01]){32}$/m);
    expect(out).toMatch(/^ {4}got {5}( [01]){32}$/m);
    expect(out).toMatch(/^ +\^$/m);
    const json = JSON.parse(readFileSync(at("bad.json"), "utf8"));
    expect(json.failed).toBeGreaterThan(0);
    expect(out).toContain(`${json.failed} failed`);
    const file = json.files.find((one: { file: string }) => one.file === "flipped/one.json");
    expect(file.mismatches[0]).toMatchObject({ list: "encode", row: 9 });
  });

  it("one flipped bit in a live file names file and row", () => {
    const { status, out } = of("liveMismatch");
    expect(status).toBe(1);
    expect(out).toMatch(/live\/one\.json: soft-dirty row 700 \(arm 6\.3\)/);
    expect(out).toMatch(/, 1 failed$/m);
  });

  it("one flipped bit in a life file names file, row, and the way there", () => {
    const { status, out } = of("lifeMismatch");
    expect(status).toBe(1);
    expect(out).toMatch(/life\/one\.json: steps row \d+ \(x86_64 5\.19\)/);
    expect(out).toMatch(/expected hugetlb - register write write-protect punch-hole write/);
    expect(out).toMatch(
      /got {6}pte: the model says 0x[0-9a-f]{16} present-wp, the kernel 0x[0-9a-f]{16} present/,
    );
  });

  it("an exception that never occurs fails the module", () => {
    const { status, out } = of("wrongModule");
    expect(status).toBe(1);
    expect(out).toContain(`the exception "never" never occurs`);
  });

  it("numbers of any size are mismatches, not crashes", () => {
    const { status, out, err } = of("hugeNumbers");
    expect(err).toBe("");
    expect(status).toBe(1);
    expect(out).toContain("huge/h.json: encode row 0");
  });
});

describe("exit 2, in one sentence", () => {
  const sentences: [name: keyof typeof wanted, sentence: RegExp][] = [
    ["badOption", /unknown option '--frobnicate'/],
    ["badArch", /BAD_ARGUMENT: there is no architecture vax; there are .*\barm\b/],
    ["noFolder", /BAD_FILE: nowhere cannot be read: ENOENT/],
    ["fileAsFolder", /BAD_FILE: .*arm-2level-7\.2\.json cannot be read: not a folder/],
    ["emptyFolder", /BAD_FILE: empty holds no \.json file/],
    ["truncated", /BAD_FILE: truncated\/cut\.json: not JSON, or cut off/],
    ["wrongFormat", /BAD_FILE: format\/f\.json: the format is "other\/1", not "ptekit-vectors\/1"/],
    ["badRelease", /BAD_FILE: release\/r\.json: its head selects no backend: UNKNOWN_RELEASE: "tomorrow"/],
    [
      "lifeOfNothing",
      /BAD_FILE: ram\/one\.json: sequence 0: a VMA is anonymous, shmem, file, hugetlb, private-shmem, private-file, private-hugetlb, thp, not ram/,
    ],
    ["badWords", /BAD_ARGUMENT: --words is FROM-TO, multiples of 0x4000 up to 0x100000000, not 1-0x4000/],
    ["halfWords", /BAD_ARGUMENT: --words is FROM-TO, .*, not -0x4000/],
    ["recordAlone", /BAD_ARGUMENT: --record goes with --exhaustive, and all words/],
    ["recordOfSome", /BAD_ARGUMENT: --record goes with --exhaustive, and all words/],
    ["wordsAlone", /BAD_ARGUMENT: --words goes with --exhaustive/],
    ["noDefault", /BAD_ARGUMENT: \.\/empty\.mjs has no Architecture as its default export/],
    ["halfModule", /BAD_ARGUMENT: \.\/half\.mjs has no Architecture as its default export/],
    ["brokenModule", /BAD_ARGUMENT: \.\/broken\.mjs cannot be loaded: /],
    ["badLayout", /BAD_ARGUMENT: \.\/bad\.mjs cannot be loaded: BAD_LAYOUT: bad 6\.3: bit 7 is unclaimed/],
    ["noModule", /BAD_ARGUMENT: \.\/missing\.mjs cannot be loaded: /],
    ["jsonOnFolder", /BAD_FILE: target cannot be written: /],
    ["jsonNowhere", /BAD_FILE: no\/such\/folder\/out\.json cannot be written: ENOENT/],
  ];
  for (const [name, sentence] of sentences) {
    it(`${String(name)}: ${sentence.source}`, () => expect(sentenceOf(of(name))).toMatch(sentence));
  }

  // Node warns of such a module by itself, on a line before ours.
  for (const name of ["importInCommonJs", "exportInCommonJs"] as const) {
    it(`${name}: what to do about it`, () => {
      const { status, err } = of(name);
      expect(status).toBe(2);
      expect(err.trimEnd().split("\n").at(-1)).toMatch(
        /BAD_ARGUMENT: \.\/init\/[ab]\.js cannot be loaded: it is an ES module, .* \(npm pkg set type=module, /,
      );
    });
  }

  it("a JSON file that cannot be written leaves nothing half-written", () => {
    expect(readdirSync(folder).filter((name) => name.includes(".part"))).toEqual([]);
    expect(readdirSync(at("target"))).toEqual([]);
    expect(existsSync(at("no"))).toBe(false);
  });
});
