import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { liveText, parseConsole, withPtes } from "./file.ts";
import { packet, registerNumbers, unescapePacket } from "./gdb.ts";
import { cpio, dependencies, initramfs } from "./initramfs.ts";
import { newestRelease, packagesOf } from "./kernel.ts";
import type { Machine } from "./machines.ts";
import { machines } from "./machines.ts";
import { needs, readOptions, UsageError } from "./options.ts";
import type { Words } from "./walk.ts";
import { walkers } from "./walk.ts";

const read = (line: string) => readOptions(line.split(" ").filter(Boolean), "/tmp");

const needsOf = (name: string) => needs(machines[name] as Machine);
const walkerOf = (arch: string, registers: Readonly<Record<string, bigint>>) =>
  (walkers[arch] as NonNullable<(typeof walkers)[string]>).walker(registers);

describe("the command line of npm run live", () => {
  test("--arch and --kernel are enough", () => {
    expect(read("--arch armhf --kernel 6.1")).toMatchObject({
      machine: "armhf",
      kernel: "6.1",
      flavour: "armmp",
      suite: undefined,
      out: ".",
      work: "/tmp/ptekit-live",
      megabytes: 512,
    });
  });

  test.each([
    ["", "--arch is needed; --help says more"],
    ["--arch amd64", "--kernel is needed; --help says more"],
    ["--arch arm --kernel 6.1", "no machine is listed for --arch arm; there is amd64, arm64, armhf"],
    [
      "--arch amd64 --kernel six",
      "--kernel six: a version such as 6.1, or a release such as 6.1.0-50-amd64, is needed",
    ],
    ["--arch amd64 --kernel 6.1 --memory 64", "--memory 64: a whole number from 256 to 3072 is needed"],
    ["--arch amd64 --kernel 6.1 --timeout soon", "--timeout soon: a whole number from 1 to 86400 is needed"],
    ["--arch amd64 --kernel 6.1 --frob", "Unknown option '--frob'"],
  ])("%j is refused in a sentence", (line, sentence) => {
    expect(() => read(line)).toThrow(UsageError);
    expect(() => read(line)).toThrow(sentence);
  });

  test("each machine needs its emulator, and a compiler for its guest", () => {
    expect(needsOf("arm64").map((need) => need.package)).toContain("qemu-system-arm");
    expect(needsOf("armhf").map((need) => need.package)).toEqual(
      expect.arrayContaining(["gcc-arm-linux-gnueabi", "libc6-dev-armel-cross", "debian-archive-keyring"]),
    );
  });
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

describe("QEMU's gdb stub", () => {
  test("a packet carries the sum of its bytes", () => {
    expect(packet("qSupported")).toBe("$qSupported#37");
  });

  test("registers are numbered as the description lists them, its comments left out", () => {
    const files = [
      '<reg name="rip" regnum="16"/><!-- <reg name="ss_base"/> --><reg name="fs_base"/>',
      '<reg name="TTBR0_EL1" bitsize="64" regnum="90"/>',
    ];
    expect([...registerNumbers(files)]).toEqual([
      ["rip", 16],
      ["fs_base", 17],
      ["TTBR0_EL1", 90],
    ]);
  });

  test("escapes and repeats are undone", () => {
    expect(unescapePacket("a}\x03b")).toBe("a#b");
    expect(unescapePacket("0* ")).toBe("0000");
  });
});

/** Memory with these words, and zeros elsewhere. */
function memoryWith(words: ReadonlyMap<bigint, bigint>): Words {
  return { word: (address) => words.get(address) ?? 0n };
}

describe("the walk", () => {
  test("x86_64, four levels: to the PTE, to a huge page, to no table", () => {
    const { levels, read: pteOf } = walkerOf("x86_64", { cr3: 0x1005n, cr4: 0n });
    const words = new Map([
      [0x1000n + 8n, 0x2007n],
      [0x2000n, 0x3007n],
      [0x3000n, 0x8000000000004067n],
      [0x3008n, 0x200000e7n],
      [0x4000n + 5n * 8n, 0x7fffffffff7fe08n],
    ]);
    expect(levels).toBe(4);
    expect(pteOf(memoryWith(words), (1n << 39n) + 0x5000n)).toEqual({ pte: 0x7fffffffff7fe08n });
    expect(pteOf(memoryWith(words), (1n << 39n) + 0x200000n)).toEqual({ why: "huge" });
    expect(pteOf(memoryWith(words), 2n << 39n)).toEqual({ why: "no table" });
  });

  test("x86_64 with CR4.LA57 has a level more", () => {
    expect(walkerOf("x86_64", { cr3: 0n, cr4: 1n << 12n }).levels).toBe(5);
  });

  test("arm64 takes page size and levels from TCR_EL1", () => {
    const walker = (tg0: bigint, t0sz: bigint) =>
      walkerOf("arm64", { TTBR0_EL1: 0n, TCR_EL1: (tg0 << 14n) | t0sz });
    expect(walker(0n, 16n)).toMatchObject({ levels: 4, pageSize: 4096 });
    expect(walker(2n, 17n)).toMatchObject({ levels: 3, pageSize: 16384 });
    expect(walker(1n, 22n)).toMatchObject({ levels: 2, pageSize: 65536 });
  });

  test("arm, short descriptors: Linux's PTE stands 2048 bytes below the hardware's", () => {
    const { levels, read: pteOf } = walkerOf("arm", { TTBR0: 0x4000406an, TTBR0_EL1: 0n, TTBCR: 0n });
    const vaddr = 0xb6f29000n;
    const words = new Map([
      [0x40004000n + 0xb6fn * 4n, 0x50000c01n],
      [0x50000c00n - 2048n + 0x29n * 4n, 0x27cn],
      [0x40004000n + 0xb70n * 4n, 0x60000c02n],
    ]);
    expect(levels).toBe(2);
    expect(pteOf(memoryWith(words), vaddr)).toEqual({ pte: 0x27cn });
    expect(pteOf(memoryWith(words), vaddr + 0x100000n)).toEqual({ why: "huge" });
    expect(pteOf(memoryWith(words), vaddr + 0x200000n)).toEqual({ why: "no table" });
  });

  test("arm with LPAE walks long descriptors from the 64-bit register", () => {
    const registers = { TTBR0: 0n, TTBR0_EL1: 0x5000_0000n, TTBCR: 1n << 31n };
    const { levels, read: pteOf } = walkerOf("arm", registers);
    const words = new Map([
      [0x50000010n, 0x50001003n],
      [0x50001000n, 0x50002003n],
      [0x50002008n, 0x47cn],
    ]);
    expect(levels).toBe(3);
    expect(pteOf(memoryWith(words), 0x80001000n)).toEqual({ pte: 0x47cn });
  });
});

describe("a live file", () => {
  const console =
    "boot noise\r\n@skip guard_anon: MADV_GUARD_INSTALL: Invalid argument\r\n@release 6.1.0\r\n";

  test("comes from the program's lines; others are noise", () => {
    expect(parseConsole(`${console}@row a 0x1000 0x8000000000000005\r\n@done\r\n`)).toEqual({
      release: "6.1.0",
      rows: [{ region: "a", vaddr: 0x1000n, pagemap: 0x8000000000000005n }],
      skipped: ["guard_anon: MADV_GUARD_INSTALL: Invalid argument"],
    });
  });

  test("leaves out what has no PTE of its own, and counts it", () => {
    const rows = [
      { region: "a", vaddr: 0x1000n, pagemap: 0n },
      { region: "b", vaddr: 0x2000n, pagemap: 0n },
      { region: "b", vaddr: 0x3000n, pagemap: 0n },
    ];
    const { kept, left } = withPtes(rows, (vaddr) => (vaddr === 0x1000n ? { pte: 7n } : { why: "huge" }));
    expect(kept).toEqual([{ vaddr: "0x1000", region: "a", pte: "0x7", pagemap: "0x0" }]);
    expect([...left]).toEqual([["b: huge", 2]]);
  });

  test.each(
    ["x86_64", "arm64", "arm"].flatMap((arch) =>
      readdirSync(new URL(`../../packages/arch/${arch}/live/`, import.meta.url)).map(
        (name): [arch: string, name: string] => [arch, name],
      ),
    ),
  )("packages/arch/%s/live/%s reads as the form this writes", (arch, name) => {
    const text = readFileSync(new URL(`../../packages/arch/${arch}/live/${name}`, import.meta.url), "utf8");
    const file = JSON.parse(text);
    const configText = Object.entries(file.config)
      .map(([symbol, value]) => `${symbol}=${value}\n`)
      .join("");
    const written = liveText({ ...file, configText });
    const { config, ...rest } = JSON.parse(written);
    expect({ ...rest, config: file.config }).toEqual(file);
    for (const [symbol, value] of Object.entries(config)) expect(file.config[symbol]).toBe(value);
    expect(written.slice(written.indexOf('"rows"'))).toBe(text.slice(text.indexOf('"rows"')));
  });
});
