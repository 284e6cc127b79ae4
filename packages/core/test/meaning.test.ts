import type { SpecialTypeName } from "@ptekit/core";
import { typeNumber } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { doubts, loose, x86 } from "./fixture.ts";

const x86510 = x86.for({ release: "5.10" });
const x86612 = x86.for({ release: "6.12" });

/** A word of that special type, whatever its offset means. */
function wordOf(backend: typeof x86510, name: SpecialTypeName, offset: bigint): bigint {
  const type = typeNumber(backend.types, name);
  if (type === undefined) throw new Error(`${backend.layout.id} has no ${name}`);
  return backend.encode({ type, offset });
}

describe("what a special entry names", () => {
  it("before 6.1 the whole offset is the PFN; from then on SWP_PFN_BITS of it", () => {
    const high = (1n << 48n) | 0x1234n;
    expect(loose(x86510, wordOf(x86510, "migration-read", high)).pfn).toBe(high);
    expect(loose(x86612, wordOf(x86612, "migration-read", high)).pfn).toBe(0x1234n);
  });

  it("young and dirty stand above the PFN of a migration entry, and of no other", () => {
    const both = 0x1234n | (3n << BigInt(x86612.kernel.pfnBits));
    expect(x86612.decode(wordOf(x86612, "migration-write", both))).toMatchObject({
      pfn: 0x1234n,
      young: true,
      dirty: true,
    });
    for (const name of ["hwpoison", "device-private-write"] as const) {
      expect(Object.keys(x86612.decode(wordOf(x86612, name, both)))).not.toContain("young");
    }
  });

  it("access is said of migration and device entries, and of no poisoned page", () => {
    expect(loose(x86612, wordOf(x86612, "migration-read", 1n)).access).toBe("read");
    expect(loose(x86612, wordOf(x86612, "device-private-write", 1n)).access).toBe("write");
    expect(Object.keys(x86612.decode(wordOf(x86612, "hwpoison", 1n)))).not.toContain("access");
  });
});

describe("assumed, beside a word, names the defaults that change it", () => {
  const ofType = (type: number, offset: bigint) =>
    doubts(x86612, x86612.encode({ type, offset })).filter((sentence) => /CONFIG_/.test(sentence));

  it("nothing for a plain swap entry of a low type", () => {
    expect(ofType(0, 0x1234n)).toEqual([]);
  });

  it("CONFIG_MIGRATION and CONFIG_DEVICE_PRIVATE for types that are special with them", () => {
    const migration = typeNumber(x86612.types, "migration-read") ?? -1;
    expect(ofType(migration, 1n).join()).toContain("CONFIG_MIGRATION");
    const device = typeNumber(x86612.types, "device-private-write") ?? -1;
    expect(ofType(device, 1n).join()).toContain("CONFIG_DEVICE_PRIVATE");
    expect(ofType(device, 1n).join()).not.toContain("CONFIG_MEM_SOFT_DIRTY");
  });
});
