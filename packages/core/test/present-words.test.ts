// Present PTEs, on the layout of x86_64 6.1 and rows of the dump of a running kernel (packages/arch/x86_64/live).
import type { ArchData, PresentLayout } from "@ptekit/core";
import {
  accessOf,
  changePresent,
  defineArch,
  encodePresent,
  equals,
  free,
  hasPresentUffdWp,
  mmu,
  PAGE_ACCESSES,
  pfn,
  presentRulerRows,
  presentSoftDirty,
  presentUffdWp,
  ruler,
  software,
} from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { arm, arm64, CITATION, modified, refusal, untyped, x86 } from "./fixture.ts";

const WP = "CONFIG_HAVE_ARCH_USERFAULTFD_WP";
const x86Present: PresentLayout = {
  since: "4.19",
  fields: [
    mmu(63, 63, "_PAGE_NX"),
    mmu(62, 59, "_PAGE_PKEY"),
    software(58, "_PAGE_DEVMAP"),
    free(57, 52),
    pfn(51, 12),
    presentSoftDirty(11, "_PAGE_SOFT_DIRTY"),
    presentUffdWp(10, "_PAGE_UFFD_WP", WP),
    software(9, "_PAGE_SPECIAL"),
    mmu(8, 0, "x"),
  ],
  ...modified,
  invertedWhere: equals(1n, 0n),
  user: {
    read: 0x8000_0000_0000_0025n,
    write: 0x8000_0000_0000_0067n,
    protected: 0x8000_0000_0000_0065n,
    clean: 0x8000_0000_0000_0027n,
    none: 0x160n,
    noneRead: 0x120n,
    huge: 0x80n,
    citation: CITATION,
  },
  citation: CITATION,
};

/** x86_64 with some of the present layout changed. */
const changed = (present: Partial<PresentLayout>, more: Partial<ArchData> = {}) => {
  const { for: _for, ...data } = x86;
  return defineArch({ ...data, present: [{ ...x86Present, ...present }], ...more }).for({ release: "6.1" });
};

const backend = changed({});

describe("a page of user space", () => {
  it("is the word of the dump", () => {
    // vma:/init, and protnone: the PFN is stored as its bitwise NOT where _PAGE_PRESENT is clear.
    expect(encodePresent(backend, { pfn: 0x820dn, access: "read" })).toBe(0x8000_0000_0820_d025n);
    expect(encodePresent(backend, { pfn: 0x8b17n, access: "none" })).toBe(0x000f_ffff_f74e_8160n);
    expect(backend.decode(0x000f_ffff_f74e_8160n)).toMatchObject({ kind: "present", pfn: 0x8b17n });
  });

  it("has each access by its bits, and each flag by its own", () => {
    expect(encodePresent(backend, { pfn: 1n, access: "write" })).toBe(0x8000_0000_0000_1067n);
    expect(encodePresent(backend, { pfn: 1n, access: "protected", uffdWp: true })).toBe(
      0x8000_0000_0000_1465n,
    );
    expect(encodePresent(backend, { pfn: 1n, access: "write", softDirty: true })).toBe(
      0x8000_0000_0000_1867n,
    );
    expect(encodePresent(backend, { pfn: 1n, access: "write", softDirty: false, uffdWp: false })).toBe(
      0x8000_0000_0000_1067n,
    );
    expect(encodePresent(backend, { pfn: 0n, access: "noneRead" })).toBe(0x000f_ffff_ffff_f120n);
  });

  it("has _PAGE_PSE one level up, where that is described", () => {
    expect(encodePresent(backend, { pfn: 0x200n, access: "read", huge: true })).toBe(0x8000_0000_0020_00a5n);
    expect(encodePresent(backend, { pfn: 0x200n, access: "read", huge: false })).toBe(0x8000_0000_0020_0025n);
    const { huge: _huge, ...user } = x86Present.user as NonNullable<PresentLayout["user"]>;
    const without = changed({ user });
    expect(encodePresent(without, { pfn: 0x200n, access: "read" })).toBe(0x8000_0000_0020_0025n);
    expect(refusal(() => encodePresent(without, { pfn: 1n, access: "read", huge: true }))).toBe(
      "NO_PRESENT_LAYOUT: x86_64 5.19: huge pages are not described",
    );
  });

  it("tells its access, whatever its other bits are", () => {
    for (const access of PAGE_ACCESSES) {
      const pte = encodePresent(backend, { pfn: 0x1234n, access, softDirty: true, uffdWp: true });
      expect(accessOf(backend, pte)).toBe(access);
      expect(accessOf(backend, pte | 0x200n)).toBe(access);
    }
    // Writable, but not for the user.
    expect(accessOf(backend, 0x8000_0000_0000_1063n)).toBeUndefined();
  });
});

describe("a changed PTE", () => {
  it("keeps every bit that is not changed", () => {
    const pte = 0x8000_0000_0983_f225n;
    expect(changePresent(backend, pte, {})).toBe(pte);
    expect(changePresent(backend, pte, { access: "write" })).toBe(0x8000_0000_0983_f267n);
    expect(changePresent(backend, pte, { pfn: 1n })).toBe(0x8000_0000_0000_1225n);
    expect(changePresent(backend, pte, { uffdWp: true })).toBe(0x8000_0000_0983_f625n);
  });

  it("loses a flag that is set to false, and keeps one that is not named", () => {
    const both = 0x8000_0000_0983_fc25n;
    expect(changePresent(backend, both, { uffdWp: false })).toBe(0x8000_0000_0983_f825n);
    expect(changePresent(backend, both, { softDirty: false })).toBe(0x8000_0000_0983_f425n);
    expect(changePresent(backend, both, { softDirty: true })).toBe(both);
  });

  it("keeps its page under PROT_NONE and back", () => {
    const none = changePresent(backend, 0x8000_0000_0983_f025n, { access: "none" });
    // 0xff_ffff_ffff less 0x983f.
    expect(none).toBe(0x000f_ffff_f67c_0160n);
    expect(changePresent(backend, none, { access: "protected" })).toBe(0x8000_0000_0983_f065n);
  });

  it("holds a split PFN: with 64K pages arm64 has address bits 51:48 in 15:12", () => {
    const config = { CONFIG_ARM64_64K_PAGES: "y", CONFIG_ARM64_PA_BITS: 52 } as const;
    const arm6464k = arm64.for({ release: "6.12", config });
    expect(changePresent(arm6464k, 1n, { pfn: 0xf_0000_1234n })).toBe(0x1234_f001n);
    expect(changePresent(arm6464k, 0x1234_f001n, { pfn: 2n })).toBe(0x2_0001n);
    expect(refusal(() => changePresent(arm6464k, 1n, { pfn: 1n << 36n }))).toBe(
      "PFN_TOO_WIDE: arm64 6.10: pfn 0x0000001000000000 needs 37 bits, present PTEs hold 36",
    );
  });
});

describe("what is refused", () => {
  const refusals: [sentence: string, act: () => unknown][] = [
    [
      "PFN_TOO_WIDE: x86_64 5.19: pfn 0x0000010000000000 needs 41 bits, present PTEs hold 40",
      () => encodePresent(backend, { pfn: 1n << 40n, access: "none" }),
    ],
    [
      "BAD_ARGUMENT: x86_64 5.19: a pfn is a bigint from 0 on, not -1",
      () => encodePresent(backend, { pfn: -1n, access: "read" }),
    ],
    [
      "BAD_ARGUMENT: x86_64 5.19: a pfn is a bigint from 0 on, not 5",
      () => encodePresent(backend, { pfn: untyped(5), access: "read" }),
    ],
    [
      "NO_SUCH_FLAG: x86_64 5.19: present PTEs have no uffdWp bit",
      () =>
        changePresent(changed({ fields: [mmu(63, 52, "x"), pfn(51, 12), mmu(11, 0, "x")] }), 1n, {
          uffdWp: true,
        }),
    ],
    [
      "NO_PRESENT_LAYOUT: arm 6.3: present PTEs are not described",
      () => changePresent(arm.for({ release: "6.12" }), 3n, { uffdWp: true }),
    ],
    [
      "NO_PRESENT_LAYOUT: x86_64 5.19: how the kernel maps a page of user space is not described",
      () => encodePresent(x86.for({ release: "6.1" }), { pfn: 1n, access: "read" }),
    ],
  ];
  it.each(refusals)("%s", (sentence, act) => expect(refusal(act)).toBe(sentence));

  it("a flag that is not there can be set to false", () => {
    expect(changePresent(x86.for({ release: "6.1" }), 0x1025n, { uffdWp: false })).toBe(0x1025n);
  });
});

describe("what is not described", () => {
  it("tells no access", () => {
    expect(accessOf(arm.for({ release: "6.12" }), 3n)).toBeUndefined();
    expect(accessOf(x86.for({ release: "6.1" }), 0x1025n)).toBeUndefined();
  });

  it("has no uffd-wp bit: neither where present PTEs are unknown, nor where they have none, nor without its symbol", () => {
    expect(hasPresentUffdWp(backend)).toBe(true);
    expect(hasPresentUffdWp(arm.for({ release: "6.12" }))).toBe(false);
    expect(hasPresentUffdWp(x86.for({ release: "6.1" }))).toBe(false);
    const { for: _for, ...data } = x86;
    const off = defineArch({ ...data, present: [x86Present] }).for({ release: "6.1", config: { [WP]: "n" } });
    expect(hasPresentUffdWp(off)).toBe(false);
    expect(off.present?.fields.find((row) => row.high === 10)).toEqual({
      kind: "free",
      high: 10,
      low: 10,
      from: 0,
      when: [],
      name: `_PAGE_UFFD_WP needs ${WP}`,
    });
  });
});

describe("the rows of a present PTE", () => {
  it("say what the author wrote, and the rest is empty", () => {
    expect(software(9, "_PAGE_SPECIAL", "CONFIG_X")).toEqual({
      kind: "software",
      high: 9,
      low: 9,
      from: 0,
      name: "_PAGE_SPECIAL",
      when: ["CONFIG_X"],
    });
    expect(pfn(15, 12, 32)).toEqual({ kind: "pfn", high: 15, low: 12, from: 32, name: "pfn", when: [] });
    expect(presentSoftDirty(11, "S", "CONFIG_MEM_SOFT_DIRTY").when).toEqual(["CONFIG_MEM_SOFT_DIRTY"]);
    expect(mmu(8, 0, "x")).toEqual({ kind: "hardware", high: 8, low: 0, from: 0, name: "x", when: [] });
    expect(free(57, 52)).toEqual({ kind: "free", high: 57, low: 52, from: 0, name: "", when: [] });
  });

  it("are drawn by letters, and the PFN by name in each of its rows", () => {
    const config = { CONFIG_ARM64_64K_PAGES: "y" } as const;
    const { present } = arm64.for({ release: "6.12", config });
    expect(
      ruler(presentRulerRows(present ?? expect.unreachable()), 64)
        .split("\n")
        .filter((_, i) => i % 4 === 2),
    ).toEqual([
      `X m m m m F ${"m ".repeat(10)}<${"-".repeat(12)} pfn ${"-".repeat(13)}`,
      `-${"-".repeat(12)} pfn ${"-".repeat(12)}> < pfn > ${"m ".repeat(12).trimEnd()}`,
    ]);
    const letters = presentRulerRows(x86Present).map(({ letter }) => letter);
    expect(letters.join("")).toBe("mmsXpSFsm");
  });
});
