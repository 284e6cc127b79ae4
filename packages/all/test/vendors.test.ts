import type { ArchBackend, Target } from "@ptekit/core";
import { hasPresentUffdWp, meaningOf, PtekitError, typeNumber } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { load } from "../src/index.ts";

const at = async (arch: string, release: string, more: Partial<Target> = {}): Promise<ArchBackend> =>
  (await load(arch)).for({ release, ...more });

const refusal = async (act: () => Promise<unknown>): Promise<string> => {
  try {
    await act();
    return "not refused";
  } catch (error) {
    if (error instanceof PtekitError) return `${error.code}: ${error.message}`;
    throw error;
  }
};

const sentences = (backend: ArchBackend): string => backend.assumed.join("\n");

/** What the macros of these kernels answered; F1 to F19 number the findings of a comparison of 69 kernel trees. */
describe("vendors' kernels", () => {
  it.each([
    "4.18.0-80.el8.x86_64",
    "4.18.0-147.5.1.el8_1.x86_64",
    "4.18.0-553.5.1.lve.el8.x86_64",
    "4.18.0-553.el8_10.x86_64",
  ])("F1, F19: %s has L1TF, and that is certain", async (release) => {
    const backend = await at("x86_64", release);
    expect(backend.encode({ type: 0, offset: 0n })).toBe(0x07ff_ffff_ffff_fe00n);
    expect(sentences(backend)).not.toMatch(/l1tf|L1TF/);
  });

  it("F1: i386 under PAE has it too", async () => {
    const pae = await at("i386", "4.18.0-80.el8.i686", { config: { CONFIG_X86_PAE: "y" } });
    expect(pae.encode({ type: 0, offset: 0n })).toBe(0x07ff_ffff_ffff_fe00n);
  });

  it("F2: RHEL 7 has three layouts, none of them mainline's", async () => {
    const before = await at("x86_64", "3.10.0-327.el7.x86_64");
    const moved = await at("x86_64", "3.10.0-693.21.1.el7.x86_64");
    const l1tf = await at("x86_64", "3.10.0-1160.119.1.el7.x86_64");
    expect(before.encode({ type: 1, offset: 1n })).toBe(0x202n);
    expect(moved.encode({ type: 1, offset: 1n })).toBe(0x8200n);
    expect(l1tf.encode({ type: 1, offset: 1n })).toBe(0x0fff_ffff_ffff_fc00n);
    expect(l1tf.encode({ type: 1, offset: 1n, softDirty: true })).toBe(0x0fff_ffff_ffff_fc80n);
    expect([moved, l1tf].map(({ types }) => types.maxSwapfiles)).toEqual([27, 27]);
    const off = { config: { CONFIG_HMM: "n" } } as const;
    expect((await at("x86_64", "3.10.0-1160.el7.x86_64", off)).types.maxSwapfiles).toBe(29);
    const hmm = await at("x86_64", "3.10.0-514.el7.x86_64", { config: { CONFIG_HMM_MIGRATE: "y" } });
    expect(hmm.types.maxSwapfiles).toBe(28);
    expect(hmm.decode(hmm.encode({ type: 31, offset: (5n << 2n) | 1n }))).toMatchObject({
      kind: "device-private",
      pfn: 5n,
    });
  });

  it("F2: --backport l1tf gives RHEL 7's own layout", async () => {
    const named = await at("x86_64", "3.10.0-693.el7.x86_64", { backports: "l1tf" });
    expect(named.layout.id).toBe("x86_64 3.10.0-862.11.6.el7");
  });

  it.each([
    ["4.15.0-213-generic", "x86_64 4.19"],
    ["4.4.0-210-generic", "x86_64 4.4.148"],
    ["4.9.0-19-amd64", "x86_64 4.19"],
    ["4.14.35-1902.303.5.3.el7uek.x86_64", "x86_64 4.19"],
    ["4.12.14-122.37-default", "x86_64 4.19"],
    ["4.15.18", "x86_64 4.19"],
    ["2.6.32-754.6.3.el6.x86_64", "x86_64 2.6.32-754.3.5.el6"],
    ["2.6.32-042stab145.3", "x86_64 2.6.32-754.3.5.el6"],
    ["4.12.14-16.191-azure", "x86_64 4.19"],
    ["4.12.14-lp151.28.91-default", "x86_64 4.19"],
    ["4.4.143-65-default", "x86_64 4.4.148"],
    ["3.12.61-52.141-default", "x86_64 4.19"],
    ["4.14.62-70.117.amzn2.x86_64", "x86_64 4.19"],
    ["4.17.14-202.fc28.x86_64", "x86_64 4.19"],
  ])("F3: %s reads as L1TF, names the doubt, and shows the other reading", async (release, id) => {
    const backend = await at("x86_64", release);
    expect(backend.layout.id).toBe(id);
    expect(sentences(backend)).toMatch(new RegExp(`^${release}: .*(memory|mainline)`, "m"));
    const word = backend.encode({ type: 3, offset: 0x1234n });
    const { assumed } = backend.decode(word);
    const doubt = assumed.find(({ sentence }) => sentence.startsWith(`${release}: `));
    expect(doubt?.otherwise?.layout).not.toBe(id);
    expect(doubt?.otherwise).not.toBeNull();
  });

  it.each([
    ["4.15.0-20-generic", "x86_64 4.14"],
    ["4.9.0-6-amd64", "x86_64 4.8"],
    ["3.10.0-514.el7.x86_64", "x86_64 3.10.0-514.el7"],
    ["4.13.0-45-generic", "x86_64 4.8"],
    ["4.14.62-65.1.amzn2.x86_64", "x86_64 4.14"],
    ["4.12.14-lp150.11-default", "x86_64 4.8"],
    ["4.17.12-200.fc28.x86_64", "x86_64 4.14"],
    ["2.6.32-042stab120.18", "x86_64 2.6.29"],
    ["2.6.32-896.16.1.lve1.4.54.el6.x86_64", "x86_64 2.6.29"],
  ])("F3: %s is older than L1TF", async (release, id) => {
    expect((await at("x86_64", release)).layout.id).toBe(id);
  });

  it.each(["3.10.0-862.14.1.6_42.x86_64", "4.18.0-147.5.1.es8_24.x86_64"])(
    "%s names nobody: it is taken for Red Hat's by its number, which is said, and shown otherwise",
    async (release) => {
      const backend = await at("x86_64", release);
      const said = backend
        .decode(backend.encode({ type: 3, offset: 0x1234n }))
        .assumed.find(({ sentence }) => sentence.includes("by its number"));
      expect(said?.sentence).toMatch(`${release} is taken to be built from Red Hat's `);
      expect(said?.otherwise?.layout).not.toBe(backend.layout.id);
    },
  );

  it("what EulerOS, Virtuozzo and Anolis name is no inference", async () => {
    const releases = ["4.18.0-147.5.1.6.h579.eulerosv2r9.x86_64", "4.18.0-553.5.1.an8.x86_64"];
    for (const release of releases) {
      expect(sentences(await at("x86_64", release))).not.toContain("is taken to be");
    }
  });

  it.each([
    ["5.10.0-136.12.0.86.oe2203sp1.x86_64", 26, 31],
    ["4.19.90-2112.8.0.0131.oe1.x86_64", 26, 31],
    ["6.6.0-28.0.0.34.oe2403.x86_64", 22, 31],
  ])("openEuler's %s takes the last type for userswap", async (release, maxSwapfiles, type) => {
    const backend = await at("x86_64", release);
    expect(backend.types.maxSwapfiles).toBe(maxSwapfiles);
    expect(typeNumber(backend.types, "userswap")).toBe(type);
    expect(meaningOf(backend, backend.decode(backend.encode({ type, offset: 5n })))).toMatch(
      /^userswap: type 31, offset 0x5/,
    );
    expect(sentences(backend)).toMatch(/CONFIG_USERSWAP=y \(not given\)/);
    const off = await at("x86_64", release, { config: { CONFIG_USERSWAP: "n" } });
    expect(off.types.maxSwapfiles).toBe(maxSwapfiles + 1);
  });

  it.each([
    ["4.18.0-553.el8_10.aarch64", 16],
    ["4.14.0-115.el7a.0.1.aarch64", 16],
    ["4.19.90-2112.8.0.0131.oe1.aarch64", 16],
    ["5.14.0-427.13.1.el9_4.aarch64", 12],
    ["5.14.0-427.13.1.el9_4.aarch64+64k", 16],
    ["6.8.0-31-generic-64k", 16],
    ["5.14.21-150500.55.73-64kb", 16],
    ["6.12.25+rpt-rpi-2712", 14],
    ["6.6.31+rpt-rpi-v8", 12],
    ["6.9.7-asahi-16k", 14],
  ])("the flavour of arm64's %s has pages of 2^%i bytes", async (release, shift) => {
    expect((await at("arm64", release)).kernel.pageShift).toBe(shift);
  });

  it("RHEL 7's powerpc has the type one bit up, for _PAGE_NUMA, and PTEs in the machine's byte order", async () => {
    const backend = await at("powerpc", "3.10.0-1160.el7.ppc64le");
    expect(backend.encode({ type: 1, offset: 1n })).toBe(0x4000_0020n);
    expect([backend.decode(0x10n).kind, backend.decode(0x800n).kind]).toEqual(["present", "none"]);
    expect([backend.kernel.byteOrder, backend.kernel.pageShift]).toEqual(["little", 16]);
    const big = await at("powerpc", "3.10.0-1160.el7.ppc64");
    expect(big.kernel.byteOrder).toBe("big");
  });

  it("hash of powerpc 4.7 to 4.11 keeps its bits above the offset, and H_PAGE_BUSY in bit 11", async () => {
    const hash = await at("powerpc", "4.8.15", { cpu: "hash" });
    expect(hash.encode({ type: 1, offset: 1n })).toBe(0x4000_0000_0000_1001n);
    expect(hash.decode(0x3e00_0000_0000_0800n).kind).toBe("none");
  });

  it("mips before 4.7 goes by the second release of the instruction set, later by RIXI", async () => {
    const none = async (release: string, symbol: string): Promise<readonly string[]> => {
      const of = async (value: "y" | "n"): Promise<string> => {
        const config = { CONFIG_64BIT: "n", CONFIG_32BIT: "y", [symbol]: value } as const;
        const backend = await at("mips", release, { config });
        return [0x20n, 0x40n].map((word) => backend.decode(word).kind).join();
      };
      return [await of("n"), await of("y")];
    };
    expect(await none("4.2", "CONFIG_CPU_MIPSR2")).toEqual(["none,swap", "swap,none"]);
    expect(await none("4.20", "CONFIG_CPU_HAS_RIXI")).toEqual(["none,swap", "swap,none"]);
    expect(await none("5.4", "CONFIG_CPU_HAS_RIXI")).toEqual(["swap,none", "swap,none"]);
    expect((await at("mips", "4.2")).layout.id).toBe("mips 4.2 64-bit R2, huge");
  });

  it.each([
    ["x86_64", "4.18.0-80.11.2.el8_0.x86_64", 57],
    ["x86_64", "4.18.0-147.el8.x86_64", 58],
    ["arm64", "4.18.0-348.2.1.el8.aarch64", 58],
    ["s390", "4.18.0-240.el8.s390x", 58],
    ["i386", "4.18.0-348.2.1.el8.i686", 26],
    ["x86_64", "3.4.2", 59],
    ["x86_64", "3.4.4", 57],
    ["x86_64", "3.5", 57],
    ["x86_64", "2.6.32-431.el6.x86_64", 59],
    ["x86_64", "2.6.32-504.el6.x86_64", 57],
    ["i386", "3.2.4", 27],
  ])("F4: SWP_TYPE_SHIFT of %s %s is %i", async (arch, release, shift) => {
    expect((await at(arch, release)).kernel.swpTypeShift).toBe(shift);
  });

  it("F5: RHEL 8 has uffd-wp from build 348 on", async () => {
    const [before, since] = await Promise.all(
      ["4.18.0-305.25.1.el8_4.x86_64", "4.18.0-348.el8.x86_64"].map((release) => at("x86_64", release)),
    );
    expect(before?.decode(0x07ff_ffff_ffff_fc04n)).toMatchObject({ uffdWp: false });
    expect(since?.decode(0x07ff_ffff_ffff_fc04n)).toMatchObject({ uffdWp: true });
    expect([before, since].map((backend) => backend !== undefined && hasPresentUffdWp(backend))).toEqual([
      false,
      true,
    ]);
  });

  it("RHEL 9 took over types, markers and the age of migration entries one after the other", async () => {
    const builds = ["162.23.1", "284.11.1", "362.8.1", "427.13.1", "503.11.1", "570.12.1"];
    const backends = await Promise.all(builds.map((build) => at("x86_64", `5.14.0-${build}.el9.x86_64`)));
    expect(backends.map(({ types }) => types.maxSwapfiles)).toEqual([25, 23, 22, 23, 23, 23]);
    expect(backends.map(({ types }) => types.markers.map(({ name }) => name).join())).toEqual([
      "",
      "uffd-wp",
      "uffd-wp",
      "uffd-wp,swapin-error",
      "uffd-wp,swapin-error",
      "uffd-wp,poisoned",
    ]);
    expect(backends.map(({ kernel }) => kernel.migrationAd)).toEqual([null, null, true, true, true, true]);
    expect(typeNumber((backends[2] as ArchBackend).types, "swapin-error")).toBe(31);
  });
});

describe("releases between", () => {
  const svrsw = { cpu: "svrsw60t59b" } as const;

  it("F6: riscv has the flags of Svrsw60t59b from 6.19 on", async () => {
    expect((await at("riscv", "6.19", svrsw)).decode(0x1018n)).toMatchObject({
      softDirty: true,
      uffdWp: true,
    });
    expect((await at("riscv", "6.18", svrsw)).decode(0x1018n)).toMatchObject({
      softDirty: false,
      uffdWp: false,
    });
  });

  it("F7: pte_present() of riscv before 5.0 reads bit 0 alone", async () => {
    expect((await at("riscv", "4.20")).decode(0x2n).kind).not.toBe("present");
    expect((await at("riscv", "5.0")).decode(0x2n).kind).toBe("present");
  });

  it("F8, F9: s390 has THP migration and device-private entries by 6.17, and had neither in 6.14", async () => {
    const [before, since] = await Promise.all([at("s390", "6.14"), at("s390", "6.17")]);
    expect([before.layout.pmd === undefined, since.layout.pmd === undefined]).toEqual([true, false]);
    expect([before.types.maxSwapfiles, since.types.maxSwapfiles]).toEqual([28, 25]);
  });

  it("F10: pte_none() of 4.4 with L1TF is exact", async () => {
    for (const word of [0x20n, 0x40n, 0x60n]) {
      expect((await at("x86_64", "4.4.155")).decode(word).kind).toBe("swap");
      expect((await at("x86_64", "4.9.154")).decode(word).kind).toBe("none");
    }
  });

  it("F11: __swp_offset() of arc before 4.18 shifts left", async () => {
    expect((await at("arc", "4.17")).decode(0x1n)).toMatchObject({ type: 1, offset: 0x2000n });
    expect((await at("arc", "4.18")).decode(0x1n)).toMatchObject({ type: 1, offset: 0n });
    expect((await at("arc", "4.14.67")).decode(0x1n)).toMatchObject({ type: 1, offset: 0n });
  });

  it("F12: powerpc 85xx has 32-bit PTEs up to 6.19", async () => {
    const config = { CONFIG_PPC_85xx: "y", CONFIG_PTE_64BIT: "n" } as const;
    expect((await at("powerpc", "6.19", { config })).layout.pteBits).toBe(32);
    expect(await refusal(() => at("powerpc", "7.0", { config }))).toMatch(/^NO_LAYOUT: .*7\.0/);
  });

  it("F13: _PAGE_KERNEL_4K of i386 is there by 6.17", async () => {
    const names = async (release: string): Promise<(string | undefined)[]> =>
      ((await at("i386", release)).present?.fields ?? []).map(({ name }) => name);
    expect((await names("6.17")).join()).toContain("_PAGE_KERNEL_4K");
    expect((await names("6.14")).join()).not.toContain("_PAGE_KERNEL_4K");
  });

  it("F14: alpha has CONFIG_SPARSEMEM from 5.11 on", async () => {
    const symbol = (await load("alpha")).symbols.find(({ name }) => name === "CONFIG_SPARSEMEM");
    expect(symbol?.since).toBe("5.11");
  });

  it("F15, F16: nds32 begins with 4.17, csky with 4.20, loongarch's 32-bit header with 6.19", async () => {
    expect((await at("nds32", "4.17")).layout.id).toBe("nds32 4.17");
    expect((await at("csky", "4.20", { config: { CONFIG_CPU_CK610: "y" } })).decode(0x40n).kind).toBe("swap");
    expect((await at("csky", "5.0", { config: { CONFIG_CPU_CK610: "y" } })).decode(0x40n).kind).toBe("none");
    const config = { CONFIG_64BIT: "n", CONFIG_32BIT: "y" } as const;
    expect((await at("loongarch", "6.19", { config })).layout.pteBits).toBe(32);
  });

  it("F17: nios2 6.2 cuts the marker's type, which refuses the marker and writes the kernel's word", async () => {
    const nios2 = await at("nios2", "6.2");
    expect(nios2.encode({ type: 31, offset: 1n }, { overflow: "truncate" })).toBe(0x0c00_0001n);
    expect(await refusal(async () => nios2.specialPte("uffd-wp", { by: "swap-type" }))).toMatch(
      /^TYPE_TOO_WIDE/,
    );
  });

  it("F18: x86_64 has five levels from 4.14 on", async () => {
    const feature = (await load("x86_64")).cpus?.find(({ name }) => name === "la57");
    expect(feature?.since).toBe("4.14");
  });

  it("x86_64 3.16 to 3.19 keep bit 9 for NUMA hinting", async () => {
    const numa = { config: { CONFIG_NUMA_BALANCING: "y" } } as const;
    expect((await at("x86_64", "3.16.0-4-amd64", numa)).encode({ type: 0, offset: 1n })).toBe(0x400n);
    expect((await at("x86_64", "3.15", {})).encode({ type: 0, offset: 1n })).toBe(0x200n);
    expect((await at("x86_64", "4.0", {})).encode({ type: 0, offset: 1n })).toBe(0x200n);
  });
});

describe("a configuration that no kernel has is refused", () => {
  it.each([
    [
      "arm64",
      { CONFIG_ARM64_4K_PAGES: "n" },
      /leaves nothing of its choice \(page size\): say which of .* is y$/,
    ],
    ["arm64", { CONFIG_ARM64_4K_PAGES: "y", CONFIG_ARM64_64K_PAGES: "y" }, /are of one choice \(page size\)/],
    [
      "x86_64",
      "CONFIG_ARM64=y\nCONFIG_MIGRATION=y\n",
      /this \.config is arm64's \(CONFIG_ARM64=y\), not x86_64's/,
    ],
    ["i386", "CONFIG_X86=y\nCONFIG_X86_64=y\n", /this \.config is x86_64's/],
    [
      "sparc",
      { CONFIG_SPARC64: "n", CONFIG_SPARC32: "n" },
      /CONFIG_SPARC64=n leaves nothing of its choice \(width\): say which of CONFIG_SPARC64 or CONFIG_SPARC32 is y$/,
    ],
    [
      "arm64",
      { CONFIG_ARM64_4K_PAGES: "n", CONFIG_ARM64_16K_PAGES: "n", CONFIG_ARM64_64K_PAGES: "n" },
      /nothing/,
    ],
  ] as const)("%s %j", async (arch, config, sentence) => {
    expect(await refusal(() => at(arch, "6.12", { config }))).toMatch(sentence);
  });

  it("where all others of a choice are off, the one that is left is on", async () => {
    const two = { CONFIG_ARM64_4K_PAGES: "n", CONFIG_ARM64_16K_PAGES: "n" } as const;
    expect((await at("arm64", "6.12", { config: two })).kernel.pageShift).toBe(16);
    const one = { CONFIG_SPARC64: "n" } as const;
    expect((await at("sparc", "6.12", { config: one })).layout.pteBits).toBe(32);
    const left = { CONFIG_ANDES_PAGE_SIZE_4KB: "n" } as const;
    expect((await at("nds32", "5.10", { config: left })).kernel.pageShift).toBe(13);
  });

  it("a special case of a choice stands beside it", async () => {
    const config = "CONFIG_MIPS=y\nCONFIG_32BIT=y\nCONFIG_CPU_R3K_TLB=y\n";
    expect((await at("mips", "6.12", { config })).layout.id).toBe("mips 6.3 R3K");
  });
});
