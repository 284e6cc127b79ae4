import type { ArchData, Layout } from "@ptekit/core";
import {
  defineArch,
  newestFirst,
  onlyWith,
  softDirty,
  spare,
  swpOffset,
  targetOfHead,
  targetOfLayout,
  targetsAt,
} from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { arm, arm63, arm64, armData, CITATION, refusal, x86 } from "./fixture.ts";

const cited = { citation: CITATION };
const layoutOf = (arch: typeof arm, id: string): Layout =>
  arch.layouts.find((layout) => layout.id === id) ?? expect.unreachable(id);

describe("the target of a layout", () => {
  it("states every symbol: what the layout needs, and the rest on or off", () => {
    expect(targetOfLayout(arm, layoutOf(arm, "arm 6.3"))).toEqual({
      release: "6.3",
      config: { CONFIG_ARM_LPAE: "n", CONFIG_MIGRATION: "y", CONFIG_CPU_BIG_ENDIAN: "n" },
      cpu: [],
    });
    expect(targetOfLayout(arm, layoutOf(arm, "arm 6.3"), "off").config).toMatchObject({
      CONFIG_MIGRATION: "n",
    });
    expect(targetOfLayout(arm, layoutOf(arm, "arm 6.3 LPAE"), "off", "6.12")).toEqual({
      release: "6.12",
      config: { CONFIG_ARM_LPAE: "y", CONFIG_MIGRATION: "n", CONFIG_CPU_BIG_ENDIAN: "n" },
      cpu: [],
    });
  });

  it("has off what the release does not have yet, or no longer", () => {
    const at = (release: string) => targetOfLayout(x86, layoutOf(x86, "x86_64 4.8"), "on", release).config;
    expect(at("4.13")).toMatchObject({ CONFIG_DEVICE_PRIVATE: "n", CONFIG_HAVE_ARCH_USERFAULTFD_WP: "n" });
    expect(at("4.14")).toMatchObject({ CONFIG_DEVICE_PRIVATE: "y", CONFIG_HAVE_ARCH_USERFAULTFD_WP: "n" });
    expect(at("6.1")).toMatchObject({ CONFIG_PTE_MARKER: "y" });
    expect(at("6.2")).toMatchObject({ CONFIG_PTE_MARKER: "n", CONFIG_HAVE_ARCH_USERFAULTFD_WP: "y" });
  });

  it("takes of each choice what the layout needs, or else the default, even with the rest off", () => {
    const { for: _for, ...data } = arm64;
    const pages = (config: object) =>
      Object.entries(config)
        .filter(([name]) => /PAGES|PA_BITS/.test(name))
        .map((pair) => pair.join("="));
    const plain = targetOfLayout(arm64, layoutOf(arm64, "arm64 6.10"), "off").config as object;
    expect(pages(plain)).toEqual([
      "CONFIG_ARM64_4K_PAGES=y",
      "CONFIG_ARM64_16K_PAGES=n",
      "CONFIG_ARM64_64K_PAGES=n",
      "CONFIG_ARM64_PA_BITS=48",
    ]);
    const other = { ...layoutOf(arm64, "arm64 6.10"), when: ["CONFIG_MIGRATION"] };
    expect(pages(targetOfLayout(arm64, other).config as object)).toEqual(pages(plain));
    const when = ["CONFIG_ARM64_64K_PAGES", "CONFIG_ARM64_PA_BITS=52"];
    const large = { ...layoutOf(arm64, "arm64 6.10"), id: "arm64 6.10 64K", when };
    const arch = defineArch({ ...data, layouts: [large, ...data.layouts] });
    const target = targetOfLayout(arch, layoutOf(arch, "arm64 6.10 64K"));
    expect(pages(target.config as object)).toEqual([
      "CONFIG_ARM64_4K_PAGES=n",
      "CONFIG_ARM64_16K_PAGES=n",
      "CONFIG_ARM64_64K_PAGES=y",
      "CONFIG_ARM64_PA_BITS=52",
    ]);
    expect(arch.for(target).layout.id).toBe("arm64 6.10 64K");
  });

  const fast: ArchData = {
    ...armData,
    layouts: [
      {
        ...arm63,
        id: "arm 6.3 wide",
        when: ["!CONFIG_ARM_LPAE", "wide"],
        fields: [swpOffset(31, 9), onlyWith(softDirty(8), "fast"), ...arm63.fields.slice(1)],
        pmd: {
          when: [],
          fields: [onlyWith(spare(31, 31), "huge"), swpOffset(30, 8), ...arm63.fields.slice(1)],
          present: arm63.present,
          ...cited,
        },
      },
      arm63,
    ],
    symbols: [
      ...armData.symbols,
      { name: "CONFIG_DEVICE_PRIVATE", default: "y", when: ["CONFIG_MIGRATION"], ...cited },
      { name: "CONFIG_BITS", default: 5, when: ["CONFIG_MIGRATION"], ...cited },
    ],
    cpus: ["fast", "huge", "wide", "other"].map((name) => ({ name, ...cited })),
  };

  it("names the CPU features that the layout needs, and with the rest on those of its rows and its PMD's", () => {
    const arch = defineArch(fast);
    const [wide] = arch.layouts as [Layout];
    expect(targetOfLayout(arch, wide, "on").cpu).toEqual(["fast", "huge", "wide"]);
    expect(targetOfLayout(arch, wide, "off").cpu).toEqual(["wide"]);
  });

  it("has off a symbol whose own conditions fail, unless the layout needs it", () => {
    const needs = (when: string[]) =>
      targetOfLayout(defineArch(fast), { ...arm63, when }).config as Record<string, string>;
    expect(needs([])).toMatchObject({ CONFIG_MIGRATION: "y", CONFIG_DEVICE_PRIVATE: "y" });
    expect(needs(["!CONFIG_MIGRATION"])).toMatchObject({ CONFIG_MIGRATION: "n", CONFIG_DEVICE_PRIVATE: "n" });
    expect(needs(["!CONFIG_MIGRATION"])).toMatchObject({ CONFIG_BITS: 5 });
    expect(needs(["!CONFIG_MIGRATION", "CONFIG_DEVICE_PRIVATE"])).toMatchObject({
      CONFIG_DEVICE_PRIVATE: "y",
    });
  });
});

describe("the targets at a release", () => {
  const ids = (arch: typeof arm, release: string) =>
    targetsAt(arch, release).map((target) => arch.for(target).layout.id);

  it("select each layout that some configuration has then, once", () => {
    expect(ids(arm, "6.12")).toEqual(["arm 6.3", "arm 6.3 LPAE"]);
    expect(ids(arm, "6.2")).toEqual(["arm 4.0"]);
    expect(ids(arm64, "5.19")).toEqual(["arm64 5.19"]);
    expect(ids(arm, "3.9")).toEqual([]);
    expect(targetsAt(arm, "6.12").map(({ release }) => release)).toEqual(["6.12", "6.12"]);
  });

  it("of a release that is none are refused", () => {
    expect(refusal(() => targetsAt(arm, "six"))).toMatch(/^UNKNOWN_RELEASE/);
  });
});

describe("the target of a file's head", () => {
  it("has its configuration as text, and the CPU features that it names and those that its levels tell", () => {
    const head = { release: "6.1", config: { CONFIG_A: "y", CONFIG_B: "52" } };
    expect(targetOfHead(x86, head)).toEqual({ release: "6.1", config: "CONFIG_A=y\nCONFIG_B=52\n", cpu: [] });
    expect(targetOfHead(x86, { ...head, levels: 5 }).cpu).toEqual(["la57"]);
    expect(targetOfHead(x86, { ...head, levels: 4, cpu: ["a", "b"] }).cpu).toEqual(["a", "b"]);
    expect(targetOfHead(arm, { ...head, levels: 5, cpu: "a" }).cpu).toEqual(["a"]);
    // lpa2 says nothing of levels.
    expect(targetOfHead(arm64, head).cpu).toEqual([]);
  });
});

describe("CPU features of one choice, as sun4u and sun4v", () => {
  const layout = (name: string): Layout => ({ ...arm63, id: `arm 6.3 ${name}`, when: [name] });
  const sparc = defineArch({
    ...armData,
    layouts: [layout("sun4v"), layout("sun4u")],
    symbols: [{ name: "CONFIG_MIGRATION", default: "y", ...cited }],
    physBits: [{ bits: 32 }],
    byteOrder: [{ order: "big" }],
    cpus: [
      { name: "sun4u", choice: "mmu", default: true, ...cited },
      { name: "sun4v", choice: "mmu", ...cited },
      { name: "adi", since: "6.6", ...cited },
    ],
  });

  it("the default holds where the target names none of them", () => {
    expect(sparc.for({ release: "6.12" }).layout.id).toBe("arm 6.3 sun4u");
    expect(sparc.for({ release: "6.12", cpu: "adi" }).layout.id).toBe("arm 6.3 sun4u");
    expect(sparc.for({ release: "6.12", cpu: "sun4u" }).layout.id).toBe("arm 6.3 sun4u");
    expect(sparc.for({ release: "6.12", cpu: ["sun4v", "adi"] }).layout.id).toBe("arm 6.3 sun4v");
  });

  it("what was not named is assumed, and nothing is once one is named", () => {
    const assumed = (cpu: string[]) =>
      sparc.for({ release: "6.12", cpu }).assumed.filter((sentence) => sentence.startsWith("cpu"));
    expect(assumed([])).toEqual(["cpu without sun4v (not given)"]);
    expect(assumed(["sun4u"])).toEqual([]);
    expect(assumed(["sun4v"])).toEqual([]);
  });

  it("a feature that the release does not have yet is not there", () => {
    const since = defineArch({
      ...armData,
      layouts: [
        { ...layout("adi"), when: ["adi"] },
        { ...arm63, when: ["!adi"] },
      ],
      physBits: [{ bits: 32 }],
      cpus: [{ name: "adi", since: "6.6", ...cited }],
    });
    expect(since.for({ release: "6.5", cpu: "adi" }).layout.id).toBe("arm 6.3");
    expect(since.for({ release: "6.6", cpu: "adi" }).layout.id).toBe("arm 6.3 adi");
  });
});

describe("rows that are missing or do not fit", () => {
  const bare = { ...armData, layouts: [{ ...arm63, when: [] }], symbols: [], pageShift: [], byteOrder: [] };

  it("leave pages of 4K, the width of a long as physical address, and little endian", () => {
    const { kernel } = defineArch({ ...bare, physBits: [] }).for({ release: "6.12" });
    // 32 - 12 bits of PFN.
    expect(kernel).toMatchObject({ pageShift: 12, physBits: 32, pfnBits: 20, byteOrder: "little" });
    expect(kernel).toMatchObject({ archMaxPages: null, typeCheck: null });
  });

  it("hold from their release on, and the first that fits decides", () => {
    const arch = defineArch({
      ...bare,
      physBits: [{ bits: 36, since: "6.6" }, { bits: 34 }],
      typeChecks: [{ since: "6.6", ...cited }],
      maxSwapfilePages: [{ pages: 8n, since: "6.6" }],
    });
    const { kernel: old } = arch.for({ release: "6.5" });
    expect(old).toMatchObject({ physBits: 34, pfnBits: 22, typeCheck: null, archMaxPages: null });
    const { kernel } = arch.for({ release: "6.6" });
    expect(kernel).toMatchObject({ physBits: 36, pfnBits: 24, typeCheck: CITATION, archMaxPages: 8n });
  });

  it("a layout's own byte order goes before the machine's", () => {
    const arch = defineArch({ ...bare, physBits: [], layouts: [{ ...arm63, when: [], byteOrder: "big" }] });
    expect([...arch.for({ release: "6.12" }).toBytes(0x1084n)]).toEqual([0, 0, 0x10, 0x84]);
  });
});

it("newestFirst puts newer rows first and leaves rows of one release as they stood", () => {
  const rows = [
    { since: "4.19", name: "a" },
    { since: "6.3", name: "b" },
    { since: "6.12", name: "c" },
    { since: "4.19", name: "d" },
    { since: "2.6.29", name: "e" },
  ];
  expect(newestFirst(rows).map(({ name }) => name)).toEqual(["c", "b", "a", "d", "e"]);
  expect(rows.map(({ name }) => name)).toEqual(["a", "b", "c", "d", "e"]);
});
