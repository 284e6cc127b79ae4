import type { SwapEntry } from "@ptekit/core";
import { createBackend } from "@ptekit/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arm, arm64, loose, refusal, untyped, x86 } from "./fixture.ts";

const arm63 = arm.for({ release: "6.12" });
const lpae = arm.for({ release: "6.12", config: { CONFIG_ARM_LPAE: "y" } });
const arm64610 = arm64.for({ release: "6.12" });
const arm64519 = arm64.for({ release: "6.1" });
const x86519 = x86.for({ release: "7.2" });

describe("encode", () => {
  // Rows of the vector files: what swp_entry_to_pte(swp_entry(type, offset)) answered.
  it("writes what the kernel's macros wrote", () => {
    expect(arm63.encode({ type: 3, offset: 0x1234n })).toBe(0x12340cn);
    expect(arm.for({ release: "6.1" }).encode({ type: 3, offset: 0x1234n })).toBe(0x91a0cn);
    expect(lpae.encode({ type: 3, offset: 0x1234n })).toBe(0x12340cn);
    expect(arm64519.encode({ type: 3, offset: 0x1234n })).toBe(0x123418n);
    expect(arm64610.encode({ type: 3, offset: 0x1234n })).toBe(0x12340c0n);
    expect(x86519.encode({ type: 3, offset: 0x1234n })).toBe(0x1fff_ffff_ffdb_9600n);
    expect(x86519.encode({ type: 3, offset: 0n })).toBe(0x1fff_ffff_ffff_fe00n);
  });

  it("sets each flag by its bit", () => {
    expect(arm64610.encode({ type: 3, offset: 0x1234n, uffdWp: true })).toBe(0x12340c8n);
    expect(arm64610.encode({ type: 3, offset: 0x1234n, exclusive: true })).toBe(0x12340c4n);
    expect(arm64610.encode({ type: 3, offset: 0x1234n, exclusive: true, uffdWp: true })).toBe(0x12340ccn);
    expect(arm64610.encode({ type: 3, offset: 0x1234n, exclusive: false })).toBe(0x12340c0n);
    expect(arm63.encode({ type: 3, offset: 0x1234n, exclusive: true })).toBe(0x12348cn);
  });

  // Rows of encodeOverflow.
  it("truncates and leaks as the kernel does, where it is told to", () => {
    const cut = { overflow: "truncate" } as const;
    expect(arm63.encode({ type: 1, offset: 0x1000000n }, cut)).toBe(0x4n);
    expect(lpae.encode({ type: 1, offset: 0x4000000n }, cut)).toBe(0x4n);
    expect(x86519.encode({ type: 1, offset: 0x4_0000_0000_0000n }, cut)).toBe(0x0fff_ffff_ffff_fe00n);
    expect(arm64519.encode({ type: 1, offset: 0x4_0000_0000_0000n }, cut)).toBe(0x400_0000_0000_0008n);
    expect(arm64519.encode({ type: 1, offset: 0x10_0000_0000_0000n }, cut)).toBe(0x1000_0000_0000_0008n);
    expect(arm64610.encode({ type: 1, offset: 0x4_0000_0000_0000n }, cut)).toBe(0x4000_0000_0000_0040n);
    expect(arm64610.encode({ type: 1, offset: 0x10_0000_0000_0000n }, cut)).toBe(0x40n);
  });

  it("what leaked on arm64 5.19 into PTE_PROT_NONE reads as present, and bit 62 of 6.10 is ignored", () => {
    expect(arm64519.decode(0x400_0000_0000_0008n).kind).toBe("present");
    expect(arm64610.decode(0x4000_0000_0000_0040n)).toMatchObject({ kind: "swap", type: 1, offset: 0n });
  });

  it("the same options refuse nothing that fits", () => {
    for (const backend of [arm63, lpae, arm64610, arm64519, x86519]) {
      const entry = { type: backend.maxType, offset: backend.maxOffset };
      expect(backend.encode(entry, { overflow: "refuse" })).toBe(
        backend.encode(entry, { overflow: "truncate" }),
      );
    }
  });

  const refusals: [sentence: string, act: () => unknown][] = [
    [
      "OFFSET_TOO_WIDE: arm 6.3: offset 0x1000000 needs 25 bits, swpOffset 31:8 holds 24",
      () => arm63.encode({ type: 0, offset: 0x1000000n }),
    ],
    [
      "OFFSET_TOO_WIDE: arm64 6.10: offset 0x4000000000000 needs 51 bits, swpOffset 61:12 holds 50",
      () => arm64610.encode({ type: 0, offset: 1n << 50n }),
    ],
    [
      "TYPE_TOO_WIDE: arm 6.3: type 32 needs 6 bits, swpType 6:2 holds 5",
      () => arm63.encode({ type: 32, offset: 1n }),
    ],
    [
      "TYPE_TOO_WIDE: arm64 4.0: type 64 needs 7 bits, swpType 7:2 holds 6",
      () => arm64.for({ release: "5.10" }).encode({ type: 64, offset: 1n }),
    ],
    ["BAD_ARGUMENT: arm 6.3: offset is not negative: -1", () => arm63.encode({ type: 0, offset: -1n })],
    [
      "BAD_ARGUMENT: arm 6.3: offset is a bigint (0x1234n), not number 5",
      () => arm63.encode({ type: 0, offset: untyped(5) }),
    ],
    [
      "BAD_ARGUMENT: arm 6.3: type is a whole number from 0 on, not number -1",
      () => arm63.encode({ type: -1, offset: 1n }),
    ],
    [
      "BAD_ARGUMENT: arm 6.3: type is a whole number from 0 on, not number NaN",
      () => arm63.encode({ type: Number.NaN, offset: 1n }),
    ],
    [
      "BAD_ARGUMENT: arm 6.3: type is a whole number from 0 on, not number 0.5",
      () => arm63.encode({ type: 0.5, offset: 1n }),
    ],
    [
      `BAD_ARGUMENT: arm 6.3: type is a whole number from 0 on, not the string "3"`,
      () => arm63.encode({ type: untyped("3"), offset: 1n }),
    ],
    [
      "NO_SUCH_FLAG: arm 6.3: swap PTEs have no uffdWp bit",
      () => arm63.encode({ type: 0, offset: 1n, uffdWp: true }),
    ],
    [
      `BAD_ARGUMENT: arm64 6.10: uffdWp is true or false, not the string "false"`,
      () => arm64610.encode({ type: 0, offset: 1n, uffdWp: untyped("false") }),
    ],
    [
      "UNKNOWN_OPTION: an entry has type, offset, exclusive, softDirty, uffdWp, not uffd_wp",
      () => arm64610.encode(untyped<SwapEntry>({ type: 0, offset: 1n, uffd_wp: true })),
    ],
    [
      `UNKNOWN_OPTION: overflow is "refuse" or "truncate", not the string "wrap"`,
      () => arm63.encode({ type: 0, offset: 1n }, { overflow: untyped("wrap") }),
    ],
    [
      "UNKNOWN_OPTION: options has overflow, not overfow",
      () => arm63.encode({ type: 0, offset: 1n }, untyped({ overfow: "truncate" })),
    ],
    [
      "BAD_ARGUMENT: options is an object with overflow, not object null",
      () => arm63.encode({ type: 0, offset: 1n }, untyped(null)),
    ],
    [
      "BAD_ARGUMENT: an entry is an object with type, offset, exclusive, softDirty, uffdWp, not number 5",
      () => arm63.encode(untyped(5)),
    ],
  ];
  for (const [sentence, act] of refusals) {
    it(`refuses: ${sentence}`, () => expect(refusal(act)).toBe(sentence));
  }

  it("refuses negative and malformed values even where it truncates", () => {
    const cut = { overflow: "truncate" } as const;
    expect(refusal(() => arm63.encode({ type: 0, offset: -1n }, cut))).toMatch(/^BAD_ARGUMENT/);
    expect(refusal(() => arm63.encode({ type: 1e300, offset: 0n }, cut))).toMatch(/^BAD_ARGUMENT/);
  });
});

describe("decode", () => {
  // Reports of real kernels: the PTE that was printed and what the kernel said of it.
  it("arm 4.1.8: 806a0000 is the bad swap entry 0100d400", () => {
    const backend = arm.for({ release: "4.1.8-v7+" });
    expect(backend.decode(0x806a0000n)).toMatchObject({ kind: "swap", type: 0, offset: 0x100d400n });
    expect(backend.toSwpEntry(0x806a0000n)).toBe(0x0100d400n);
    expect(backend.decode(0x4a44e100n)).toMatchObject({ type: 0, offset: 0x9489c2n });
  });

  it("arm64 5.19: 12bc3e04 is offset 0x12bc3e with the exclusive bit", () => {
    expect(arm64519.decode(0x12bc3e04n)).toMatchObject({
      kind: "swap",
      type: 0,
      offset: 0x12bc3en,
      exclusive: true,
    });
  });

  it("arm64 6.0-rc1: a07070a0506090a is the bad swap entry 40207070a050609", () => {
    const backend = arm64.for({ release: "6.0.0-rc1-v8" });
    expect(backend.toSwpEntry(0x0a07070a0506090an)).toBe(0x40207070a050609n);
  });

  it("x86_64 6.3.5: 800000bed4b380ba is the bad swap entry 4003ffffa095a63f", () => {
    const backend = x86.for({ release: "6.3.5" });
    expect(backend.toSwpEntry(0x800000bed4b380ban)).toBe(0x4003ffffa095a63fn);
    expect(backend.toSwpEntry(0x8000001e1869801an)).toBe(0x4003fffff0f3cb3fn);
  });

  it("x86_64 4.16: 100_0000_0000 is type 0, offset 0x4000000", () => {
    expect(x86.for({ release: "4.16.0-rc5" }).decode(0x100_0000_0000n)).toMatchObject({
      type: 0,
      offset: 0x4000000n,
    });
  });

  it("x86_64 with L1TF: 01000000 is offset 3ffffffff7fff", () => {
    expect(x86519.decode(0x01000000n)).toMatchObject({ type: 0, offset: 0x3_ffff_ffff_7fffn });
  });

  // The marker words of the kernel's make_pte_marker().
  it("markers read as their names, and bits that the release does not read are dropped", () => {
    expect(arm64610.decode(0x17c0n)).toMatchObject({ kind: "marker", type: 31, markers: ["uffd-wp"] });
    expect(loose(arm64610, 0x27c0n).markers).toEqual(["poisoned"]);
    expect(loose(arm64610, 0x47c0n).markers).toEqual([]);
    const guarded = arm64.for({ release: "6.13" });
    expect(loose(guarded, 0x47c0n).markers).toEqual(["guard"]);
    expect(loose(guarded, 0x77c0n).markers).toEqual(["uffd-wp", "poisoned", "guard"]);
    expect(loose(arm64.for({ release: "6.5" }), 0x2f8n).markers).toEqual(["swapin-error"]);
    expect(loose(arm63, 0x27cn).markers).toEqual(["poisoned"]);
    expect(loose(x86519, 0xffff_ffff_ffff_f600n).markers).toEqual(["guard"]);
    expect(loose(x86.for({ release: "6.1" }), 0xf7ff_ffff_ffff_fc00n).markers).toEqual(["uffd-wp"]);
    expect(x86.for({ release: "6.9.0-rc5" }).toSwpEntry(0xffff_ffff_ffff_fc00n)).toBe(0x7c00_0000_0000_0001n);
  });

  it("clears the flags before it reads type and offset", () => {
    expect(arm64610.decode(0x12340ccn)).toMatchObject({
      type: 3,
      offset: 0x1234n,
      swpEntry: 0x0c00_0000_0000_1234n,
      exclusive: true,
      uffdWp: true,
      softDirty: false,
    });
  });

  it("none and present entries say no type", () => {
    for (const pte of [0n, 0x20n, 0x40n, 0x60n])
      expect(Object.keys(x86519.decode(pte))).not.toContain("type");
    expect(x86519.decode(0x60n).kind).toBe("none");
    expect(x86519.decode(0x100n).kind).toBe("present");
    expect(lpae.decode(2n).kind).toBe("present");
    expect(arm63.decode(2n)).toMatchObject({ kind: "swap", type: 0, offset: 0n });
    // pte_none() reads all 64 bits, the swp_entry_t only 32.
    expect(lpae.decode(1n << 32n)).toMatchObject({ kind: "swap", type: 0, offset: 0n, swpEntry: 0n });
  });

  it("types above 31 are unassigned (arm64 before 5.19 has six bits of type)", () => {
    const old = arm64.for({ release: "5.10" });
    expect(old.maxType).toBe(63);
    expect(old.decode(0x80n)).toMatchObject({ kind: "unassigned", type: 32 });
    expect(old.decode(old.encode({ type: 63, offset: 5n }))).toMatchObject({ type: 63, offset: 5n });
  });

  const words: [sentence: string, word: unknown][] = [
    ["BAD_WORD: arm 6.3: a PTE is not negative: -1", -1n],
    ["WORD_TOO_WIDE: arm 6.3: 0x100000000 needs 33 bits, a PTE has 32", 1n << 32n],
    ["BAD_WORD: arm 6.3: a PTE is a bigint (0x1084n), not number 4228", 0x1084],
    ["BAD_WORD: arm 6.3: a PTE is a bigint (0x1084n), not number NaN", Number.NaN],
    ["BAD_WORD: arm 6.3: a PTE is a bigint (0x1084n), not number 0.5", 0.5],
    [`BAD_WORD: arm 6.3: a PTE is a bigint (0x1084n), not the string "0x1084"`, "0x1084"],
    ["BAD_WORD: arm 6.3: a PTE is a bigint (0x1084n), not undefined undefined", undefined],
    ["BAD_WORD: arm 6.3: a PTE is a bigint (0x1084n), not object null", null],
  ];
  for (const [sentence, word] of words) {
    it(`refuses: ${sentence}`, () => {
      for (const verb of [arm63.decode, arm63.toSwpEntry, arm63.toBytes]) {
        expect(refusal(() => verb(untyped(word)))).toBe(sentence);
      }
    });
  }

  it("a swp_entry_t is as wide as a long", () => {
    expect(refusal(() => lpae.fromSwpEntry(1n << 32n))).toBe(
      "WORD_TOO_WIDE: arm 6.3 LPAE: 0x100000000 needs 33 bits, a swp_entry_t has 32",
    );
    expect(lpae.fromSwpEntry(0x0c001234n)).toBe(0x12340cn);
    expect(x86519.fromSwpEntry(0x0c00_0000_0000_1234n)).toBe(0x1fff_ffff_ffdb_9600n);
  });

  it("never throws on a word of the right width", () => {
    for (const backend of [arm63, lpae, arm64610, arm64519, x86519, x86.for({ release: "4.8" })]) {
      const words = fc.bigInt({ min: 0n, max: (1n << BigInt(backend.layout.pteBits)) - 1n });
      fc.assert(fc.property(words, (pte) => backend.decode(pte).pte === pte));
    }
  });
});

describe("encodePfn", () => {
  // Rows of `special` in the vector files.
  it("writes what the kernel's make_*_entry() wrote", () => {
    expect(arm63.encodePfn("migration-write", 1n)).toBe(0x178n);
    expect(arm63.encodePfn("migration-write", 1n, { young: true })).toBe(0x10000178n);
    expect(arm63.encodePfn("migration-write", 1n, { dirty: true })).toBe(0x20000178n);
    expect(arm63.encodePfn("migration-write", 1n, { young: true, dirty: true })).toBe(0x30000178n);
    expect(arm64519.kernel.pfnBits).toBe(36);
    expect(x86519.encodePfn("migration-write", 2n, { young: true })).toBe(0xdfff_f7ff_ffff_fa00n);
    const la57 = x86.for({ release: "7.2", cpu: "la57" });
    expect(la57.encodePfn("migration-write", 0x1234n, { young: true, dirty: true })).toBe(
      0xdff9_ffff_ffdb_9600n,
    );
    expect(la57.encodePfn("migration-read-exclusive", 0x1234n, { young: true })).toBe(0xd7fd_ffff_ffdb_9600n);
  });

  it("reads back as PFN, access, young and dirty", () => {
    expect(x86519.decode(0xdfff_e7ff_ffff_fc00n)).toMatchObject({
      kind: "migration",
      access: "write",
      pfn: 1n,
      young: true,
      dirty: true,
    });
    expect(arm63.decode(0x30000178n)).toMatchObject({ pfn: 1n, young: true, dirty: true });
    const la57 = x86.for({ release: "7.2", cpu: "la57" }).decode(0xd7fd_ffff_ffdb_9600n);
    expect(la57).toMatchObject({ access: "read-exclusive", pfn: 0x1234n, young: true, dirty: false });
  });

  it("young and dirty are absent, not false, where the kernel does not honour them", () => {
    for (const backend of [lpae, arm.for({ release: "5.10" })]) {
      const read = backend.decode(backend.encodePfn("migration-write", 1n));
      expect(read.kind).toBe("migration");
      expect(Object.keys(read)).not.toContain("young");
      expect(Object.keys(read)).not.toContain("dirty");
    }
  });

  it("a device-exclusive entry of 6.15 says no access, the older ones do", () => {
    const newer = x86519.decode(x86519.encodePfn("device-exclusive", 7n));
    expect(newer).toMatchObject({ kind: "device-exclusive", access: null, pfn: 7n });
    const old = x86.for({ release: "6.12" });
    expect(old.decode(old.encodePfn("device-exclusive-read", 7n))).toMatchObject({ access: "read" });
    expect(x86519.decode(x86519.encodePfn("hwpoison", 7n))).toMatchObject({ kind: "hwpoison", pfn: 7n });
  });

  const refusals: [sentence: RegExp, act: () => unknown][] = [
    [/^NO_SUCH_TYPE: arm 6.3: 6.12 has no entries of type hwpoison/, () => arm63.encodePfn("hwpoison", 1n)],
    [
      /no entries of type migration that hold a PFN; those that do are migration-read, migration-read-exclusive, migration-write$/,
      () => arm63.encodePfn(untyped("migration"), 1n),
    ],
    [
      /^NO_SUCH_TYPE: .* no entries of type marker that hold a PFN/,
      () => arm63.encodePfn(untyped("marker"), 1n),
    ],
    [/^NO_SUCH_TYPE: .* no entries of type nonsense/, () => arm63.encodePfn(untyped("nonsense"), 1n)],
    [
      /^NO_SUCH_TYPE: .* no entries of type device-exclusive-read/,
      () => x86519.encodePfn("device-exclusive-read", 1n),
    ],
    [
      /^PFN_TOO_WIDE: arm 6.3: pfn 0x100000 needs 21 bits, migration-write entries hold 20 /,
      () => arm63.encodePfn("migration-write", 1n << 20n),
    ],
    [
      /^PFN_TOO_WIDE: arm 6.3 LPAE: pfn 0x1000000 needs 25 bits, migration-write entries hold 24 /,
      () => lpae.encodePfn("migration-write", 1n << 24n),
    ],
    [/^NO_AD_BITS: arm 6.3 LPAE: /, () => lpae.encodePfn("migration-write", 1n, { young: true })],
    [/^NO_AD_BITS: .* hwpoison entry$/, () => x86519.encodePfn("hwpoison", 1n, { dirty: true })],
    [/^BAD_ARGUMENT: arm 6.3: pfn is a bigint/, () => arm63.encodePfn("migration-write", untyped(1))],
    [/^BAD_ARGUMENT: arm 6.3: pfn is not negative/, () => arm63.encodePfn("migration-write", -1n)],
    [
      /^BAD_ARGUMENT: arm 6.3: young is true or false, not number 1$/,
      () => arm63.encodePfn("migration-write", 1n, { young: untyped(1) }),
    ],
    [
      /^UNKNOWN_OPTION: options has /,
      () => arm63.encodePfn("migration-write", 1n, untyped({ accessed: true })),
    ],
  ];
  for (const [sentence, act] of refusals) {
    it(`refuses: ${sentence.source}`, () => expect(refusal(act)).toMatch(sentence));
  }
});

describe("encodePfn at its limits", () => {
  it("takes the largest PFN, and truncates a larger one where it is told to", () => {
    expect(arm63.encodePfn("migration-write", 0xfffffn)).toBe(0xfffff78n);
    // The offset has 24 bits: this one bit is cut off.
    expect(arm63.encodePfn("migration-write", 1n << 24n, { overflow: "truncate" })).toBe(0x78n);
  });

  it("leaves an entry as it is where the kernel keeps no age, and is told to truncate", () => {
    const young = { young: true, dirty: true, overflow: "truncate" } as const;
    expect(lpae.encodePfn("migration-write", 1n, young)).toBe(0x178n);
    expect(x86519.encodePfn("hwpoison", 2n, young)).toBe(x86519.encodePfn("hwpoison", 2n));
  });

  it("sets the flags that it is given", () => {
    expect(arm64610.encodePfn("hwpoison", 1n, { exclusive: true })).toBe(0x15c4n);
    expect(arm64610.encodePfn("hwpoison", 1n, { uffdWp: true })).toBe(0x15c8n);
  });
});

describe("bytes in memory", () => {
  it("stand in the machine's order, the lowest address first", () => {
    expect([...arm63.toBytes(0x0012348cn)]).toEqual([0x8c, 0x34, 0x12, 0]);
    const big = arm.for({ release: "6.12", config: { CONFIG_CPU_BIG_ENDIAN: "y" } });
    expect([...big.toBytes(0x0012348cn)]).toEqual([0, 0x12, 0x34, 0x8c]);
    const big64 = arm64.for({ release: "6.12", config: { CONFIG_CPU_BIG_ENDIAN: "y" } });
    expect([...big64.toBytes(0x0102_0304_0506_0708n)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(big64.fromBytes(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))).toBe(0x0102_0304_0506_0708n);
  });

  // pte_t of 32-bit MIPS with 64-bit physical addresses is { pte_low, pte_high }, in either byte order.
  it("of a pair of words begin with the low one, each in the machine's order", () => {
    const pte = 0x0102_0304_0506_0708n;
    const bytes = (order: "little" | "big", lowWordFirst: boolean) => {
      const layout = { ...arm64610.layout, lowWordFirst };
      const parts = { ...arm64610, layout, kernel: { ...arm64610.kernel, byteOrder: order } };
      const backend = createBackend({ ...parts, assumptions: [] });
      expect(backend.fromBytes(backend.toBytes(pte))).toBe(pte);
      return [...backend.toBytes(pte)];
    };
    expect(bytes("big", true)).toEqual([5, 6, 7, 8, 1, 2, 3, 4]);
    expect(bytes("big", false)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(bytes("little", true)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it("are refused where they are not a whole PTE", () => {
    const sentence = "BAD_ARGUMENT: arm 6.3: a PTE is a Uint8Array of 4 bytes";
    expect(refusal(() => arm63.fromBytes(new Uint8Array(3)))).toBe(sentence);
    expect(refusal(() => arm63.fromBytes(untyped([1, 2, 3, 4])))).toBe(sentence);
  });
});

describe("present PTEs", () => {
  it("x86_64 inverts the PFN where _PAGE_PRESENT is clear (PROT_NONE)", () => {
    expect(x86519.decode(0x8000_0001_2345_6067n)).toMatchObject({ kind: "present", pfn: 0x123456n });
    expect(x86519.decode(0x000f_fffe_dcba_9100n)).toMatchObject({ kind: "present", pfn: 0x123456n });
  });

  it("arm64 with 64K pages and 52 bits keeps the top of the address in bits 15:12", () => {
    const config = { CONFIG_ARM64_64K_PAGES: "y", CONFIG_ARM64_PA_BITS: 52 } as const;
    const backend = arm64.for({ release: "6.12", config });
    expect(loose(backend, 0x0000_0000_1234_f001n).pfn).toBe(0xf_0000_1234n);
    expect(backend.decode(0x0400_1234_0000_0001n)).toMatchObject({ uffdWp: true, softDirty: false });
  });

  it("where an architecture does not describe them, decode says only that they are present", () => {
    expect(Object.keys(arm63.decode(1n))).toEqual(["pte", "arch", "layout", "kind"]);
  });
});
