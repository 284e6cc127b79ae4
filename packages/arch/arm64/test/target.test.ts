import { arm64 } from "@ptekit/arm64";
import type { PresentLayout } from "@ptekit/core";
import { freePresentBits, presentFlags } from "@ptekit/core";
import { describe, expect, it } from "vitest";

const names = (release: string): string[] =>
  arm64.for({ release }).types.special.map(({ name }) => String(name));

describe("what a Debian release string says", () => {
  it("its flavour's page size", () => {
    expect(arm64.for({ release: "6.12.57+deb13-arm64" }).kernel.pageShift).toBe(12);
    expect(arm64.for({ release: "6.12.57+deb13-arm64-16k" }).kernel.pageShift).toBe(14);
  });

  it("no device-private types in 6.1 and 6.12, and those of 7.2", () => {
    for (const release of ["6.1.0-50-arm64", "6.12.57+deb13-arm64-16k"]) {
      expect(names(release).filter((name) => name.startsWith("device-"))).toEqual([]);
      expect(names(release)).toContain("hwpoison");
    }
    expect(names("7.2.13+deb14-arm64")).toContain("device-private-write");
  });

  it("nothing that is left to be assumed of page size, migration and memory failure", () => {
    const { assumed } = arm64.for({ release: "6.1.0-50-arm64" });
    expect(assumed.join()).not.toMatch(/PAGES|MIGRATION|MEMORY_FAILURE|DEVICE_PRIVATE/);
  });
});

describe("what the configuration and the CPU say", () => {
  const pages64 = { CONFIG_ARM64_64K_PAGES: "y" } as const;
  // MAX_PHYSMEM_BITS less PAGE_SHIFT
  it.each([
    ["4K pages", {}, [], 12, 36],
    ["16K pages", { CONFIG_ARM64_16K_PAGES: "y" }, [], 14, 34],
    ["64K pages", pages64, [], 16, 32],
    ["64K pages, 52 bits", { ...pages64, CONFIG_ARM64_PA_BITS: 52 }, [], 16, 36],
    ["4K pages, 52 bits without LPA2", { CONFIG_ARM64_PA_BITS: 52 }, [], 12, 36],
    ["4K pages, LPA2", {}, ["lpa2"], 12, 40],
  ] as const)("%s", (_, config, cpu, pageShift, pfnBits) => {
    const { kernel } = arm64.for({ release: "6.12", config, cpu });
    expect([kernel.pageShift, kernel.pfnBits]).toEqual([pageShift, pfnBits]);
  });

  it("the order of bytes", () => {
    expect([...arm64.for({ release: "6.12" }).toBytes(0x17c0n)]).toEqual([0xc0, 0x17, 0, 0, 0, 0, 0, 0]);
    const big = arm64.for({ release: "6.12", config: { CONFIG_CPU_BIG_ENDIAN: "y" } });
    expect([...big.toBytes(0x17c0n)]).toEqual([0, 0, 0, 0, 0, 0, 0x17, 0xc0]);
  });
});

it("RHEL 9 has the exclusive bit from 5.14.0-179 on, and that this is likely, not seen, is assumed", () => {
  const likely = /5\.14\.0-179\.el9\.aarch64: .*likely/;
  const backend = arm64.for({ release: "5.14.0-179.el9.aarch64" });
  expect(backend.layout.id).toBe("arm64 5.19");
  expect(backend.assumed.some((sentence) => likely.test(sentence))).toBe(true);
  expect(arm64.for({ release: "5.14.0-178.el9.aarch64" }).layout.id).not.toBe("arm64 5.19");
});

// Bit 57: the headers of v4.2 (PTE_WRITE), v4.4 and v5.2 (nothing), v5.3 (PTE_DEVMAP) and v7.2 (nothing).
it.each([
  ["4.2", "PTE_WRITE", true],
  ["4.4", "bit 57", false],
  ["5.2", "bit 57", false],
  ["5.3", "PTE_DEVMAP", false],
  ["6.17", "bit 57", false],
])("bit 57 of a present PTE of %s is %s", (release, name, write) => {
  const backend = arm64.for({ release });
  const pte = (1n << 57n) | 1n;
  expect(presentFlags(backend, pte)[0]).toBe(name);
  expect(backend.decode(pte)).toMatchObject({ kind: "present", write });
  expect(freePresentBits(backend.present as PresentLayout).includes(57)).toBe(name === "bit 57");
});
