import { defineArch, select, targetOfHead, targetOfLayout } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { arm, arm64, armData, doubts, refusal, untyped, x86 } from "./fixture.ts";

const idAt = (release: string, backports: string[] = []): string => x86.for({ release, backports }).layout.id;

describe("select", () => {
  it("a layout begins with its release and ends where the next begins", () => {
    expect(arm.for({ release: "4.0" }).layout.id).toBe("arm 4.0");
    expect(arm.for({ release: "6.2.16" }).layout.id).toBe("arm 4.0");
    expect(arm.for({ release: "6.3-rc1" }).layout.id).toBe("arm 6.3");
    expect(arm.for({ release: "7.3" }).layout.id).toBe("arm 6.3");
    expect(arm64.for({ release: "5.18.19" }).layout.id).toBe("arm64 4.0");
    expect(arm64.for({ release: "6.9.12" }).layout.id).toBe("arm64 5.19");
    expect(arm64.for({ release: "6.10.0-rc2+" }).layout.id).toBe("arm64 6.10");
  });

  it("a backport is found by point release, in its own series only", () => {
    expect(idAt("4.18")).toBe("x86_64 4.8");
    expect(idAt("4.18.0-13-generic")).toBe("x86_64 4.8");
    expect(idAt("4.18.1")).toBe("x86_64 4.19");
    expect(idAt("4.18.20")).toBe("x86_64 4.19");
    expect(idAt("4.17.19")).toBe("x86_64 4.8");
    expect(idAt("4.9.119")).toBe("x86_64 4.8");
    expect(idAt("4.9.120")).toBe("x86_64 4.19");
    expect(idAt("4.10.1")).toBe("x86_64 4.8");
  });

  it("a backport is found by name, where the release number cannot tell", () => {
    expect(idAt("4.9.0-8-amd64")).toBe("x86_64 4.8");
    expect(idAt("4.9.0-8-amd64", ["l1tf"])).toBe("x86_64 4.19");
    expect(x86.for({ release: "4.9.0-8-amd64", backports: "l1tf" }).layout.id).toBe("x86_64 4.19");
    expect(x86.for({ release: "4.9.0-8-amd64" }).assumed).toContain("without the backport l1tf (not given)");
    expect(x86.for({ release: "4.9.0-8-amd64", backports: ["l1tf"] }).assumed.join()).not.toContain("l1tf");
  });

  it("a backport that is from memory is named as assumed", () => {
    expect(x86.for({ release: "4.9.130" }).assumed).toContain("4.9.130: L1TF in 4.9.120 is from memory");
    expect(x86.for({ release: "4.18.1" }).assumed.join()).not.toContain("from memory");
    expect(x86.for({ release: "4.19" }).assumed.join()).not.toContain("from memory");
  });

  it("a vendor's build has the symbols that were backported with the types", () => {
    expect(x86.for({ release: "5.14.0-427.el9.x86_64" }).types.maxSwapfiles).toBe(23);
    expect(x86.for({ release: "5.14.0-427.el9.x86_64" }).types.markers.map(({ name }) => name)).toEqual([
      "uffd-wp",
      "swapin-error",
    ]);
    expect(x86.for({ release: "5.14.0-70.el9.x86_64" }).types.maxSwapfiles).toBe(25);
    expect(x86.for({ release: "5.14.0-427.el9.x86_64" }).assumed).toContain(
      "CONFIG_PTE_MARKER=y (not given)",
    );
    expect(x86.for({ release: "5.14.0-441.el9.x86_64" }).assumed.join()).not.toContain("CONFIG_PTE_MARKER");
    expect(x86.for({ release: "4.12.14-122.37-default" }).types.maxSwapfiles).toBe(27);
    expect(x86.for({ release: "4.12.14" }).types.maxSwapfiles).toBe(29);
  });

  it("a symbol of a choice excludes the others, and the default holds where none is given", () => {
    const shift = (config: object): number =>
      arm64.for({ release: "6.12", config: untyped(config) }).kernel.pageShift;
    expect(shift({})).toBe(12);
    expect(shift({ CONFIG_ARM64_16K_PAGES: "y" })).toBe(14);
    expect(shift({ CONFIG_ARM64_64K_PAGES: "y" })).toBe(16);
    expect(shift({ CONFIG_ARM64_4K_PAGES: "y" })).toBe(12);
    const chosen = arm64.for({ release: "6.12", config: { CONFIG_ARM64_16K_PAGES: "y" } });
    expect(chosen.assumed.join()).not.toMatch(/PAGES/);
    expect(arm64.for({ release: "6.12" }).assumed.filter((sentence) => sentence.includes("PAGES"))).toEqual([
      "CONFIG_ARM64_16K_PAGES=n (not given)",
      "CONFIG_ARM64_64K_PAGES=n (not given)",
    ]);
  });

  // SWP_PFN_BITS as measured: 34 and 40 on x86_64, 36, 34, 32 on arm64 by page size, 36 with 64K and 52 bits, 40 with lpa2.
  it("the PFN width follows from page size, physical addresses and CPU", () => {
    const bits = (config: object, cpu: string[] = []): number =>
      arm64.for({ release: "6.12", config: untyped(config), cpu }).kernel.pfnBits;
    expect(bits({})).toBe(36);
    expect(bits({ CONFIG_ARM64_16K_PAGES: "y" })).toBe(34);
    expect(bits({ CONFIG_ARM64_64K_PAGES: "y" })).toBe(32);
    expect(bits({ CONFIG_ARM64_64K_PAGES: "y", CONFIG_ARM64_PA_BITS: 52 })).toBe(36);
    expect(bits({}, ["lpa2"])).toBe(40);
    expect(bits({ CONFIG_ARM64_64K_PAGES: "y" }, ["lpa2"])).toBe(32);
    expect(x86.for({ release: "6.12" }).kernel.pfnBits).toBe(34);
    expect(x86.for({ release: "6.12", cpu: "la57" }).kernel.pfnBits).toBe(40);
    expect(x86.for({ release: "6.12", cpu: ["la57", "la57"] }).kernel.pfnBits).toBe(40);
    expect(x86.for({ release: "4.11", cpu: ["la57"] }).kernel.pfnBits).toBe(34);
    expect(arm.for({ release: "6.12" }).kernel.pfnBits).toBe(20);
    expect(arm.for({ release: "6.12", config: { CONFIG_ARM_LPAE: "y" } }).kernel.pfnBits).toBe(26);
  });

  // swap_migration_ad_supported as measured.
  it("young and dirty are kept where the offset has room above the PFN, from 6.1 on", () => {
    expect(arm.for({ release: "5.10" }).kernel.migrationAd).toBe(null);
    expect(arm.for({ release: "6.1" }).kernel.migrationAd).toBe(true);
    expect(arm.for({ release: "6.12", config: { CONFIG_ARM_LPAE: "y" } }).kernel.migrationAd).toBe(false);
    expect(x86.for({ release: "6.12" }).kernel.migrationAd).toBe(true);
  });

  it("SWP_TYPE_SHIFT is 57 and 25 until 4.19, 58 and 26 from 4.20", () => {
    expect(x86.for({ release: "4.19.300" }).kernel.swpTypeShift).toBe(57);
    expect(x86.for({ release: "4.20" }).kernel.swpTypeShift).toBe(58);
    expect(arm.for({ release: "4.19" }).kernel.swpTypeShift).toBe(25);
    expect(arm.for({ release: "4.20-rc1" }).kernel.swpTypeShift).toBe(26);
    const lpae = { CONFIG_ARM_LPAE: "y" } as const;
    expect(arm.for({ release: "6.12", config: lpae }).kernel.swpTypeShift).toBe(26);
  });

  it("a distribution's string selects its settings, and what the target states wins", () => {
    expect(x86.for({ release: "6.1.0-50-amd64" }).types.maxSwapfiles).toBe(26);
    expect(x86.for({ release: "6.12.0-50-amd64" }).types.maxSwapfiles).toBe(27);
    expect(x86.for({ release: "7.2.13+deb14-amd64" }).types.maxSwapfiles).toBe(24);
    expect(x86.for({ release: "6.1.0-50-amd64" }).assumed.join()).not.toContain("DEVICE_PRIVATE");
    const stated = x86.for({ release: "6.1.0-50-amd64", config: { CONFIG_DEVICE_PRIVATE: "y" } });
    expect(stated.types.maxSwapfiles).toBe(22);
    expect(
      x86.for({ release: "6.1.0-50-amd64", config: "CONFIG_DEVICE_PRIVATE=y\n" }).types.maxSwapfiles,
    ).toBe(27);
  });

  it("assumed names each default that changes an answer, and no other", () => {
    // x86_64 4.8 has neither uffd-wp nor a marker; la57 came in 4.12; MIGRATION and MEMORY_FAILURE number the types.
    expect(x86.for({ release: "4.8" }).assumed).toEqual([
      "CONFIG_MIGRATION=y (not given)",
      "CONFIG_MEMORY_FAILURE=y (not given)",
      "without the backport l1tf (not given)",
    ]);
    const all = { CONFIG_MIGRATION: "y", CONFIG_MEMORY_FAILURE: "y", CONFIG_DEVICE_PRIVATE: "n" } as const;
    const stated = { ...all, CONFIG_HAVE_ARCH_USERFAULTFD_WP: "y" } as const;
    expect(x86.for({ release: "6.12", config: stated, cpu: "la57" }).assumed).toEqual([]);
  });

  it("a note, not an assumption, says that a kernel which never arms uffd-wp writes no such marker", () => {
    const sentence = /never arms uffd-wp/;
    const never = arm.for({ release: "6.12" });
    expect(never.notes.join()).toMatch(sentence);
    expect(never.assumed.join()).not.toMatch(sentence);
    expect(arm64.for({ release: "6.12" }).notes).toEqual([]);
    expect(arm.for({ release: "5.10" }).notes).toEqual([]);
  });

  it("a tree between releases is its base release, and assumed says so, for every word", () => {
    const backend = arm64.for({ release: "5.18.0-rc1-next-20220411" });
    expect(backend.layout.id).toBe("arm64 4.0");
    const sentence = "5.18.0-rc1-next-20220411 is taken to be its base release 5.18.0";
    expect(backend.assumed[0]).toBe(sentence);
    expect(doubts(backend, 0n)).toEqual([sentence]);
  });

  it("decode names only the defaults that change the answer for its word", () => {
    const assumed = (pte: bigint): string[] => doubts(x86.for({ release: "6.12" }), pte);
    expect(assumed(0n)).toEqual([]);
    expect(assumed(0x25n)).toEqual([]);
    // Type 0: a swap file under every configuration. Bit 2 is uffd-wp only with its symbol.
    expect(assumed(0x07ff_ffff_fff0_0000n)).toEqual([]);
    expect(assumed(0x07ff_ffff_fff0_0004n)).toEqual(["CONFIG_HAVE_ARCH_USERFAULTFD_WP=y (not given)"]);
    // The marker is type 31 whatever is configured, from 6.2 on.
    expect(assumed(0xffff_ffff_ffff_fc00n)).toEqual([]);
    // Type 26 is migration-write; each of the symbols above it in the numbering would move it, and la57 its PFN.
    expect(assumed(0xd7ff_ffff_ffdb_9600n)).toContain("CONFIG_DEVICE_PRIVATE=y (not given)");
    expect(assumed(0xd7ff_ffff_ffdb_9600n)).not.toContain("CONFIG_HAVE_ARCH_USERFAULTFD_WP=y (not given)");
    expect(doubts(arm.for({ release: "6.12" }), 0x12340cn)).toEqual([]);
    expect(doubts(arm.for({ release: "6.12" }), 2n)).toEqual(["CONFIG_ARM_LPAE=n (not given)"]);
  });

  it("what cannot be selected is refused by name", () => {
    const target = (more: object) => () => x86.for(untyped({ release: "6.12", ...more }));
    expect(refusal(target({ cpu: "lpa2" }))).toBe("UNKNOWN_CPU: x86_64 knows la57 as cpu, not lpa2");
    expect(refusal(target({ cpu: ["la57", "sun4v"] }))).toMatch(/^UNKNOWN_CPU: .* not sun4v$/);
    expect(refusal(target({ cpu: null }))).toMatch(/^UNKNOWN_CPU: .* not null$/);
    expect(refusal(target({ cpu: 57 }))).toMatch(/^UNKNOWN_CPU: .* not 57$/);
    expect(refusal(target({ backports: ["spectre"] }))).toBe(
      "UNKNOWN_BACKPORT: x86_64 knows l1tf as backports, not spectre",
    );
    expect(refusal(target({ backports: 1 }))).toMatch(/^UNKNOWN_BACKPORT: /);
    expect(refusal(() => arm.for({ release: "6.12", backports: ["l1tf"] }))).toMatch(
      /^UNKNOWN_BACKPORT: arm knows nothing as backports, not l1tf$/,
    );
    expect(refusal(target({ kernel: "6.12" }))).toBe(
      "UNKNOWN_OPTION: a target has release, config, cpu and backports, not kernel",
    );
    expect(refusal(() => x86.for({ release: "4.7.10" }))).toBe(
      "NO_LAYOUT: x86_64 goes back to 4.8; 4.7.10 is older",
    );
    for (const value of ["6.12", null, undefined, 6.12]) {
      expect(refusal(() => x86.for(untyped(value)))).toMatch(/^UNKNOWN_OPTION: a target is an object/);
    }
    expect(refusal(() => x86.for(untyped({})))).toMatch(/^UNKNOWN_RELEASE: undefined is not/);
  });

  it("a configuration that no layout has is refused", () => {
    const only = defineArch({ ...armData, layouts: armData.layouts.slice(1, 2) });
    expect(refusal(() => only.for({ release: "6.12" }))).toBe(
      "NO_LAYOUT: arm has no layout for this configuration and CPU",
    );
  });

  it("every layout is selected by the target that names it", () => {
    for (const arch of [arm, arm64, x86]) {
      for (const layout of arch.layouts) {
        for (const others of ["on", "off"] as const) {
          const backend = arch.for(targetOfLayout(arch, layout, others));
          expect(backend.layout.id).toBe(layout.id);
        }
      }
    }
  });

  it("the head of a file states its whole configuration, and five levels mean la57", () => {
    const head = { release: "6.1.0-50-amd64", config: { CONFIG_MIGRATION: "y" }, levels: 5 };
    const backend = x86.for(targetOfHead(x86, head));
    expect(backend.kernel.pfnBits).toBe(40);
    expect(backend.types.maxSwapfiles).toBe(28);
    expect(x86.for(targetOfHead(x86, { ...head, levels: 4 })).kernel.pfnBits).toBe(34);
    expect(x86.for(targetOfHead(x86, { ...head, levels: 4, cpu: "la57" })).kernel.pfnBits).toBe(40);
  });

  it("select gives the parts that a backend is made of", () => {
    const parts = select(arm, { release: "6.12" });
    expect(parts.layout.id).toBe("arm 6.3");
    expect(parts.assumptions.map(({ sentence }) => sentence)).toContain("CONFIG_ARM_LPAE=n (not given)");
  });
});

describe("frozen data", () => {
  const isDeepFrozen = (value: unknown): boolean =>
    typeof value !== "object" ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(isDeepFrozen));

  it("an architecture and what a backend shows of it cannot be changed", () => {
    const { for: _for, ...data } = x86;
    expect(Object.values(data).filter((part) => !isDeepFrozen(part))).toEqual([]);
    expect(Object.isFrozen(x86)).toBe(true);
    const { layout, types, kernel, present } = x86.for({ release: "6.12" });
    expect([layout, types, kernel, present].map(isDeepFrozen)).toEqual([true, true, true, true]);
    expect(Object.isFrozen(x86.for({ release: "6.12" }))).toBe(true);
  });

  it("parts of an object that its author froze are frozen too", () => {
    const row = { shift: 12 };
    defineArch({ ...armData, pageShift: Object.freeze([row]) });
    expect(Object.isFrozen(row)).toBe(true);
  });
});
