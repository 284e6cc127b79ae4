import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it, vi } from "vitest";
import { commands } from "../src/commands/index.ts";
import { survey } from "../src/pagemap/survey.ts";
import { BIN, objects, ptekit } from "./run.ts";

vi.setConfig({ testTimeout: 120_000 });

// What once broke, by the numbers under which it was reported, each as a kind.

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-robust-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
const at = (name: string): string => path.join(folder, name);
const file = (name: string, text: string | Uint8Array): string => {
  fs.writeFileSync(at(name), text);
  return at(name);
};

/** A line for a shell, with ptekit as `$PT`. */
function shell(line: string): { readonly status: number | null; readonly out: string; readonly err: string } {
  const env = { ...process.env, PT: `${process.execPath} ${BIN}` };
  const { status, stdout, stderr } = spawnSync("bash", ["-c", line], { cwd: folder, encoding: "utf8", env });
  return { status, out: stdout, err: stderr };
}

const svg = (name: string): ReturnType<typeof ptekit> =>
  ptekit(["layout", "--arch", "arm64", "--kernel", "6.12", "--svg", name], "", process.env, folder);

describe("1: layout --svg", () => {
  it("writes through a link, to a file that is there and to one that is not yet", () => {
    fs.symlinkSync("target.svg", at("link.svg"));
    for (const before of [undefined, "old"]) {
      if (before !== undefined) fs.writeFileSync(at("target.svg"), before);
      expect(svg("link.svg").status).toBe(0);
      expect(fs.lstatSync(at("link.svg")).isSymbolicLink()).toBe(true);
      expect(fs.readFileSync(at("target.svg"), "utf8")).toMatch(/^<svg/);
    }
  });

  it("gives a pipe's reader the picture, and leaves the pipe", () => {
    const { out } = shell(
      "mkfifo pipe; cat pipe & $PT layout --arch arm64 --kernel 6.12 --svg pipe >&2; wait",
    );
    expect(out).toMatch(/^<svg[\s\S]*<\/svg>\n?$/);
    expect(fs.lstatSync(at("pipe")).isFIFO()).toBe(true);
  });

  it("leaves devices what they are, and says that a full one took nothing", () => {
    expect(svg("/dev/null").status).toBe(0);
    expect(fs.statSync("/dev/null").isCharacterDevice()).toBe(true);
    const full = svg("/dev/full");
    expect([full.status, full.err]).toEqual([
      2,
      "ptekit: cannot write /dev/full: no space left on the device\n",
    ]);
    expect(fs.statSync("/dev/full").isCharacterDevice()).toBe(true);
  });

  it("keeps the mode of what was there, and the other names of a file", () => {
    fs.chmodSync(file("mode.svg", "old"), 0o640);
    file("one.svg", "old");
    fs.linkSync(at("one.svg"), at("other.svg"));
    for (const name of ["mode.svg", "one.svg"]) expect(svg(name).status).toBe(0);
    expect(fs.statSync(at("mode.svg")).mode & 0o777).toBe(0o640);
    expect(fs.readFileSync(at("other.svg"), "utf8")).toMatch(/^<svg/);
  });

  it.runIf(process.getuid?.() === 0)("keeps the owner of what was there", () => {
    fs.chownSync(file("owned.svg", "old"), 65534, 65534);
    expect(svg("owned.svg").status).toBe(0);
    expect(fs.statSync(at("owned.svg")).uid).toBe(65534);
    expect(fs.readFileSync(at("owned.svg"), "utf8")).toMatch(/^<svg/);
  });

  it("refuses a circle of links and a folder, and leaves no draft", () => {
    fs.symlinkSync("b", at("a"));
    fs.symlinkSync("a", at("b"));
    fs.mkdirSync(at("folder"));
    expect(svg("a").err).toMatch(/cannot write a: too many symbolic links/);
    expect(svg("folder").err).toMatch(/cannot write folder: it is a directory/);
    expect(fs.readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

const config =
  "CONFIG_ARM64=y\nCONFIG_MIGRATION=y\nCONFIG_MEMORY_FAILURE=y\nCONFIG_DEVICE_PRIVATE=y\nCONFIG_ARM64_64K_PAGES=y\n";

describe("4: --config-file", () => {
  it("is read once, where two sides ask for it", () => {
    file("c64", config);
    const { status, out } = shell("$PT diff --json --config-file <(cat c64) arm64@6.1 arm64@6.1");
    expect([status, JSON.parse(out).moved]).toEqual([1, []]);
  });

  it("may be what gzip packed, as /proc/config.gz is", () => {
    const types = (name: string): unknown =>
      objects(ptekit(["types", "--arch", "arm64", "--kernel", "6.1", "--config-file", name, "--json"]));
    expect(types(file("config.gz", gzipSync(config)))).toEqual(types(file("config", config)));
  });

  it.each<[what: string, text: string | Uint8Array, sentence: RegExp]>([
    ["empty", "", /empty is empty: a \.config has a line for every symbol/],
    ["xz", Uint8Array.of(0xfd, 0x37, 0x7a, 0x58), /xz is packed by xz/],
    ["zst", Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd), /is packed by zstd/],
    ["utf16", Uint8Array.of(0xff, 0xfe, 0x43, 0), /is UTF-16/],
    ["broken.gz", gzipSync(config).subarray(0, 20), /is packed by gzip, and broken/],
    ["large", "#".repeat((1 << 24) + 1), /has more than 16 MiB: that is no \.config/],
    ["bomb.gz", gzipSync("#".repeat(1 << 25)), /has more than 16 MiB/],
  ])("%s is refused by name", (name, text, sentence) => {
    const args = ["types", "--arch", "arm64", "--kernel", "6.1", "--config-file", file(name, text)];
    const { status, err } = ptekit(args);
    expect([status, err]).toEqual([2, expect.stringMatching(sentence)]);
  });

  it("a file without an end is refused", () => {
    const args = ["types", "--arch", "arm64", "--kernel", "6.1", "--config-file", "/dev/zero"];
    expect(ptekit(args).err).toMatch(/more than 16 MiB/);
  });
});

describe("5: census and find read the same bytes", () => {
  const four = (): Uint8Array => new Uint8Array(BigUint64Array.of(0x17c0n, 0x17c0n, 0x17c0n, 0x17c0n).buffer);
  const target = "--arch arm64 --kernel 6.12 --json";

  it("of standard input that is a file, from where it stands", () => {
    file("four.bin", four());
    const read = (verb: string): string =>
      shell(`(dd bs=8 count=3 of=/dev/null status=none; $PT ${verb} ${target} -) < four.bin`).out;
    expect(JSON.parse(read("census")).total).toBe(1);
    expect(read("find").trim().split("\n")).toHaveLength(1);
  });

  it("of a file of /proc, which says that it has none", () => {
    const { out } = shell(
      `$PT census ${target} /proc/self/auxv; cat /proc/self/auxv | $PT census ${target} -`,
    );
    const [named, piped] = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).total);
    expect(named).toBeGreaterThan(0);
    expect(named).toBe(piped);
  });
});

describe("6: pagemap of a process that ends while it is read is no sum", () => {
  const page = 4096n;
  const proc = (name: string): string => {
    fs.mkdirSync(path.join(at(name), "7"), { recursive: true });
    const lines = ["00001000-00002000", "00002000-00003000"].map(
      (range) => `${range} rw-p 00000000 00:00 0\n`,
    );
    fs.writeFileSync(path.join(at(name), "7", "maps"), lines.join(""));
    // It has an entry of the first mapping, and none of the second: so it reads once the memory is gone.
    fs.writeFileSync(path.join(at(name), "7", "pagemap"), new Uint8Array(2 * 8));
    return at(name);
  };
  const request = (name: string) => ({ proc: proc(name), pid: "7", pageBytes: page, markerType: -1 });
  const readAll = (name: string, between: (maps: string) => void): number => {
    let seen = 0;
    for (const _ of survey(request(name), () => {})) {
      seen++;
      if (seen === 1) between(path.join(at(name), "7", "maps"));
    }
    return seen;
  };

  it.each<[what: string, between: (maps: string) => void]>([
    ["it is gone", (maps) => fs.rmSync(maps)],
    ["it has no memory left", (maps) => fs.writeFileSync(maps, "")],
    [
      "it runs another program",
      (maps) => fs.writeFileSync(maps, "00400000-00401000 r-xp 00000000 00:00 0\n"),
    ],
  ])("%s", (what, between) => {
    expect(() => readAll(`ends-${what.replaceAll(" ", "-")}`, between)).toThrow(
      "the process ended while it was read",
    );
  });

  it("where it lives on, what is not read is told mapping by mapping", () => {
    expect(readAll("lives", () => {})).toBe(2);
  });

  it("a zombie has no memory, which is said", () => {
    const line = `(sleep 0 & exec sleep 3) & sleep 1; $PT pagemap $(pgrep -P $! 2>/dev/null || ps -o pid= --ppid $!)`;
    const { status, err } = shell(line);
    expect([status, err]).toEqual([
      1,
      expect.stringMatching(/has no memory: it ended and waits for its parent/),
    ]);
  });
});

describe("13: a full disk", () => {
  it.each([
    "archs",
    "types --arch arm64 --kernel 6.12",
    "spare --all",
    "argue",
    "--help",
    "--version",
    "help decode",
    "pagemap self",
  ])("ptekit %s: exit 2, and why", (line) => {
    const { status, err } = shell(`$PT ${line} > /dev/full`);
    expect([status, err]).toEqual([2, "ptekit: cannot write the answer: no space left on the device\n"]);
  });
});

it("16: where addresses are limited, census counts without WebAssembly", () => {
  file("some.bin", new Uint8Array(64));
  const { status, out } = shell("ulimit -v 4000000; $PT census --arch arm64 --kernel 6.12 --json some.bin");
  expect([status, JSON.parse(out).total]).toEqual([0, 8]);
});

describe("what is given twice, or against itself, is refused", () => {
  it.each([
    ["decode --arch arm64 --arch x86_64 --kernel 6.12 0", /option '--arch' is given twice/],
    [
      "find --arch arm64 --kernel 6.12 --flag !exclusive --flag exclusive some.bin",
      /--flag exclusive and --flag !exclusive/,
    ],
    ["find --arch arm64 --kernel 6.12 --offset 5-1 some.bin", /the first is larger than the last/],
    ["find --arch arm64 --kernel 6.12 --limit 0 some.bin", /--limit is a number from 1 on/],
    ["spare --all --config CONFIG_X=y", /--config does not go with --all/],
    ["spare --all --cpu la57", /--cpu does not go with --all/],
  ])("ptekit %s", (line, sentence) => {
    file("some.bin", new Uint8Array(64));
    const { status, err } = ptekit(line.split(" "), "", process.env, folder);
    expect([status, err]).toEqual([2, expect.stringMatching(sentence)]);
  });
});

describe("what is long stays readable, and bounded", () => {
  const target = ["--arch", "arm64", "--kernel", "6.12"];
  it("a word of a megabyte is refused in a sentence that shows its ends", () => {
    const { status, err } = ptekit(["decode", ...target, "-"], "f".repeat(900_000));
    expect(status).toBe(2);
    expect(err.length).toBeLessThan(1100);
  });

  it("a line without an end is refused", () => {
    const { status, err } = shell(
      "head -c 30000000 /dev/zero | tr '\\0' 1 | $PT decode --arch arm64 --kernel 6.12 -",
    );
    expect([status, err]).toEqual([2, expect.stringMatching(/a line of more than 1000000 characters/)]);
  });

  it("a folder as standard input is named", () => {
    expect(shell("$PT decode --arch arm64 --kernel 6.12 - < .").err).toBe(
      "ptekit: cannot read standard input: it is a directory\n",
    );
  });
});

describe("the ends of a command", () => {
  it.each(Object.keys(commands))("%s leaves quietly where nobody reads", (name) => {
    const { err } = shell(`$PT help ${name} | true; exit \${PIPESTATUS[0]}`);
    expect(err).toBe("");
  });

  it("a signal ends it at once", () => {
    const ran = execFileSync("bash", [
      "-c",
      `${process.execPath} ${BIN} census --arch arm64 --kernel 6.12 - < /dev/zero & sleep 1; kill -INT $!; kill -TERM $!; wait $!; echo $?`,
    ]);
    expect(Number(ran.toString().trim())).toBeGreaterThan(128);
  });
});

describe("a log in a wrapping", () => {
  const log = "Linux version 6.1.0-50-amd64\nget_swap_device: Bad swap file entry 4000000000000123\n";
  const asked = (name: string, bytes: Uint8Array): ReturnType<typeof ptekit> =>
    ptekit(["explain", "--arch", "x86_64", file(name, bytes)]);

  it("of gzip or UTF-16 is read", () => {
    const plain = asked("plain", Buffer.from(log));
    expect(plain.out).toMatch(/type 16/);
    const wrapped = [
      gzipSync(log),
      Buffer.from(`\ufeff${log}`, "utf16le"),
      Buffer.from(`\ufeff${log}`, "utf16le").swap16(),
    ];
    for (const [i, bytes] of wrapped.entries()) expect(asked(`wrapped-${i}`, bytes).out).toBe(plain.out);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["xz", Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), /compressed with xz; decompress it first/],
    ["bz2", Buffer.from("BZh91AY"), /compressed with bzip2; decompress/],
    ["cut.gz", gzipSync(log).subarray(0, 30), /it is packed, and cut off/],
    ["bad.gz", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff), /goes on as none/],
  ])("%s is refused by name", (name, bytes, sentence) => {
    const { status, err } = asked(name, bytes);
    expect([status, err]).toEqual([2, expect.stringMatching(sentence)]);
  });
});
