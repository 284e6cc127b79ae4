import { describe, expect, test } from "vitest";
import type { Dump, ReadOutcome } from "../src/index.ts";
import { bufferSource, openDump } from "../src/index.ts";
import { elfFile, flattened, joined, type KdumpParts, kdumpFile, limeFile, note, page } from "./write.ts";

const open = (bytes: Uint8Array): Dump => openDump(bufferSource(bytes));

/** The first byte of a page, or why there is none. */
function first({ memory }: Dump, frame: number, block = 4096): number | ReadOutcome {
  const bytes = new Uint8Array(block);
  const outcome = memory.read(BigInt(frame * block), bytes);
  if (outcome !== "read") return outcome;
  expect(new Set(bytes).size).toBe(1);
  return bytes[0] as number;
}

const ranges = ({ memory }: Dump): [number, number][] =>
  memory.ranges.map(({ start, end }) => [Number(start), Number(end)]);

describe("kdump-compressed", () => {
  const pages = new Map([3, 4, 9, 40, 41].map((frame) => [frame, page(frame)]));
  const parts: KdumpParts = { frames: 64, machine: [1, 2, 3, 4, 8, 9, 10, 40, 41, 63], pages };
  const expected = {
    0: "outside",
    1: "excluded",
    3: 3,
    4: 4,
    8: "excluded",
    9: 9,
    40: 40,
    41: 41,
    63: "excluded",
    64: "outside",
  };
  const answers = (dump: Dump, block = 4096): Record<string, unknown> =>
    Object.fromEntries(Object.keys(expected).map((frame) => [frame, first(dump, Number(frame), block)]));

  test.each([1, 2, 3, 4, 5, 6, 7])("version %i is read: excluded is not outside", (version) => {
    const dump = open(kdumpFile({ ...parts, version, vmcoreinfo: "OSRELEASE=x\n" }));
    expect(answers(dump)).toEqual(expected);
    expect(dump.version).toBe(version);
    expect(dump.vmcoreinfo).toBe(version >= 3 ? "OSRELEASE=x\n" : null);
    expect(dump.utsname?.nodename).toBe("a-host");
    expect(ranges(dump)).toEqual([
      [4096, 5 * 4096],
      [8 * 4096, 11 * 4096],
      [40 * 4096, 42 * 4096],
      [63 * 4096, 64 * 4096],
    ]);
  });

  test.each([
    { bits: 64, little: false },
    { bits: 32, little: true },
    { bits: 32, little: false },
    { bits: 32, little: true, aligned: true },
  ] as const)("headers of %o are told apart", (written) => {
    const dump = open(kdumpFile({ ...parts, ...written, vmcoreinfo: "OSRELEASE=y\n" }));
    expect(dump.bits).toBe(written.bits);
    expect(dump.byteOrder).toBe(written.little ? "little" : "big");
    expect(dump.vmcoreinfo).toBe("OSRELEASE=y\n");
    expect(answers(dump)).toEqual(expected);
  });

  test("a block may be larger than a page", () => {
    const large = new Map([...pages.keys()].map((frame) => [frame, page(frame, 65536)]));
    expect(answers(open(kdumpFile({ ...parts, block: 65536, pages: large })), 65536)).toEqual(expected);
  });

  test("a bitmap that is large is counted in pieces", () => {
    const frames = 300_000;
    const far = new Map(
      [5, 4095, 4096, 4097, 70_000, 262_144, 299_999].map((frame) => [frame, page(frame & 255)]),
    );
    const dump = open(kdumpFile({ frames, machine: [...far.keys(), 7], pages: far }));
    for (const frame of far.keys()) expect(first(dump, frame)).toBe(frame & 255);
    expect(first(dump, 7)).toBe("excluded");
    expect(first(dump, 100_000)).toBe("outside");
  });

  test("a file with one bitmap, as it was before pages were left out, is read", () => {
    const dump = open(kdumpFile({ ...parts, version: 1, frames: 20_000, oneBitmap: true }));
    expect(first(dump, 41)).toBe(41);
    expect(first(dump, 1)).toBe("outside");
  });

  test("what an incomplete file lost is lost, not excluded", () => {
    const dump = open(kdumpFile({ ...parts, status: 8, lost: [40, 41] }));
    expect(dump.complete).toBe(false);
    expect(answers(dump)).toEqual({ ...expected, 40: "lost", 41: "lost" });
  });

  test("a page whose length or form is none is damaged", () => {
    const short = new Map([...pages, [40, page(40, 100)]]);
    expect(first(open(kdumpFile({ ...parts, pages: short })), 40)).toBe("damaged");
    expect(first(open(kdumpFile({ ...parts, flags: 2 })), 40)).toBe("damaged");
    expect(first(open(kdumpFile({ ...parts, flags: 4 })), 40)).toBe("damaged");
  });

  test("without a decompressor, what needs one is refused by code", () => {
    expect(() => first(open(kdumpFile({ ...parts, flags: 1 })), 3)).toThrow(/^NO_DECOMPRESSOR: /);
  });

  describe("a set of several files", () => {
    const set = [
      [0, 9],
      [9, 41],
      [41, 64],
    ].map((split) => kdumpFile({ ...parts, split: split as [number, number], vmcoreinfo: "OSRELEASE=z\n" }));

    test("is one dump in any order", () => {
      for (const order of [
        [0, 1, 2],
        [2, 0, 1],
      ]) {
        const dump = openDump(order.map((i) => bufferSource(set[i] as Uint8Array, `part ${i}`)));
        expect(answers(dump)).toEqual(expected);
        expect([dump.parts, dump.complete]).toEqual([3, true]);
      }
    });

    test("says of pages in a part that was not given that they are lost", () => {
      const dump = openDump([bufferSource(set[2] as Uint8Array)]);
      expect(answers(dump)).toEqual({ ...expected, 3: "lost", 4: "lost", 9: "lost", 40: "lost" });
      expect(dump.complete).toBe(false);
    });

    test("is refused where a file is no part of it", () => {
      const other = kdumpFile({ ...parts, frames: 72, split: [9, 41] });
      const whole = kdumpFile(parts);
      for (const second of [other, whole])
        expect(() => openDump([set[0] as Uint8Array, second].map((bytes) => bufferSource(bytes)))).toThrow(
          /^BAD_DUMP: /,
        );
    });
  });

  test("a header that cannot be right is refused in a sentence", () => {
    const bytes = kdumpFile(parts);
    const changed = (at: number, value: number): Uint8Array => {
      const copy = bytes.slice();
      new DataView(copy.buffer).setUint32(at, value, true);
      return copy;
    };
    const bad = [
      changed(428, 0),
      changed(428, 4095),
      changed(436, 2 ** 31),
      changed(4096 + 96, 2 ** 31),
      changed(4096 + 100, 1),
      changed(8, 0),
    ];
    for (const file of [...bad, bytes.subarray(0, 300), bytes.subarray(0, 4100)])
      expect(() => open(file)).toThrow(/^BAD_DUMP: /);
  });
});

describe("flattened", () => {
  const inside = kdumpFile({ frames: 64, machine: [1, 2, 3], pages: new Map([[2, page(2)]]) });
  const cut = (size: number): [number, Uint8Array][] => {
    const records: [number, Uint8Array][] = [];
    for (let at = 0; at < inside.length; at += size) records.push([at, inside.subarray(at, at + size)]);
    return records;
  };

  test.each([1, 7, 512, 4096, 100_000])("records of %i bytes make the file", (size) => {
    const dump = open(flattened(cut(size)));
    expect([first(dump, 1), first(dump, 2), first(dump, 4)]).toEqual(["excluded", 2, "outside"]);
    expect([dump.flattened, dump.form, dump.complete]).toEqual([true, "kdump", true]);
  });

  test("records may come in any order, and later ones lie over earlier ones", () => {
    const records = cut(1000);
    const junk: [number, Uint8Array][] = [
      [0, page(255, 500)],
      [4000, page(255, 3000)],
      [inside.length - 4096, page(7)],
    ];
    const dump = open(flattened([...junk, ...records.reverse(), [inside.length - 4096, page(9)]]));
    expect(first(dump, 2)).toBe(9);
  });

  test("without its last record it is not complete; a record without bytes is refused", () => {
    expect(open(flattened(cut(512), false)).complete).toBe(false);
    expect(() => open(flattened([[0, new Uint8Array(0)]]))).toThrow(/^BAD_DUMP: /);
  });
});

describe("ELF cores", () => {
  const segments = [
    { paddr: 0x1000, data: page(1) },
    { paddr: 0x5000, data: joined([page(5), page(6)]), memsz: 0x4000 },
  ];

  test.each([
    { bits: 64, little: true },
    { bits: 64, little: false },
    { bits: 32, little: true },
    { bits: 32, little: false },
  ] as const)("of %o are read; the end of a segment without bytes is excluded", (written) => {
    const notes = joined([
      note("CORE", 1, "x", written.little),
      note("VMCOREINFO", 0, "OSRELEASE=e\n", written.little),
    ]);
    const dump = open(elfFile({ ...written, segments: [{ type: 4, paddr: 0, data: notes }, ...segments] }));
    expect([0, 1, 5, 6, 7, 8, 9].map((frame) => first(dump, frame))).toEqual([
      "outside",
      1,
      5,
      6,
      "excluded",
      "excluded",
      "outside",
    ]);
    expect(ranges(dump)).toEqual([
      [0x1000, 0x2000],
      [0x5000, 0x9000],
    ]);
    expect(dump.vmcoreinfo).toBe("OSRELEASE=e\n");
    expect(dump.notes.map(({ name, type }) => [name, type])).toEqual([
      ["CORE", 1],
      ["VMCOREINFO", 0],
    ]);
    expect([dump.elfMachine, dump.bits, dump.byteOrder]).toEqual([
      62,
      written.bits,
      written.little ? "little" : "big",
    ]);
  });

  test("program headers are where e_phoff says, as QEMU puts them", () => {
    expect(first(open(elfFile({ segments, phoff: 192 })), 6)).toBe(6);
  });

  test("more than 65,534 segments are counted by section 0", () => {
    const many = Array.from({ length: 70_000 }, (_, i) => ({
      paddr: i * 0x2000,
      data: Uint8Array.of(i & 255),
    }));
    const dump = open(elfFile({ segments: many }));
    const byte = new Uint8Array(1);
    for (const i of [0, 1, 65_533, 65_535, 69_999]) {
      expect(dump.memory.read(BigInt(i) * 0x2000n, byte)).toBe("read");
      expect(byte[0]).toBe(i & 255);
    }
    expect(dump.memory.ranges.length).toBe(70_000);
  });

  test("where segments overlap, what the file holds is seen before what another leaves out", () => {
    const dump = open(
      elfFile({
        segments: [
          { paddr: 0x2000, data: page(2) },
          { paddr: 0, data: page(8), memsz: 0x8000 },
        ],
      }),
    );
    expect([0, 1, 2, 3].map((frame) => first(dump, frame))).toEqual([8, "excluded", 2, "excluded"]);
    expect(ranges(dump)).toEqual([[0, 0x8000]]);
  });

  test("what a file that was cut short should hold is lost", () => {
    const bytes = elfFile({ segments });
    const dump = open(bytes.subarray(0, bytes.length - 100));
    expect([first(dump, 5), first(dump, 6), dump.complete]).toEqual([5, "lost", false]);
  });

  test("a program is no dump, and headers that the file has no room for are refused", () => {
    expect(() => open(elfFile({ segments, type: 2 }))).toThrow(/^NOT_A_DUMP: /);
    const bytes = elfFile({ segments });
    new DataView(bytes.buffer).setUint16(56, 60_000, true);
    expect(() => open(bytes)).toThrow(/^BAD_DUMP: /);
    expect(() => open(elfFile({ segments }).subarray(0, 40))).toThrow(/^BAD_DUMP: /);
  });
});

describe("LiME and AVML", () => {
  test("LiME's ranges are memory, and what lies between them is outside", () => {
    const dump = open(
      limeFile([
        [0x1000, page(1)],
        [0x8000, joined([page(8), page(9)])],
      ]),
    );
    expect([0, 1, 2, 8, 9, 10].map((frame) => first(dump, frame))).toEqual([
      "outside",
      1,
      "outside",
      8,
      9,
      "outside",
    ]);
    expect(dump.form).toBe("lime");
  });

  test("a LiME file that was cut short has lost the rest", () => {
    const bytes = limeFile([[0x1000, joined([page(1), page(2)])]]);
    const dump = open(bytes.subarray(0, bytes.length - 10));
    expect([first(dump, 1), first(dump, 2), dump.complete]).toEqual([1, "lost", false]);
  });

  test("AVML's frames hold plain chunks too; a gap may be a block of zeros, which AVML leaves out", () => {
    // A chunk that is not compressed: its type, its length, its checksum (of 4096 zeros: 0x98f94189, masked 0x25961cca).
    const frames = joined([
      Uint8Array.of(0xff, 6, 0, 0, ...new TextEncoder().encode("sNaPpY")),
      Uint8Array.of(1, 4, 0x10, 0, 0xca, 0x1c, 0x96, 0x25),
      new Uint8Array(4096),
    ]);
    const block = (start: number): Uint8Array => {
      const head = limeFile([[start, new Uint8Array(4096)]], 0x4c4d5641, 2).subarray(0, 32);
      const tail = new Uint8Array(8);
      new DataView(tail.buffer).setBigUint64(0, BigInt(frames.length), true);
      return joined([head, frames, tail]);
    };
    const dump = open(joined([block(0x1000), block(0x8000)]));
    expect([0, 1, 2, 8, 9].map((frame) => first(dump, frame))).toEqual([
      "outside",
      0,
      "excluded",
      0,
      "outside",
    ]);
    expect(dump.complete).toBe(true);
    const broken = joined([block(0x1000), block(0x8000)]);
    broken[32 + 10 + 8 + 5] = 1;
    expect([1, 8].map((frame) => first(open(broken), frame))).toEqual(["damaged", 0]);
    expect(open(block(0x1000).subarray(0, 40)).complete).toBe(false);
  });

  test("a range that ends before it begins is refused", () => {
    const bytes = limeFile([[0x1000, page(1)]]);
    new DataView(bytes.buffer).setBigUint64(8, 0x9000n, true);
    expect(() => open(bytes)).toThrow(/^BAD_DUMP: /);
  });
});

describe("raw memory", () => {
  test("begins where the caller says", () => {
    const dump = openDump(bufferSource(joined([page(1), page(2)])), { ramBase: 0x4000_0000n });
    expect([0x3ffff, 0x40000, 0x40001, 0x40002].map((frame) => first(dump, frame))).toEqual([
      "outside",
      1,
      2,
      "outside",
    ]);
  });

  test("is not guessed", () => {
    expect(() => open(page(0))).toThrow(/^NOT_A_DUMP: /);
    expect(() => open(new Uint8Array(0))).toThrow(/^NOT_A_DUMP: /);
  });
});

test("files that people take for dumps are named", () => {
  for (const begins of ["PAGEDU64", "QEVM", "LibvirtQemudSave", "DISKDUMP", "\x1f\x8b\x08"])
    expect(() => open(Uint8Array.from(begins.padEnd(600, "\0"), (c) => c.charCodeAt(0)))).toThrow(
      /^UNSUPPORTED_DUMP: /,
    );
});

test("a caller's mistakes are refused by code", () => {
  expect(() => openDump([])).toThrow(/^BAD_ARGUMENT: /);
  expect(() => openDump(bufferSource(page(1)), { ramBase: -1n })).toThrow(/^BAD_ARGUMENT: /);
  expect(() => openDump(bufferSource(page(1)), { ramBase: 0n, cacheBytes: 1 })).toThrow(/^BAD_ARGUMENT: /);
  expect(() =>
    openDump(
      [1, 2].map((i) => bufferSource(page(i))),
      { ramBase: 0n },
    ),
  ).toThrow(/^BAD_ARGUMENT: /);
  const dump = openDump(bufferSource(page(1)), { ramBase: 0n });
  expect(() => dump.memory.read(0 as never, new Uint8Array(1))).toThrow(/^BAD_ARGUMENT: /);
  for (const address of [-1n, 2n ** 60n, 2n ** 70n])
    expect(dump.memory.read(address, new Uint8Array(1))).toBe("outside");
});
