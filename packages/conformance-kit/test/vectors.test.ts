// Vector files of a row or two, on the layout of arm64 6.10; words as __swp_entry_to_pte() gives them: the offset from
// bit 12, the type from bit 6.
import type { FileReport } from "@ptekit/conformance-kit";
import { checkVectors, mismatchText, parseVectors } from "@ptekit/conformance-kit";
import type { ArchBackend, Architecture, SwapEntry } from "@ptekit/core";
import {
  decodeOnly,
  defineArch,
  differs,
  encodeOnly,
  PtekitError,
  softDirty,
  spare,
  uffdWp,
} from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { data, layout, lie } from "./fixture.ts";

type Json = Record<string, unknown>;

const arch = defineArch({
  ...data,
  layouts: [{ ...layout, pmd: { when: [], present: differs(0x801n, 0n), citation: layout.citation } }],
  cpus: [{ name: "lpa2", citation: layout.citation }],
  physBits: [{ bits: 52, when: ["lpa2"] }, { bits: 48 }],
});

/** An architecture whose backend has these verbs instead. */
const lying = (verbs: (real: ArchBackend) => Partial<ArchBackend>): Architecture => ({
  ...arch,
  for: (target) => ({ ...arch.for(target), ...verbs(arch.for(target)) }),
});

const file = {
  format: "ptekit-vectors/1",
  arch: "arm64",
  variant: "4k",
  release: "6.12",
  config: { CONFIG_MIGRATION: "y", CONFIG_MEMORY_FAILURE: "y", CONFIG_DEVICE_PRIVATE: "y" },
  pteBits: 64,
  encode: [{ type: 3, offset: "0x1234", pte: "0x12340c0" }],
  decode: [{ pte: "0x0", none: true, present: false }],
};
const judge = (more: Json, judged: Architecture = arch): FileReport =>
  checkVectors(judged, parseVectors("v.json", JSON.stringify({ ...file, ...more })));
const said = (report: FileReport): string[] =>
  report.mismatches.map(({ list, expected, got }) => `${list}: ${expected}, not ${got}`);

it("a report names the file, its kernel and its layout, and counts the rows of each list", () => {
  expect(judge({})).toEqual({
    file: "v.json",
    arch: "arm64",
    release: "6.12",
    variant: "4k",
    layout: "arm64 6.10",
    rows: { head: 1, encode: 1, decode: 1 },
    confirmed: {},
    unconfirmed: {},
    failed: 0,
    mismatches: [],
  });
});

describe("the head", () => {
  it("is compared in each fact that it states", () => {
    const right: Json = {
      longBits: 64,
      maxOffset: "0x3ffffffffffff",
      emptyPte: "0x0",
      migrationAdSupported: true,
    };
    expect(judge(right)).toMatchObject({ failed: 0, rows: { head: 5 } });
    for (const [key, wrong] of [
      ["longBits", 32],
      ["maxOffset", "0x1"],
      ["emptyPte", "0x1"],
      ["migrationAdSupported", null],
    ]) {
      const report = judge({ ...right, [String(key)]: wrong });
      expect(report.mismatches.map(({ list, row }) => [list, row])).toEqual([[`head ${key}`, 0]]);
    }
  });

  // MAX_SWAPFILES and the types of 6.12 and 7.2 with every symbol on.
  const older: Json = {
    PAGE_SHIFT: 12,
    BITS_PER_LONG: 64,
    MAX_SWAPFILES: 23,
    SWP_TYPE_SHIFT: 58,
    SWP_PFN_BITS: 36,
    SWP_HWPOISON: 23,
    SWP_MIGRATION_READ: 24,
    SWP_MIGRATION_READ_EXCLUSIVE: 25,
    SWP_MIGRATION_WRITE: 26,
    SWP_DEVICE_WRITE: 27,
    SWP_DEVICE_READ: 28,
    SWP_DEVICE_EXCLUSIVE_WRITE: 29,
    SWP_DEVICE_EXCLUSIVE_READ: 30,
    SWP_PTE_MARKER: 31,
  };
  it.each([
    ["6.12", older],
    ["7.2", { SWP_DEVICE_EXCLUSIVE: 30, SWP_PTE_MARKER: 31, SWP_HWPOISON: 24 }],
  ])("%s: each constant is compared, and one that no backend states is not", (release, constants) => {
    const count = Object.keys(constants).length;
    expect(judge({ release, constants })).toMatchObject({ failed: 0, rows: { constants: count } });
    for (const [name, value] of Object.entries(constants)) {
      const wrong = { ...constants, [name]: Number(value) + 1 };
      expect(said(judge({ release, constants: wrong }))).toEqual([
        `constants ${name}: ${Number(value) + 1}, not ${value}`,
      ]);
    }
    expect(judge({ release, constants: { SWAP_HAS_CACHE: 64 } }).rows).not.toHaveProperty("constants");
  });

  it("a type that the release does not have is undefined", () => {
    expect(said(judge({ constants: { SWP_SWAPIN_ERROR: 31 } }))).toEqual([
      "constants SWP_SWAPIN_ERROR: 31, not undefined",
    ]);
  });

  it("masks are those that encode writes", () => {
    const masks = { exclusive: "0x4", softDirty: "0x0", uffdWp: "0x8" };
    expect(judge({ masks })).toMatchObject({ failed: 0, rows: { masks: 3 } });
    expect(said(judge({ masks: { ...masks, softDirty: "0x10" } }))).toEqual([
      "masks softDirty: 0x10, not 0x0",
    ]);
    const fields = layout.fields.flatMap((row) => {
      if (row.high === 5) return [decodeOnly(softDirty(5), "x"), spare(4, 4)];
      return row.kind === "uffdWp" ? [encodeOnly(uffdWp(3), "x")] : [row];
    });
    expect(judge({ masks }, defineArch({ ...data, layouts: [{ ...layout, fields }] })).failed).toBe(0);
  });

  it("flags of present PTEs are 0 where there are none, and not confirmed where there is no present layout", () => {
    expect(judge({ presentPte: { uffdWp: "0x400000000000000", softDirty: "0x0" } })).toMatchObject({
      failed: 0,
      rows: { presentPte: 2 },
    });
    const { present: _present, ...rest } = data;
    expect(judge({ presentPte: { uffdWp: "0x400", softDirty: "0x200" } }, defineArch(rest))).toMatchObject({
      failed: 0,
      rows: {},
      unconfirmed: { "presentPte: the architecture describes no present PTEs": 1 },
    });
  });
});

describe("encode rows", () => {
  const row = { type: 3, offset: "0x1234", pte: "0x12340c0", swpEntry: "0xc00000000001234" };

  it("are asked with and without truncation, and from the swp_entry_t", () => {
    expect(judge({ encode: [row] }).failed).toBe(0);
    const cut = lying(({ encode }) => ({
      encode: (entry: SwapEntry, options) => (options ? encode(entry, options) : 0n),
    }));
    expect(said(judge({ encode: [row] }, cut))).toEqual([
      "encode: PTE 0x00000000012340c0, not PTE 0x0000000000000000",
    ]);
    const uncut = lying(({ encode }) => ({
      encode: (entry: SwapEntry, options) => (options ? 0n : encode(entry)),
    }));
    expect(judge({ encode: [row] }, uncut).failed).toBe(1);
    const entry = lying(() => ({ fromSwpEntry: () => 0n }));
    expect(said(judge({ encode: [row] }, entry))).toEqual([
      "encode: PTE from its swp_entry_t 0x00000000012340c0, not PTE from its swp_entry_t 0x0000000000000000",
    ]);
    expect(judge({}, entry).failed).toBe(0);
  });

  it("of an entry that is too wide are asked with truncation alone; of the widest that fits, not alone", () => {
    // Type 40 leaks its bit 5 into bit 11; an offset of 51 bits leaks into bit 62.
    const wide = [
      { type: 40, offset: "0x1", pte: "0x1a00" },
      { type: 3, offset: "0x4000000000001", pte: "0x40000000000010c0" },
    ];
    expect(judge({ encode: wide }).failed).toBe(0);
    const cut = lying(({ encode }) => ({
      encode: (entry: SwapEntry, options) => (options ? encode(entry, options) : 0n),
    }));
    expect(judge({ encode: wide }, cut).failed).toBe(0);
    expect(judge({ encode: [{ type: 31, offset: "0x1", pte: "0x17c0" }] }, cut).failed).toBe(1);
    expect(
      judge({ encode: [{ type: 1, offset: "0x3ffffffffffff", pte: "0x3ffffffffffff040" }] }, cut).failed,
    ).toBe(1);
  });

  it("that a backend refuses are mismatches, with the row and the refusal", () => {
    const refusing = lying(() => ({
      encode: () => {
        throw new PtekitError("TYPE_TOO_WIDE", "no");
      },
    }));
    const report = judge({}, refusing);
    expect(said(report)).toEqual([`encode: ${JSON.stringify(file.encode[0])}, not TYPE_TOO_WIDE: no`]);
    expect(mismatchText(report.mismatches[0] as never).split("\n")).toHaveLength(3);
    const breaking = lying(() => ({
      encode: () => {
        throw new TypeError("broken");
      },
    }));
    expect(() => judge({}, breaking)).toThrow(TypeError);
  });
});

describe("encodeOverflow rows", () => {
  // swp_entry() cuts the offset to 58 bits; this one has 51.
  const row = {
    type: 1,
    offset: "0x4000000000000",
    pte: "0x4000000000000040",
    swpEntry: "0x404000000000000",
  };
  const list = { encodeOverflow: [row] };

  it("are leaked as the kernel leaks, from the entry too, and refused without truncation", () => {
    expect(judge(list)).toMatchObject({ failed: 0, rows: { encodeOverflow: 1 } });
    expect(judge({ encodeOverflow: [{ ...row, pte: "0x40" }] }).failed).toBe(1);
    expect(judge({ encodeOverflow: [{ ...row, swpEntry: "0x400000000000000" }] }).failed).toBe(1);
    const taking = lying(({ encode }) => ({ encode: (entry) => encode(entry, { overflow: "truncate" }) }));
    expect(said(judge(list, taking))).toEqual(["encodeOverflow: OFFSET_TOO_WIDE, not 0x4000000000000040"]);
    const otherwise = lying(({ encode }) => ({
      encode: (entry: SwapEntry, options) => {
        if (options || entry.offset < 1n << 50n) return encode(entry, options);
        throw new PtekitError("BAD_ARGUMENT", "x");
      },
    }));
    expect(said(judge(list, otherwise))).toEqual(["encodeOverflow: OFFSET_TOO_WIDE, not BAD_ARGUMENT"]);
    const breaking = lying(({ encode }) => ({
      encode: (entry: SwapEntry, options) => {
        if (options || entry.offset < 1n << 50n) return encode(entry, options);
        throw new TypeError("broken");
      },
    }));
    expect(() => judge(list, breaking)).toThrow(TypeError);
  });

  it("without a swp_entry_t are asked for the word alone", () => {
    const { swpEntry: _swpEntry, ...alone } = row;
    const taking = lying(({ encode }) => ({ encode: (entry) => encode(entry, { overflow: "truncate" }) }));
    expect(judge({ encodeOverflow: [alone] }, taking).failed).toBe(0);
    expect(judge({ encodeOverflow: [{ ...alone, pte: "0x40" }] }).failed).toBe(1);
  });
});

describe("decode rows", () => {
  const plain = { none: false, present: false };
  const classOf = (type: number, offset: bigint, name: string, release = "6.12") => {
    const pte = `0x${((offset << 12n) | BigInt(type << 6)).toString(16)}`;
    const row = { ...plain, pte, type, offset: `0x${offset.toString(16)}`, class: name };
    return said(judge({ release, decode: [row] }));
  };

  it("say what an entry is in the words of the kernel", () => {
    expect(classOf(22, 1n, "swap")).toEqual([]);
    expect(classOf(23, 1n, "hwpoison")).toEqual([]);
    expect(classOf(25, 1n, "migration-read-exclusive")).toEqual([]);
    expect(classOf(31, 1n, "marker:uffd-wp")).toEqual([]);
    expect(classOf(31, 3n, "marker:uffd-wp|poisoned")).toEqual([]);
    expect(classOf(31, 8n, "marker:0")).toEqual([]);
    expect(classOf(31, 4n, "marker:guard", "7.2")).toEqual([]);
    expect(classOf(22, 1n, "hwpoison")[0]).toMatch(/class hwpoison, not .*class swap$/);
  });

  it("a type above 31 is unknown", () => {
    const fields = layout.fields.flatMap((row) =>
      row.kind === "swpType" ? [{ ...row, low: 5 }] : row.high === 5 ? [spare(4, 4)] : [row],
    );
    const wide = defineArch({ ...data, layouts: [{ ...layout, fields }] });
    // 32 << 5, and 3 << 5
    const row = { ...plain, pte: "0x1400", type: 32, offset: "0x1", class: "unknown" };
    const encode = [{ type: 3, offset: "0x1234", pte: "0x1234060" }];
    expect(said(judge({ encode, decode: [row] }, wide))).toEqual([]);
  });

  it("of a none or present PTE are asked for that alone, in decode's words too", () => {
    const none = [{ pte: "0x0", none: true, present: false }];
    const present = [{ pte: "0x1", none: false, present: true, class: "ignored" }];
    expect(judge({ decode: [...none, ...present] })).toMatchObject({ failed: 0, rows: { decode: 2 } });
    const swap = lying(({ decode }) => ({ decode: (pte) => lie({ ...decode(pte), kind: "swap" }) }));
    expect(said(judge({ decode: none }, swap))).toEqual(["decode: 0x0: none, not 0x0: swap"]);
    expect(said(judge({ decode: present }, swap))).toEqual(["decode: 0x1: present, not 0x1: swap"]);
  });
});

describe("markers rows", () => {
  const markers = [{ bits: "0x1", pte: "0x17c0" }];

  it("are the marker type with those bits, and the special PTE where they are one", () => {
    expect(judge({ markers: [...markers, { bits: "0x3", pte: "0x37c0" }] })).toMatchObject({
      failed: 0,
      rows: { markers: 2 },
    });
    const special = lying(() => ({ specialPte: () => 0n }));
    expect(judge({ markers }, special).failed).toBe(1);
    expect(judge({ markers: [{ bits: "0x3", pte: "0x37c0" }] }, special).failed).toBe(0);
  });

  it("fail where the backend has no marker type", () => {
    const none = lying(({ types }) => ({ types: { ...types, special: [] } }));
    expect(said(judge({ markers }, none))).toEqual([
      `markers: ${JSON.stringify(markers[0])}, not NO_MARKER_TYPE: the backend has no marker type`,
    ]);
  });
});

describe("special rows", () => {
  // migration-write is type 26 in 6.12; young is bit 36 of the offset, dirty bit 37.
  const word = (offset: bigint): string => `0x${((offset << 12n) | (26n << 6n)).toString(16)}`;
  const [young, dirty] = [1n << 36n, 1n << 37n];
  const row = {
    kind: "migration-write",
    pfn: "0x1234",
    pte: word(0x1234n),
    pteYoung: word(0x1234n | young),
    pteDirty: word(0x1234n | dirty),
    pteYoungDirty: word(0x1234n | young | dirty),
    swpEntry: `0x${((26n << 58n) | 0x1234n).toString(16)}`,
  };

  it("are each age's word, written and read", () => {
    expect(judge({ special: [row] })).toMatchObject({ failed: 0, rows: { special: 1 } });
    for (const key of ["pte", "pteYoung", "pteDirty", "pteYoungDirty"] as const) {
      const wrong = { ...row, [key]: word(0x1235n) };
      expect(judge({ special: [wrong] }).mismatches[0]?.expected).toBe(
        `migration-write ${key} 0x0000000001235680`,
      );
    }
    expect(judge({ special: [{ ...row, swpEntry: "0x1234" }] }).failed).toBe(1);
  });

  it("are read back as their kind, with their age", () => {
    const kind = lying(({ decode }) => ({ decode: (pte) => ({ ...decode(pte), type: 25 }) }));
    expect(said(judge({ special: [row] }, kind))).toEqual([
      "special: migration-write, not migration-read-exclusive",
    ]);
    for (const age of ["young", "dirty"]) {
      const ageless = lying(({ decode }) => ({ decode: (pte) => ({ ...decode(pte), [age]: false }) }));
      expect(judge({ special: [row] }, ageless).failed).toBe(1);
    }
    const hwpoison = { kind: "hwpoison", pfn: "0x1", pte: "0x15c0" };
    expect(judge({ special: [hwpoison] }).failed).toBe(0);
  });

  it("of a PFN that the kernel itself cuts off are not read back", () => {
    // 37 bits of PFN, where 36 fit: the kernel's word reads as another PFN, young.
    const cut = { kind: "migration-write", pfn: "0x1000001234", pte: word(0x1234n | young) };
    expect(judge({ special: [cut] }).failed).toBe(0);
  });

  it("are of the CPU that they name", () => {
    const lpa2 = {
      kind: "migration-write",
      pfn: "0x1234",
      pteYoung: word(0x1234n | (1n << 40n)),
      cpu: "lpa2",
    };
    expect(judge({ special: [row, lpa2, lpa2, row] }).failed).toBe(0);
    expect(judge({ special: [{ ...lpa2, cpu: undefined }] }).failed).toBe(1);
  });
});

describe("memory and pmd rows", () => {
  it("bytes are hex, the lowest address first", () => {
    const memory = [{ pte: "0x12340c0", bytes: "c040230100000000" }];
    expect(judge({ memory })).toMatchObject({ failed: 0, rows: { memory: 1 } });
    expect(judge({ memory: [{ pte: "0x12340c0", bytes: "00000000012340c0" }] }).failed).toBe(1);
  });

  it("a PMD is the PMD backend's word, and the same swp_entry_t as the PTE's", () => {
    const pmd = [{ type: 3, offset: "0x1234", pmd: "0x12340c0" }];
    expect(judge({ pmd })).toMatchObject({ failed: 0, rows: { pmd: 1 } });
    expect(judge({ pmd: [{ ...pmd[0], pmd: "0x12340c4" }] }).failed).toBe(1);
    const entry = lying(({ toSwpEntry }) => ({ toSwpEntry: (pte) => toSwpEntry(pte) + 1n }));
    expect(said(judge({ pmd }, entry))).toEqual(["pmd: 0xc00000000001235, not 0xc00000000001234"]);
    expect(said(judge({ pmd }, defineArch(data)))).toEqual([
      `pmd: ${JSON.stringify(pmd[0])}, not NO_LAYOUT: the backend has no PMD swap entries`,
    ]);
  });
});
