import type { CitedSource } from "@ptekit/core";
import { parseCitation } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { refusal, untyped } from "./fixture.ts";

const TREE = "https://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git/tree/";
const PGTABLE = "arch/arm/include/asm/pgtable.h";

const sources: [citation: string, ...sources: CitedSource[]][] = [
  [
    `See __swp_entry() in ${PGTABLE} (as of Linux v6.12)`,
    {
      kind: "file",
      symbols: ["__swp_entry()"],
      file: PGTABLE,
      releases: ["v6.12"],
      link: `${TREE}${PGTABLE}?h=v6.12`,
    },
  ],
  [
    "See pmd_present(), pmd_leaf() and _PAGE_LEAF in arch/riscv/include/asm/pgtable.h (as of Linux v4.4, v5.10 and v6.1)",
    {
      kind: "file",
      symbols: ["pmd_present()", "pmd_leaf()", "_PAGE_LEAF"],
      file: "arch/riscv/include/asm/pgtable.h",
      releases: ["v4.4", "v5.10", "v6.1"],
      link: `${TREE}arch/riscv/include/asm/pgtable.h?h=v6.1`,
    },
  ],
  [
    "mm/Kconfig (as of Linux v2.6.10) and arch/nds32/Kconfig.cpu (as of Linux v10.2)",
    { kind: "file", symbols: [], file: "mm/Kconfig", releases: ["v2.6.10"], link: null },
    {
      kind: "file",
      symbols: [],
      file: "arch/nds32/Kconfig.cpu",
      releases: ["v10.2"],
      link: `${TREE}arch/nds32/Kconfig.cpu?h=v10.2`,
    },
  ],
  [
    "See SWP_OFFSET_FIRST_BIT in arch/x86/include/asm/pgtable_64.h (as of Linux v6.12 and v3.10.0-514.el7)",
    {
      kind: "file",
      symbols: ["SWP_OFFSET_FIRST_BIT"],
      file: "arch/x86/include/asm/pgtable_64.h",
      releases: ["v6.12", "v3.10.0-514.el7"],
      link: null,
    },
  ],
  [
    "See A in include/linux/swap.h and arch/sparc/kernel/tsb.S (as of Linux v2.6.11-rc1)",
    ...["include/linux/swap.h", "arch/sparc/kernel/tsb.S"].map(
      (file): CitedSource => ({
        kind: "file",
        symbols: ["A"],
        file,
        releases: ["v2.6.11-rc1"],
        link: `${TREE}${file}?h=v2.6.11-rc1`,
      }),
    ),
  ],
  [
    "See A() and B in mm/swap.c and C in mm/memory.c and mm/rmap.c (as of Linux v6.1)",
    ...([["A()", "B"], ["C"], ["C"]] as const).map(
      (symbols, i): CitedSource => ({
        kind: "file",
        symbols,
        file: ["mm/swap.c", "mm/memory.c", "mm/rmap.c"][i] as string,
        releases: ["v6.1"],
        link: `${TREE}${["mm/swap.c", "mm/memory.c", "mm/rmap.c"][i]}?h=v6.1`,
      }),
    ),
  ],
  [
    'Linux kernel commit 20aae9eff5ac ("arm/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE") (in v6.3)',
    {
      kind: "commit",
      commit: "20aae9eff5ac",
      subject: "arm/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE",
      release: "v6.3",
      link: "https://git.kernel.org/linus/20aae9eff5ac",
    },
  ],
  [
    'Linux kernel commit 20aae9eff5ac ("Revert "mm: x (y)"") (in v6.3.1)',
    {
      kind: "commit",
      commit: "20aae9eff5ac",
      subject: 'Revert "mm: x (y)"',
      release: "v6.3.1",
      link: "https://git.kernel.org/linus/20aae9eff5ac",
    },
  ],
  [
    'Linux kernel commit 20aae9eff5ac (in v6.3) and Linux kernel commit 6f9e98849eda ("parisc: Fix") (in v6.4)',
    {
      kind: "commit",
      commit: "20aae9eff5ac",
      subject: null,
      release: "v6.3",
      link: "https://git.kernel.org/linus/20aae9eff5ac",
    },
    {
      kind: "commit",
      commit: "6f9e98849eda",
      subject: "parisc: Fix",
      release: "v6.4",
      link: "https://git.kernel.org/linus/6f9e98849eda",
    },
  ],
  [
    "<20210714222117.47648-1-peterx@redhat.com>",
    {
      kind: "message",
      id: "20210714222117.47648-1-peterx@redhat.com",
      link: "https://lore.kernel.org/r/20210714222117.47648-1-peterx%40redhat.com",
    },
  ],
  [
    '[PATCH v5 05/26] "mm/swap: Introduce the idea of special swap ptes", 15 Jul 2021',
    {
      kind: "patch",
      series: "PATCH v5 05/26",
      subject: "mm/swap: Introduce the idea of special swap ptes",
      date: "15 Jul 2021",
      link: "https://lore.kernel.org/all/?q=s%3A%22mm%2Fswap%3A%20Introduce%20the%20idea%20of%20special%20swap%20ptes%22",
    },
  ],
  [
    "Debian's /boot/config of that flavour (as of Linux v6.1 and v7.2)",
    {
      kind: "config",
      config: "Debian's /boot/config of that flavour",
      releases: ["v6.1", "v7.2"],
      link: null,
    },
  ],
  ["Intel SDM 3A, 4.5", { kind: "manual", manual: "Intel SDM 3A", section: "4.5", link: null }],
  [
    "Arm ARM DDI 0487, D8.3.1-2",
    { kind: "manual", manual: "Arm ARM DDI 0487", section: "D8.3.1-2", link: null },
  ],
];

const remarks: [rest: string, remark: string][] = [
  ["; read, not executed", "read, not executed"],
  [": patched at boot", "patched at boot"],
  ["; mm/Kconfig says the same", "mm/Kconfig says the same"],
];

const wrong = [
  "",
  "trust me",
  "Linux v6.12",
  PGTABLE,
  `${PGTABLE} (as of Linux 6.12)`,
  `${PGTABLE} (as of Linux v6)`,
  `${PGTABLE} (as of Linux v6.12`,
  `${PGTABLE} (as of Linux v6.1 v6.12)`,
  `${PGTABLE} (as of Linux v6.12) `,
  `${PGTABLE} (as of Linux v6.12);`,
  `${PGTABLE} (as of Linux v6.12), read`,
  `${PGTABLE} (as of Linux v6.12) and pgtable-3level.h (as of Linux v6.12)`,
  `See pte_present in the ${PGTABLE} (as of Linux v6.12)`,
  `See pte_present(x) in ${PGTABLE} (as of Linux v6.12)`,
  "pgtable.h (as of Linux v6.12)",
  "Kconfig (as of Linux v6.12)",
  "arch/arm/MyKconfig (as of Linux v6.12)",
  "arch/arm/pgtable.hpp (as of Linux v6.12)",
  "arch/*/pgtable.h (as of Linux v6.12)",
  "arch/../pgtable.h/ (as of Linux v6.12)",
  "home/me/pgtable.h (as of Linux v6.12)",
  "commit 20aae9eff5ac (in v6.3)",
  "Linux kernel commit 20aae9 (in v6.3)",
  "Linux kernel commit 20aae9eff5ac",
  'Linux kernel commit 20aae9eff5ac ("") (in v6.3)',
  "Linux kernel commit 20aae9eff5ac (arm) (in v6.3)",
  "<peterx>",
  "<@>",
  "<a b@c>",
  '[PATCH] "x"',
  "/boot/config-6.1.0-50-amd64",
  "Intel SDM 3A",
  "My manual, 4.5",
];

describe("a citation", () => {
  it.each(sources)("is taken apart: %s", (text, ...expected) => {
    expect(parseCitation(text)).toEqual({ text, sources: expected, remark: null });
  });

  it.each(remarks)("may have a remark: %s", (rest, remark) => {
    for (const [text, ...expected] of sources) {
      expect(parseCitation(text + rest)).toEqual({ text: text + rest, sources: expected, remark });
    }
  });

  it("has its sources joined by and, or by a semicolon", () => {
    for (const join of [" and ", "; "]) {
      const text = sources.map(([one]) => one).join(join);
      expect(parseCitation(text).sources).toEqual(sources.flatMap(([, ...expected]) => expected));
    }
  });

  it.each(wrong)("is not: %s", (text) => {
    expect(refusal(() => parseCitation(text))).toMatch(/^BAD_CITATION: .*names no source/);
  });

  it("is a text", () => {
    expect(refusal(() => parseCitation(untyped(undefined)))).toBe(
      "BAD_CITATION: a citation is a text, not undefined",
    );
    expect(refusal(() => parseCitation(untyped(5)))).toBe(
      "BAD_CITATION: a citation is a text, not the number 5",
    );
  });
});
