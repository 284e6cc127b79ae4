// Which defaults an answer names. Each kernel here has one thing that another default would change.
import type { ArchData, Layout } from "@ptekit/core";
import {
  createBackend,
  defineArch,
  differs,
  either,
  equals,
  exclusive,
  hex,
  KINDS,
  onlyWith,
  otherwise,
  pfn,
  softDirty,
  spare,
  swpOffset,
  swpType,
  uffdWp,
  zeros,
} from "@ptekit/core";
import { describe, expect, it } from "vitest";
import {
  arm,
  arm63,
  arm64,
  armData,
  armLpae63,
  CITATION,
  doubts,
  loose,
  modified,
  refusal,
  untyped,
  x86,
} from "./fixture.ts";

const cited = { citation: CITATION };
const ALL32 = 0xffff_ffffn;
const P = "pte_present() reads it";
const off = (name: string, more: object = {}) => ({ name, default: "n" as const, ...cited, ...more });
const on = (name: string, more: object = {}) => ({ name, default: "y" as const, ...cited, ...more });

/** arm 6.3 where CONFIG_X changes something. */
const withX = (layouts: readonly Layout[], data: Partial<ArchData> = {}, symbol = off("CONFIG_X")) =>
  defineArch({
    ...armData,
    symbols: [symbol, on("CONFIG_MIGRATION")],
    byteOrder: [{ order: "little" }],
    physBits: [{ bits: 32 }],
    layouts,
    ...data,
  }).for({ release: "6.12", config: { CONFIG_MIGRATION: "y" } });
const plain: Layout = { ...arm63, when: [] };
const twin = (change: Partial<Layout>): readonly Layout[] => [
  { ...plain, id: "arm 6.3 X", when: ["CONFIG_X"], ...change },
  { ...plain, when: ["!CONFIG_X"] },
];
const X = "CONFIG_X=n (not given)";

describe("a default is named for a word that it changes", () => {
  it("in its kind alone: none here, present there", () => {
    const none = (mask: bigint) => equals(mask, 0n);
    const backend = withX([
      { ...plain, id: "arm 6.3 X", when: ["CONFIG_X"], present: differs(3n, 0n) },
      { ...plain, when: ["!CONFIG_X"], none: none(ALL32 & ~2n) },
    ]);
    expect(backend.decode(2n)).toMatchObject({ kind: "none", assumed: [{ sentence: X }] });
    expect(doubts(backend, 0n)).toEqual([]);
    expect(backend.decode(1n)).toMatchObject({ kind: "present", assumed: [] });
  });

  it("in its swp_entry_t", () => {
    const fields = [swpOffset(31, 9), spare(8, 8), ...arm63.fields.slice(1)];
    const backend = withX(twin({ fields }));
    expect(doubts(backend, 0x12340cn)).toEqual([X]);
    expect(doubts(backend, 0xcn)).toEqual([]);
  });

  it("in its type, where the swp_entry_t is the same: 32 bits of it or 64", () => {
    // Bit 2: type 1 with offset 0, or bit 26 of the offset with type 0.
    const wide: Partial<Layout> = {
      pteBits: 64,
      fields: [swpOffset(63, 38), swpType(37, 33), spare(32, 3), swpOffset(2, 2, 26), zeros(1, 0, P)],
      none: equals(0xffff_ffff_ffff_ffffn, 0n),
    };
    expect(withX(twin(wide)).decode(4n)).toMatchObject({
      type: 1,
      swpEntry: 1n << 26n,
      assumed: [{ sentence: X }],
    });
  });

  it.each(["exclusive", "softDirty", "uffdWp"] as const)("in its %s flag", (flag) => {
    const row = { exclusive, softDirty, uffdWp }[flag](7);
    const fields = [swpOffset(31, 8), spare(7, 7), ...arm63.fields.slice(2)];
    const backend = withX([
      { ...plain, id: "arm 6.3 X", when: ["CONFIG_X"], fields: [swpOffset(31, 8), row, ...fields.slice(2)] },
      { ...plain, when: ["!CONFIG_X"], fields },
    ]);
    expect(doubts(backend, 0x12348cn)).toEqual([X]);
    expect(doubts(backend, 0x12340cn)).toEqual([]);
  });

  it.each([exclusive, softDirty, uffdWp])("in a flag that needs it", (flag) => {
    const backend = withX([
      { ...plain, fields: [swpOffset(31, 8), flag(7, "CONFIG_X"), ...arm63.fields.slice(2)] },
    ]);
    expect(backend.spareBits().free).toEqual([7]);
    expect(doubts(backend, 0x12348cn)).toEqual([X]);
  });

  it("in what the entry may be turned into", () => {
    // 6.1: type 24 is migration-read-exclusive; without the marker type it is migration-read.
    const config = {
      CONFIG_MIGRATION: "y",
      CONFIG_MEMORY_FAILURE: "y",
      CONFIG_DEVICE_PRIVATE: "y",
      CONFIG_HAVE_ARCH_USERFAULTFD_WP: "y",
    } as const;
    const backend = x86.for({ release: "6.1", config, cpu: "la57" });
    const word = backend.encode({ type: 24, offset: 5n });
    expect(backend.decode(word)).toMatchObject({
      access: "read-exclusive",
      assumed: [{ sentence: "CONFIG_PTE_MARKER=y (not given)" }],
    });
  });

  it("in its PFN alone", () => {
    // 34 bits of PFN without la57, 40 with it; device-private entries have no age.
    const backend = x86.for({ release: "6.12" });
    const la57 = (offset: bigint) =>
      doubts(backend, backend.encode({ type: 27, offset })).filter((one) => one.startsWith("cpu"));
    expect(la57(1n << 36n)).toEqual(["cpu without la57 (not given)"]);
    expect(la57(1n << 33n)).toEqual([]);
  });

  it.each(["young", "dirty"])(
    "in its %s bit alone: it stands above the PFN, whose width the CPU decides",
    (bit) => {
      const la57 = x86.for({ release: "6.12", cpu: "la57" });
      const word = la57.encodePfn("migration-write", 0x1234n, { [bit]: true });
      const backend = x86.for({ release: "6.12" });
      const { young, dirty, pfn } = loose(backend, word);
      expect([young, dirty, pfn]).toEqual([false, false, 0x1234n]);
      expect(doubts(backend, word)).toContain("cpu without la57 (not given)");
    },
  );

  it("in its age, where a smaller swap file leaves no room for it", () => {
    const maxSwapfilePages = [{ pages: 1n << 21n, when: ["CONFIG_X"] }];
    const backend = withX([plain], { maxSwapfilePages });
    const word = backend.encodePfn("migration-write", 1n);
    expect(backend.decode(word)).toMatchObject({ young: false, assumed: [{ sentence: X }] });
    expect(doubts(backend, 0x12340cn)).toEqual([]);
  });

  it("in a type that is a swap file here and special there", () => {
    const symbols = { symbols: [on("CONFIG_MIGRATION"), off("CONFIG_DEVICE_PRIVATE")] };
    const backend = withX([plain], symbols);
    const assumed = (type: number) => doubts(backend, backend.encode({ type, offset: 1n }));
    expect(backend.types.maxSwapfiles).toBe(28);
    expect(assumed(25)).toEqual(["CONFIG_DEVICE_PRIVATE=n (not given)"]);
    expect(assumed(23)).toEqual([]);
  });

  it("because it is too wide for the other PTE", () => {
    const lpae = { ...armLpae63, when: ["!CONFIG_X"] };
    const backend = withX([{ ...plain, when: ["CONFIG_X"] }, lpae]);
    expect(doubts(backend, 0x12340cn)).toEqual([]);
    expect(doubts(backend, 0x1_0012_340cn)).toEqual([X]);
  });

  it("once for each other answer, however many values a number has", () => {
    const bits = { name: "CONFIG_BITS", default: 1, values: [1, 2, 3], ...cited };
    const of = (value: number, ...rows: Layout["fields"]): Layout => ({
      ...plain,
      id: `arm 6.3 ${value}`,
      when: [`CONFIG_BITS=${value}`],
      fields: [...rows, ...arm63.fields.slice(1)],
    });
    const layouts = [
      of(2, swpOffset(31, 9), spare(8, 8)),
      of(3, swpOffset(31, 10), spare(9, 8)),
      of(1, swpOffset(31, 8)),
    ];
    const backend = withX(layouts, { symbols: [bits, on("CONFIG_MIGRATION")] });
    expect(backend.layout.id).toBe("arm 6.3 1");
    const sentence = "CONFIG_BITS=1 (not given)";
    expect(backend.decode(0x12340cn).assumed).toMatchObject([
      { sentence, otherwise: { offset: 0x91an, layout: "arm 6.3 2" } },
      { sentence, otherwise: { offset: 0x48dn, layout: "arm 6.3 3" } },
    ]);
    expect(backend.assumed).toContain("CONFIG_BITS=1 (not given)");
  });

  it("not at all where nothing was assumed", () => {
    const bare = createBackend({ ...arm.for({ release: "6.12" }), assumptions: [] });
    expect(doubts(bare, 2n)).toEqual([]);
  });
});

describe("a backend assumes", () => {
  const names = (backend: { assumed: readonly string[] }) =>
    backend.assumed.filter((sentence) => sentence.includes("not given"));

  it("a default whose only effect is a row, a name, PMDs, a fact of the kernel or of present PTEs", () => {
    expect(names(withX(twin({})))).toEqual([X]);
    const row = [swpOffset(31, 9), softDirty(8, "CONFIG_X"), ...arm63.fields.slice(1)];
    expect(names(withX([{ ...plain, fields: row }]))).toEqual([X]);
    const pmd = { when: ["CONFIG_X"], present: differs(1n, 0n), ...cited };
    expect(names(withX([{ ...plain, pmd }]))).toEqual([X]);
    expect(names(withX([plain], { physBits: [{ bits: 30, when: ["CONFIG_X"] }, { bits: 32 }] }))).toEqual([
      X,
    ]);
    const present = [{ since: "6.3", when: ["CONFIG_X"], fields: [pfn(31, 0)], ...modified, ...cited }];
    expect(names(withX([plain], { present }))).toEqual([X]);
  });

  it("nothing of a symbol that changes nothing, and nothing of the byte order", () => {
    expect(names(withX([plain]))).toEqual([]);
    const byteOrder = [{ order: "big" as const, when: ["CONFIG_X"] }, { order: "little" as const }];
    expect(names(withX([plain], { byteOrder }))).toEqual([]);
  });

  it("a default without which there is no layout at all", () => {
    const backend = withX([{ ...plain, when: ["!CONFIG_X"] }]);
    expect(names(backend)).toEqual([X]);
    // What such a kernel would say is not known: the sentence goes with every word.
    expect(doubts(backend, 0n)).toEqual([X]);
  });

  it("nothing of a symbol that cannot be set: its conditions fail, or the release does not have it", () => {
    const when = twin({ fields: [swpOffset(31, 9), spare(8, 8), ...arm63.fields.slice(1)] });
    expect(names(withX(when))).toEqual([X]);
    expect(names(withX(when, {}, off("CONFIG_X", { when: ["!CONFIG_MIGRATION"] })))).toEqual([]);
    expect(names(withX(when, {}, off("CONFIG_X", { since: "6.13" })))).toEqual([]);
  });

  it("the other values of a number", () => {
    const config = { CONFIG_ARM64_64K_PAGES: "y" } as const;
    expect(names(arm64.for({ release: "6.12", config }))).toContain("CONFIG_ARM64_PA_BITS=48 (not given)");
    expect(names(arm64.for({ release: "6.12" })).join()).not.toContain("PA_BITS");
    const none = { name: "CONFIG_X", default: 1, ...cited };
    expect(names(withX([plain], {}, none as never))).toEqual([]);
  });

  it("of a choice the other members, and the default in none of its own words", () => {
    const symbols = [
      on("CONFIG_A", { choice: "c" }),
      off("CONFIG_B", { choice: "c" }),
      on("CONFIG_MIGRATION"),
    ];
    const layouts = [
      { ...plain, id: "arm 6.3 B", when: ["CONFIG_B"] },
      { ...plain, when: ["CONFIG_A"] },
    ];
    expect(names(withX(layouts, { symbols }))).toEqual(["CONFIG_B=n (not given)"]);
  });

  it("a choice that the target leaves open, whatever else it states", () => {
    const config = { CONFIG_MIGRATION: "y" } as const;
    expect(names(arm64.for({ release: "6.12", config }))).toContain("CONFIG_ARM64_16K_PAGES=n (not given)");
  });

  it("a feature that matters only beside one that the target names", () => {
    const cpus = ["a", "b"].map((name) => ({ name, ...cited }));
    const layouts = [
      { ...plain, id: "arm 6.3 ab", when: ["a", "b"] },
      { ...plain, when: [] },
    ];
    const data = { ...armData, cpus, layouts, symbols: [on("CONFIG_MIGRATION")], physBits: [{ bits: 32 }] };
    const arch = defineArch({ ...data, byteOrder: [{ order: "little" }] });
    const of = (cpu: string[]) =>
      names(arch.for({ release: "6.12", config: { CONFIG_MIGRATION: "y" }, cpu }));
    expect(of(["a"])).toEqual(["cpu without b (not given)"]);
    expect(of([])).toEqual([]);
    expect(of(["a", "b"])).toEqual([]);
  });
});

describe("uffd-wp", () => {
  const WP = "CONFIG_HAVE_ARCH_USERFAULTFD_WP";
  const armed = (fields: Layout["fields"], symbols: ArchData["symbols"]) =>
    withX([{ ...plain, fields }], { symbols: [on("CONFIG_MIGRATION"), ...symbols] }).kernel.armsUffdWp;
  const bit = [swpOffset(31, 9), uffdWp(8), ...arm63.fields.slice(1)];

  it("is armed with its symbol and a bit for it, and not with one of them", () => {
    expect(armed(bit, [on(WP)])).toBe(true);
    expect(armed(bit, [off(WP)])).toBe(false);
    expect(armed(arm63.fields, [on(WP)])).toBe(false);
  });
});

describe("conditions", () => {
  const layouts = twin({});
  const at = (symbol: ArchData["symbols"][number]) => withX(layouts, {}, symbol as never).layout.id;

  it("a number is on unless it is 0", () => {
    expect(at({ name: "CONFIG_X", default: 0, ...cited })).toBe("arm 6.3");
    expect(at({ name: "CONFIG_X", default: 5, ...cited })).toBe("arm 6.3 X");
  });

  it("an exception counts where all its conditions hold", () => {
    const exception = (when?: string[]) => ({
      property: "x",
      words: equals(1n, 1n),
      reason: (when ?? ["always"]).join(),
      ...(when && { when }),
      ...cited,
    });
    const exceptions = [
      exception(),
      exception(["CONFIG_MIGRATION"]),
      exception(["CONFIG_MIGRATION", "CONFIG_X"]),
    ];
    const pmd = { when: [], present: differs(1n, 0n), exceptions, ...cited };
    const { layout } = withX([{ ...plain, exceptions, pmd }]);
    expect(layout.exceptions?.map(({ reason }) => reason)).toEqual(["always", "CONFIG_MIGRATION"]);
    expect(layout.pmd?.exceptions?.map(({ reason }) => reason)).toEqual(["always", "CONFIG_MIGRATION"]);
  });

  it("PMD swap entries are there where all their conditions hold", () => {
    const pmd = (when: string[]) =>
      withX([{ ...plain, pmd: { when, present: either(differs(1n, 0n), differs(2n, 0n)), ...cited } }]).at(
        "pmd",
      );
    expect(pmd(["CONFIG_MIGRATION"])?.layout.id).toBe("arm 6.3 PMD");
    expect(pmd(["CONFIG_MIGRATION", "CONFIG_X"])).toBeNull();
    expect(pmd(["CONFIG_MIGRATION"])?.layout.fields.map(({ kind }) => kind)).toEqual([
      "swpOffset",
      "spare",
      "swpType",
      "zeros",
    ]);
  });

  it("a row without its conditions is spare, and says what it was for", () => {
    const rows = [
      swpOffset(31, 10),
      otherwise(
        uffdWp(9, "CONFIG_X"),
        onlyWith(zeros(9, 9, "pmd_present() reads it"), "CONFIG_X", "CONFIG_MIGRATION"),
      ),
      softDirty(8, "CONFIG_X"),
      ...arm63.fields.slice(1),
    ];
    const { layout } = withX([{ ...plain, fields: rows }]);
    expect(layout.fields.slice(1, 3)).toEqual([
      spare(9, 9, "pmd_present() reads it: only with CONFIG_X and CONFIG_MIGRATION"),
      spare(8, 8, "softDirty: only with CONFIG_X"),
    ]);
  });

  it("the symbols of the swap types are known on every architecture, as y or n, and named once", () => {
    const config = (value: unknown) => () =>
      arm.for({ release: "6.12", config: untyped({ CONFIG_MEMORY_FAILURE: value }) });
    expect(config("y")().types.maxSwapfiles).toBe(27);
    expect(refusal(config(1))).toMatch(
      /^UNKNOWN_CONFIG: CONFIG_MEMORY_FAILURE=1: its value is "y", "m" or "n"/,
    );
    expect(refusal(() => arm.for({ release: "6.12", config: { CONFIG_Y: "y" } }))).toBe(
      "UNKNOWN_CONFIG: CONFIG_Y decides nothing on arm; the symbols that do are CONFIG_ARM_LPAE, CONFIG_MIGRATION, CONFIG_CPU_BIG_ENDIAN, CONFIG_MEMORY_FAILURE, CONFIG_DEVICE_PRIVATE, CONFIG_HMM, CONFIG_HMM_MIGRATE, CONFIG_PTE_MARKER, CONFIG_USERSWAP (a whole .config goes in as text)",
    );
  });

  it("a distribution's settings end with their release", () => {
    expect(x86.for({ release: "6.12.0-1-amd64" }).types.maxSwapfiles).toBe(27);
    expect(x86.for({ release: "6.13.0-1-amd64" }).types.maxSwapfiles).toBe(23);
  });

  it("a point release of the newest release is known", () => {
    expect(arm.for({ release: "7.3.5" }).layout.id).toBe("arm 6.3");
    expect(arm.for({ release: "7.3.5" }).assumed.join()).not.toContain("newest");
  });

  it.each(["7.4", "7.4-rc2", "8.0.0-rc1-next-20270105", "next-20261120"])(
    "%s is newer than the data, and reads as the newest release with an assumption",
    (release) => {
      const newer = arm.for({ release });
      expect(newer.layout.id).toBe("arm 6.3");
      expect(newer.assumed).toContain(`${release} reads as 7.3, the newest release compared`);
      expect(doubts(newer, 0x1084n)).toContain(`${release} reads as 7.3, the newest release compared`);
    },
  );

  it("a point release of 2.6.32 is of no other series of 2.6", () => {
    const layouts = [
      { ...plain, id: "arm new", since: "2.6.35", backported: [{ release: "2.6.32.5" }] },
      { ...plain, id: "arm old", since: "2.6.29" },
    ];
    const arch = defineArch({ ...armData, layouts });
    const ids = ["2.6.32.4", "2.6.32.5", "2.6.32.71", "2.6.33", "2.6.33.9", "2.6.35"].map(
      (release) => arch.for({ release }).layout.id,
    );
    expect(ids).toEqual(["arm old", "arm new", "arm new", "arm old", "arm old", "arm new"]);
  });
});

describe("what a special type means", () => {
  // Every name of 6.1 and 7.2 with every symbol on: the kind, and the access that the name ends with.
  it.each(["6.1", "7.2"])("%s: its name says its kind and its access", (release) => {
    const backend = x86.for({ release });
    const read = backend.types.special.map(({ type, name }) => {
      const { kind, access } = loose(backend, backend.encode({ type, offset: 1n }));
      return [name, kind, access];
    });
    expect(read).toEqual(
      backend.types.special.map(({ name }) => {
        const [, kind = name, access] =
          /^(migration|device-private|device-exclusive)(?:-(.+))?$/.exec(name) ?? [];
        return [name, kind, kind === "device-exclusive" ? (access ?? null) : access];
      }),
    );
    expect(read.map(([name]) => name)).toContain(release === "6.1" ? "swapin-error" : "device-exclusive");
  });

  it("the kinds are numbered in this order", () => {
    expect(KINDS.join(" ")).toBe(
      "none present swap migration hwpoison device-private device-exclusive marker swapin-error unassigned",
    );
  });
});

it("a word is written at full width", () => {
  expect(hex(0x1084n, 32)).toBe("0x00001084");
  expect(hex(0x1084n, 64)).toBe("0x0000000000001084");
});
