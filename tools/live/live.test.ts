import fs from "node:fs";
import { parseLive } from "@ptekit/conformance-kit";
import { describe, expect, test } from "vitest";
import { archNamed, loadArchitectures } from "../common/architectures.ts";
import { strangeLines } from "../common/kconfig.ts";
import { endIn, isExclusive, parseConsole } from "./console.ts";
import { liveText, readPages } from "./file.ts";
import type { Gdb } from "./gdb.ts";
import { packet, packetsIn } from "./gdb.ts";
import { cpio, dependencies, initramfs } from "./initramfs.ts";
import { newestRelease, packagesOf } from "./kernel.ts";
import type { Machine } from "./machines.ts";
import { machineNamed, machines } from "./machines.ts";
import { watch } from "./migrating.ts";
import { complaints } from "./move.ts";
import { needs, readOptions, UsageError, usage } from "./options.ts";
import { findTables } from "./tables.ts";

const read = (line: string) => readOptions(line.split(" ").filter(Boolean), "/tmp");

const needsOf = (name: string, built = false) => {
  const machine = machines[name] as Machine;
  return needs(machine, (built ? machine.build : null) ?? null);
};

const archs = await loadArchitectures();

describe("the command line of npm run live", () => {
  test("--arch and --kernel are enough", () => {
    expect(read("--arch armhf --kernel 6.1")).toMatchObject({
      name: "arm",
      machine: machines.arm,
      kernel: "6.1",
      flavour: "armmp",
      cpu: "cortex-a15",
      suites: ["bookworm"],
      out: ".",
      work: "/tmp/ptekit-live",
      megabytes: 512,
    });
  });

  test.each([
    ["", "--arch is needed; --help says more"],
    ["--arch amd64", "--kernel is needed; --help says more"],
    [
      "--arch vax --kernel 6.1",
      "no machine is listed for --arch vax; there is alpha, arm, armhf, arm64, i386",
    ],
    [
      "--arch amd64 --kernel six",
      "--kernel six: a version such as 6.1, or a release such as 6.1.0-50-amd64, is needed",
    ],
    ["--arch amd64 --kernel 6.1 --memory 64", "--memory 64: a whole number from 256 to 16384 is needed"],
    ["--arch amd64 --kernel 6.1 --timeout soon", "--timeout soon: a whole number from 1 to 86400 is needed"],
    ["--arch amd64 --kernel 6.1 --frob", "Unknown option '--frob'"],
    ["--arch m68k --kernel 7.2", "--arch m68k: Debian has no kernel for it; one is built with --build"],
    [
      "--arch s390x --kernel 7.2 --build",
      "--build: no configuration is listed for s390, whose kernels Debian has",
    ],
    ["--arch amd64 --kernel 7.2 --tree /src", "--tree: a tree is for --build"],
    [
      "--arch i386 --kernel 7.2",
      "--kernel 7.2: Debian's kernels for i386 are those of 5.10, 6.1; others are built with --build",
    ],
    ["--arch um --build", "--kernel is needed; --help says more"],
  ])("%j is refused in a sentence", (line, sentence) => {
    expect(() => read(line)).toThrow(UsageError);
    expect(() => read(line)).toThrow(sentence);
  });

  test("each machine needs its emulator, and a compiler for its guest", () => {
    expect(needsOf("arm64").map((need) => need.package)).toContain("qemu-system-arm");
    expect(needsOf("arm").map((need) => need.package)).toEqual(
      expect.arrayContaining(["gcc-arm-linux-gnueabi", "libc6-dev-armel-cross", "debian-archive-keyring"]),
    );
  });
});

describe("a kernel that is built", () => {
  test("is of Debian's source in the suite of its release, or of a tree that is named", () => {
    expect(read("--arch um --kernel 6.12 --build")).toMatchObject({
      build: machines.um?.build,
      suites: ["trixie"],
    });
    expect(read("--arch i386 --kernel 7.2 --build")?.suites).toEqual(["sid", "experimental"]);
    expect(read("--arch um --build --tree /src")).toMatchObject({ tree: "/src", deb: "" });
  });

  test("needs what make needs, and its compiler, which may be another than the program's", () => {
    const packages = needsOf("sparc", true).map((need) => need.package);
    expect(packages).toEqual(expect.arrayContaining(["make", "flex", "gcc-sparc64-linux-gnu"]));
    expect(needsOf("sparc").map((need) => need.package)).not.toContain("make");
    expect(
      needsOf("um")
        .map((need) => need.package)
        .filter((name) => name.startsWith("qemu")),
    ).toEqual([]);
  });

  test("names no symbol twice, and none that is not of Kconfig's form", () => {
    for (const [name, { build }] of Object.entries(machines)) {
      if (build === undefined) continue;
      expect([name, strangeLines(build.fragment)]).toEqual([name, []]);
      const symbols = build.fragment.match(/CONFIG_\w+/g) ?? [];
      expect([name, symbols]).toEqual([name, [...new Set(symbols)]]);
    }
  });
});

test("what --help lists: every machine by all its names, its kernels, how long it takes and what it needs", () => {
  const text = usage();
  expect(text).toContain("x86_64, amd64: Debian amd64 amd64, 5.10, 6.1, 6.12, newer; qemu-system-x86_64");
  expect(text).toContain("i386: Debian i386 686, 5.10, 6.1 or --build;");
  for (const [name, { seconds, untried }] of Object.entries(machines)) {
    const time = untried ? "not tried yet" : `${seconds} s`;
    expect(text).toMatch(new RegExp(`  ${name}(, \\w+)?: .*; ${time}\n      apt-get install `));
    for (const need of needsOf(name)) expect(text).toContain(need.package);
  }
});

test("what an architecture's kernels are booted on stands in its folder: its name is in no file of this one", () => {
  const files = fs.readdirSync("tools/live").filter((file) => /(?<!\.test)\.ts$/.test(file));
  expect(files.length).toBeGreaterThan(10);
  const named = files.filter((file) =>
    [...archs.keys()].some((arch) =>
      new RegExp(`["'\`/ ]${arch}["'\`:/]`).test(fs.readFileSync(`tools/live/${file}`, "utf8")),
    ),
  );
  expect(named).toEqual([]);
});

describe("the choice of a Debian kernel", () => {
  const names = [
    "linux-image-amd64",
    "linux-image-6.1.0-9-amd64",
    "linux-image-6.1.0-50-amd64",
    "linux-image-6.1.0-50-amd64-unsigned",
    "linux-image-6.1.0-51-amd64-dbg",
    "linux-image-6.1.0-51-cloud-amd64",
    "linux-image-6.1.0-51-rt-amd64",
    "linux-image-6.12.9+bpo-amd64-unsigned",
    "linux-image-7.2.13+deb14-amd64",
    "linux-binary-7.2.13+deb14-amd64",
    "linux-modules-7.2.13+deb14-amd64",
    "linux-base-7.2.13+deb14-amd64",
    "linux-image-6.1.0-50-armmp",
    "linux-image-6.1.0-50-armmp-lpae",
  ];

  test.each([
    ["6.1", "amd64", "6.1.0-50-amd64"],
    ["6.1", "cloud-amd64", "6.1.0-51-cloud-amd64"],
    ["6.1", "armmp", "6.1.0-50-armmp"],
    ["6.1", "armmp-lpae", "6.1.0-50-armmp-lpae"],
    ["6.12", "amd64", "6.12.9+bpo-amd64"],
    ["7.2", "amd64", "7.2.13+deb14-amd64"],
    ["6.1.0-9-amd64", "amd64", "6.1.0-9-amd64"],
    ["6.5", "amd64", undefined],
  ])("%s of the flavour %s is %s", (kernel, flavour, release) => {
    expect(newestRelease(names, kernel, flavour)).toBe(release);
  });

  test("an image is one package, or an image with its parts, or one that is not signed", () => {
    expect(packagesOf("6.1.0-50-amd64", names)).toEqual(["linux-image-6.1.0-50-amd64"]);
    expect(packagesOf("6.12.9+bpo-amd64", names)).toEqual(["linux-image-6.12.9+bpo-amd64-unsigned"]);
    expect(packagesOf("7.2.13+deb14-amd64", names)).toEqual([
      "linux-image-7.2.13+deb14-amd64",
      "linux-base-7.2.13+deb14-amd64",
      "linux-binary-7.2.13+deb14-amd64",
      "linux-modules-7.2.13+deb14-amd64",
    ]);
  });
});

describe("the initramfs", () => {
  test("is a newc archive: header, name and data each padded to four bytes", () => {
    const archive = cpio([{ name: "init", mode: 0o100755, data: Buffer.from("hello") }]);
    expect(archive.length % 4).toBe(0);
    expect(archive.toString("latin1", 0, 14)).toBe("07070100000001");
    expect(archive.toString("latin1", 14, 22)).toBe("000081ed");
    expect(archive.toString("latin1", 54, 62)).toBe("00000005");
    expect(archive.toString("latin1", 110, 114)).toBe("init");
    expect(archive.toString("latin1", 116, 121)).toBe("hello");
    expect(archive.toString("latin1")).toContain("TRAILER!!!");
  });

  test("holds the modules in the order they are loaded in", () => {
    const text = initramfs(Buffer.from("i"), [Buffer.from("a"), Buffer.from("b")]).toString("latin1");
    expect(text.indexOf("m/00.ko")).toBeLessThan(text.indexOf("m/01.ko"));
  });

  test("a module's dependencies are read from its own text", () => {
    expect(dependencies(Buffer.from("x\0license=GPL\0depends=zsmalloc,lzo_rle\0name=zram\0"))).toEqual([
      "zsmalloc",
      "lzo_rle",
    ]);
    expect(dependencies(Buffer.from("x\0depends=\0"))).toEqual([]);
    expect(dependencies(Buffer.from("nothing"))).toEqual([]);
  });
});

describe("the machines", () => {
  test.each(Object.entries(machines))(
    "%s: the file of its memory is in one piece, and no more is in it",
    (_, machine) => {
      const bytes = (machine.megabytes ?? 512) * 2 ** 20;
      const covered = new Set<number>();
      for (const { start, end, at } of machine.ranges(bytes)) {
        expect(at + Number(end - start)).toBeLessThanOrEqual(bytes);
        for (let mib = at; mib < at + Number(end - start); mib += 2 ** 20) covered.add(mib);
      }
      expect(covered.size).toBe(bytes / 2 ** 20);
    },
  );

  test.each(Object.values(machines))("$arch is an architecture of ours", ({ arch }) => {
    expect([...archs.keys()]).toContain(arch);
  });

  test("go by our names, and by Debian's", () => {
    expect(machineNamed("x86_64")?.machine.debian?.[0]).toBe("amd64");
    expect(machineNamed("amd64")?.name).toBe("x86_64");
    expect(machineNamed("ppc64el")?.name).toBe("powerpc");
    expect(machineNamed("mipsel")?.name).toBe("mips-32");
    expect(machineNamed("vax")).toBeNull();
  });
});

describe("the tables", () => {
  const backendConfig = "CONFIG_X86_64=y\n";
  const known = Array.from({ length: 20 }, (_, i) => ({
    region: "anon",
    vaddr: (1n << 39n) + BigInt(i) * 0x1000n,
    pagemap: (1n << 63n) | BigInt(0x70 + i),
  }));
  /** Four levels from 0x3000 down to a table of PTEs at 0x6000; the file begins at an address of its own. */
  const memory = (() => {
    const bytes = new Uint8Array(0x10000);
    const view = new DataView(bytes.buffer);
    const write = (at: number, entry: bigint) => view.setBigUint64(at, entry, true);
    write(0x3000 + 8, 0x4067n);
    write(0x4000, 0x5067n);
    write(0x5000, 0x6067n);
    known.forEach(({ pagemap }, i) => {
      write(0x6000 + 8 * i, ((pagemap & 0xffffn) << 12n) | 0x67n);
    });
    write(0x6000 + 8 * 20, 0x7fffffffff7fe08n);
    write(0x5000 + 8, 0x200000e7n);
    return {
      ranges: [{ start: 0n, end: 0x10000n }],
      read: (address: bigint, into: Uint8Array) => {
        if (address + BigInt(into.length) > 0x10000n) return false;
        into.set(bytes.subarray(Number(address), Number(address) + into.length));
        return true;
      },
    };
  })();
  const kernel = { release: "6.12", config: backendConfig, features: [["la57"], []] };
  const arch = archNamed(archs, "x86_64");
  const pages = [
    ...known,
    { region: "anon", vaddr: (1n << 39n) + 20n * 0x1000n, pagemap: 1n << 62n },
    { region: "thp", vaddr: (1n << 39n) + 0x200000n, pagemap: 1n << 63n },
    { region: "hole", vaddr: 2n << 39n, pagemap: 0n },
  ];

  test("are those that lead to every frame that pagemap named; the features that show go with them", () => {
    const { root, cpu } = findTables(arch, kernel, memory, pages);
    expect(root).toBe(0x3000n);
    expect(cpu).toEqual([]);
  });

  test("give a row for each page with an entry, the entries above once, and what is left out counted", () => {
    const { rows, upper, left } = readPages(pages, findTables(arch, kernel, memory, pages).walk);
    expect(rows).toHaveLength(22);
    expect(rows[20]).toEqual({
      vaddr: "0x8000014000",
      region: "anon",
      at: "0x60a0",
      pte: "0x7fffffffff7fe08",
      pagemap: "0x4000000000000000",
      exclusive: true,
    });
    expect(rows[21]).toMatchObject({ level: "pmd", at: "0x5008", pte: "0x200000e7" });
    expect(upper.map(({ at, entry }) => [at, entry])).toEqual([
      ["0x3008", "0x4067"],
      ["0x4000", "0x5067"],
      ["0x5000", "0x6067"],
    ]);
    expect([...left]).toEqual([["hole: pgd: none", 1]]);
  });

  test("are not found where one frame is another's, and it is said what was tried", () => {
    const wrong = known.map((page, i) => (i === 3 ? { ...page, pagemap: (1n << 63n) | 0x99n } : page));
    expect(() => findTables(arch, kernel, memory, wrong)).toThrow(
      /no table is the one that leads to all of 20 pages \(x86_64 .* with la57: 0 roots; x86_64 .*: 0 roots\)/,
    );
  });
});

describe("a live file", () => {
  const console =
    "boot noise\r\n@skip guard_anon: MADV_GUARD_INSTALL: Invalid argument\r\n@release 6.1.0\r\n";

  test("comes from the program's lines; others are noise", () => {
    expect(parseConsole(`${console}@row a 0x1000 0x8000000000000005\r\n@done\r\n`)).toEqual({
      release: "6.1.0",
      pages: [{ region: "a", vaddr: 0x1000n, pagemap: 0x8000000000000005n }],
      symbols: new Map(),
      skipped: ["guard_anon: MADV_GUARD_INSTALL: Invalid argument"],
    });
    expect(parseConsole(`${console}@symbol a 0xffff\r\n`).symbols).toEqual(new Map([["a", 0xffffn]]));
    expect(() => parseConsole("Kernel panic")).toThrow("the guest did not name its release");
  });

  test("says when the program is done, and why it stopped; not before the line is whole", () => {
    expect(endIn(`${console}@done\r\n`)).toBe("done");
    expect(endIn(`${console}@fail swapoff: Cannot allocate memory\r\n`)).toBe(
      "swapoff: Cannot allocate memory",
    );
    expect([endIn(console), endIn(`${console}@fail swap`), endIn("said @done\n")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("names pages that are the program's alone, and those that are not", () => {
    const regions = ["anon_swap0", "fork_shared_swap", "ksm_swapped", "vma:/init"];
    expect(regions.map(isExclusive)).toEqual([true, false, false, undefined]);
  });

  test("is one that the conformance kit reads, a row a line", () => {
    const arch = archNamed(archs, "x86_64");
    const backend = arch.for({ release: "6.12", config: "CONFIG_X86_64=y\n" });
    const row = { vaddr: "0x1000", region: "a", at: "0x2008", pte: "0x7", pagemap: "0x0" };
    const upper = [{ level: "pgd", at: "0x1000", entry: "0x2067" }];
    const text = liveText({
      arch,
      tables: { backend, cpu: [], root: 0x1000n, walk: () => expect.unreachable() },
      said: { release: "6.12.1", pages: [], symbols: new Map(), skipped: [] },
      machine: "qemu",
      configText: "CONFIG_SWAP=y\nCONFIG_NOBODY_ASKS=y\n",
      read: { rows: [row, { ...row, vaddr: "0x2000", level: "pmd" }], upper, left: new Map() },
    });
    expect(text).toContain(
      '\n  {"vaddr": "0x1000", "region": "a", "at": "0x2008", "pte": "0x7", "pagemap": "0x0"},\n',
    );
    const live = parseLive("l.json", text);
    expect(live).toMatchObject({ arch: "x86_64", release: "6.12.1", root: 0x1000n, levels: 4 });
    expect(live.config).toEqual({ CONFIG_SWAP: "y" });
    expect(live.upper).toEqual([{ at: 0x1000n, entry: 0x2067n }]);
    expect(live.rows.map(({ level }) => level)).toEqual(["pte", "pmd"]);
  });
});

describe("migration entries", () => {
  const page = (vaddr: bigint) => ({ region: "migrating", vaddr, pagemap: (1n << 63n) | vaddr });

  /** A machine that stops so often, and what stands in its two entries at each stop. */
  const machine = (stops: readonly (readonly [bigint, bigint])[]) => {
    const log: string[] = [];
    let now: readonly [bigint, bigint] = [0x11n, 0x21n];
    let stop = 0;
    const gdb: Gdb = {
      ask: () => Promise.resolve("OK"),
      breakpoint: (set, at) => {
        log.push(`${set ? "Z" : "z"}${at}`);
        return Promise.resolve();
      },
      run: (how) => {
        log.push(how);
        if (how === "s") return Promise.resolve(true);
        now = stops[stop++] ?? now;
        return Promise.resolve(stop <= stops.length);
      },
      close: () => undefined,
    };
    const watched = [0, 1].map((i) => ({ page: page(BigInt(i)), read: () => now[i] as bigint }));
    return { log, watched, gdb };
  };
  const isPresent = (word: bigint): boolean => (word & 1n) === 1n;

  test("are what stands in a page's entry at a stop, beside the word before, each once", async () => {
    const { gdb, watched } = machine([
      [0x11n, 0x21n],
      [0x30n, 0x21n],
      [0x41n, 0x50n],
    ]);
    expect(await watch({ gdb, at: 7n, watched, isPresent, milliseconds: 1e4 })).toEqual([
      {
        vaddr: "0x0",
        region: "migrating",
        pte: "0x30",
        pteBefore: "0x11",
        pagemapBefore: "0x8000000000000000",
      },
      {
        vaddr: "0x1",
        region: "migrating",
        pte: "0x50",
        pteBefore: "0x21",
        pagemapBefore: "0x8000000000000001",
      },
    ]);
  });

  test("are none where the page was moved unseen, whose frame pagemap does not know", async () => {
    const { gdb, watched } = machine([
      [0x31n, 0x21n],
      [0x30n, 0x21n],
    ]);
    expect(await watch({ gdb, at: 7n, watched, isPresent, milliseconds: 1e4 })).toEqual([]);
  });

  test("a machine goes on by one step without the breakpoint, and is left without one", async () => {
    const { gdb, watched, log } = machine([[0x30n, 0x50n]]);
    await watch({ gdb, at: 7n, watched, isPresent, milliseconds: 1e4 });
    expect(log).toEqual(["Z7", "c", "z7", "s", "Z7", "z7"]);
  });

  test("packets of the stub are told apart wherever they are cut", () => {
    expect(packet("Z1,ff,4")).toBe("$Z1,ff,4#e3");
    expect(packetsIn("+$OK#9a$T05#b9$S0")).toEqual({ packets: ["OK", "T05"], rest: "$S0" });
    expect(packetsIn("+$OK#9")).toEqual({ packets: [], rest: "$OK#9" });
    expect(packetsIn("+")).toEqual({ packets: [], rest: "" });
  });
});

test("what a kernel says against itself is told from the rest of its log", () => {
  expect(
    complaints([
      "[    3.9] BUG: Bad page map in process init  pmd:200000084000d88",
      "[    4.0][   T1] Oops [#1]",
      "Kernel panic - not syncing: Fatal exception",
      "[    0.1] Booting",
      "@moved 4 of 4",
    ]),
  ).toEqual([
    "BUG: Bad page map in process init  pmd:200000084000d88",
    "Oops [#1]",
    "Kernel panic - not syncing: Fatal exception",
  ]);
});
