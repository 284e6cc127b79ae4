import { describe, expect, it, vi } from "vitest";
import type { Options } from "../src/index.ts";
import { explainAll, RULES } from "../src/index.ts";
import { cases, logOf } from "./judge.ts";

const cpu = (release = "6.12.0-amd64"): string => `CPU: 0 PID: 1 Comm: a Not tainted ${release} #1`;
const map = (pte: string, pmd = "10fe4f067"): string =>
  `BUG: Bad page map in process a  pte:${pte} pmd:${pmd}`;

interface Row {
  readonly rule: string;
  readonly log: string;
  readonly says: RegExp;
  readonly options?: Options;
}

/** What a rule says of a log; the reports of reports/ hold the rest. */
const ROWS: readonly Row[] = [
  {
    rule: "bad-upper",
    log: `mm/pgtable-generic.c:50: bad pmd ffff8881042e5000(dead4ead00000067)\n${cpu()}`,
    says: /the pmd itself is bad.*its high half, 0xdead4ead, cannot be part of a table's address/,
  },
  {
    rule: "bad-upper",
    log: `PGD 1a2b067 P4D 1a2b067 PUD 1a2c067 PMD 12345 BAD\nOops: Bad pagetable: 000d [#1] SMP\n${cpu()}`,
    says: /the pmd itself is bad/,
  },
  {
    rule: "bad-upper",
    log: `mm/pgtable-generic.c:39: bad pud dead4ead01325800.\nCPU: 85 PID: 1 Comm: a Not tainted 6.1.80 #1\nepc : 0000003f99c9a3be ra : 0000003f99c9a39c`,
    says: /the pud itself is bad/,
  },
  {
    rule: "contradiction",
    log: `swap_free: Bad swap file entry 1000000000103256\n${map("8192b1000", "3ff9324067")}\n${cpu("3.10.0-514.custom")}`,
    says: /contradict each other in x86_64 2\.6\.29.*type in bits 13:9 and the offset from bit 15|contradict each other.*el7/,
    options: { arch: "x86_64" },
  },
  {
    rule: "no-such-pte",
    log: `get_swap_device: Bad swap file entry 40000000000001\n${cpu("6.8.0")}`,
    says: /no PTE of x86_64 5\.19 decodes to the entry 0x40000000000001 \(offset 0x40000000000001 needs 55 bits, the field has 50\)/,
    options: { arch: "x86_64" },
  },
  {
    rule: "reserved-upper",
    log: `PGD 1a2b067 P4D 1a2b067 PUD 000f00001a2c067\nOops: 0009 [#1] SMP\n${cpu()}`,
    says: /the pud 0xf00001a2c067 names the address 0xf00001a2c000, with bits set that no address of memory has/,
  },
  {
    rule: "fill-behind-entry",
    log: `swap_free: Bad swap file entry c66666666666666\n${cpu("4.1.0-amd64")}`,
    says: /the PTE behind the entry is one where every byte is 0xcc/,
  },
  { rule: "magic", log: `${map("ffffffffdeadbeef")}\n${cpu()}`, says: /0xdeadbeef lies over the page table/ },
  { rule: "magic", log: `${map("00010102464c457f")}\n${cpu()}`, says: /the magic of an ELF file/ },
  { rule: "list-poison", log: `${map("dead000000000100")}\n${cpu()}`, says: /LIST_POISON1/ },
  { rule: "list-poison", log: `${map("dead000000000122")}\n${cpu()}`, says: /LIST_POISON2/ },
  {
    rule: "user-pointer",
    log: `${map("00007ffd8a3c1e58")}\n${cpu()}`,
    says: /0x7ffd8a3c1e58 is an address of user space/,
  },
  {
    rule: "floats",
    log: `${map("424800003f800000")}\n${cpu()}`,
    says: /two floating-point numbers, 1 and 50/,
  },
  {
    rule: "flag-on-empty",
    log: `BUG: Bad page map in process a  pte:0000000000000080 pmd:22393c01\n${cpu("6.12.0")}`,
    says: /bit 7 is _PAGE_DIRTY.*not faulty memory/,
    options: { arch: "riscv" },
  },
  {
    rule: "known-bug",
    log: "BUG: Bad page map in process init  pmd:200000084000d88\nCPU: 0 UID: 0 PID: 1 Comm: init Not tainted 7.2.13+deb14-riscv64 #1",
    says: /soft-dirty bit of a THP migration entry.*without bit 3 it is a migration entry of pfn 0x84000/,
  },
  {
    rule: "huge-special",
    log: "BUG: Bad page map in process a  pmd:d7ffeffffc1ffe00\nCPU: 1 PID: 100 Comm: a Not tainted 7.2.13+deb14-amd64 #1",
    says: /the pmd holds a migration \(read-exclusive\) entry of a huge page, pfn 0x1f000/,
  },
  {
    rule: "huge-for-table",
    log: `mm/pgtable-generic.c:33: bad pmd ffff880123456000(80000001234008e7)\n${cpu("4.15.0")}`,
    says: /maps a huge page at 0x123400000.*no memory was overwritten/,
  },
  {
    rule: "fine-table",
    log: "mm/pgtable-generic.c:39: bad pud 0000000201325801.\nCPU: 85 PID: 1 Comm: a Not tainted 6.1.80 #1\nstatus: 0000000200004020 badaddr: 0000000000000000 cause: 000000000000000c",
    says: /as it is printed it is in order: it points to a table at 0x804c96000/,
  },
  {
    rule: "half-entry",
    log: "Bad swp_entry: 21ffffff 10 7ff/0\nswap_state.c:704: bad pte c5183f1c(8000000400000000)",
    says: /the low half of the PTE is 0, and its high half 0x80000004 is that of a present PTE/,
    options: { arch: "i386", release: "4.19" },
  },
  {
    rule: "unknown-marker",
    log: `unrecognized swap entry 0x7c00000000000010\n${cpu()}`,
    says: /type 31 is the marker type, but offset 0x10 has no bit/,
  },
  {
    rule: "beyond-memory",
    log: `Memory: 4000000K/4194304K available\n${map("8000003fff123067")}\n${cpu()}`,
    says: /pfn 0x3fff123, far beyond the machine's memory \(4096 MiB\)/,
  },
  ...["dead4eadffffffff", "ffffffffdead4ead", "0000000057ac6e9d", "deaf1eed00000001"].map((pte) => ({
    rule: "magic",
    log: `${map(pte)}\n${cpu()}`,
    says: /(?:SPINLOCK|RWLOCK|STACK_END)_MAGIC .* lies over the page table/,
  })),
  {
    rule: "reserved-bit",
    log: `#PF: error_code(0x000b) - reserved bit violation\nPGD 3400067 P4D 3400067 PUD 35a7067 PMD 35a8067 PTE 800000fffffee163\n${cpu("6.1.59")}`,
    says: /pfn 0xfffffee.*000b says that a reserved bit is set.*bit 39.*MAXPHYADDR/,
  },
  {
    rule: "reserved-elsewhere",
    log: `#PF: error_code(0x000d) - reserved bit violation\nPGD 104a2b067 P4D 104a2b067 PUD 104a2c067 PMD 8000104a2d067 PTE 80000001c2345067\n${cpu("6.8.0")}`,
    says: /0x1c2345000 lies below any CPU's MAXPHYADDR.*in an entry above it, or it is _PAGE_NX/,
  },
  {
    rule: "access-refused",
    log: `PGD 8000000232ede067 P4D 8000000232ede067 PUD 232d60067 PMD 232f7c067 PTE 8000000203f12867\nOops: 0001 [#1] SMP PTI\n${cpu("4.15.0")}`,
    says: /the kernel used a program's page without being allowed to \(SMAP\)/,
  },
  {
    rule: "access-refused",
    log: `PGD 1a05067 PUD 1a09063 PMD 37270067 PTE 800000001bf21161\nOops: 0011 [#1] SMP\n${cpu("3.0.0-amd64")}`,
    says: /the page may not be executed \(_PAGE_NX\)/,
  },
  ...(
    [
      [
        "0x000000009600000f",
        "00e8000123456fc3",
        /the kernel used a program's page outside .* \(PAN\) \(ESR 9600000f\)/,
      ],
      ["0x9600004f", "00f8000123456f83", /the page may not be written \(PTE_RDONLY\)/],
      ["0x8600000f", "0068000123456f43", /the kernel may not execute the page \(PTE_PXN\)/],
      ["0x96000010", "0068000123456f03", /answered the access with an error/],
      ["0x96000021", "0068000123456f03", /was not aligned/],
    ] as const
  ).map(([esr, pte, says]) => ({
    rule: "abort",
    log: `  ESR = ${esr}\n[0000aaaae2345678] pgd=0800000101a2c003, p4d=0800000101a2c003, pud=0800000101a2d003, pmd=0800000101a2e003, pte=${pte}\n${cpu("6.12.0-arm64")}`,
    says,
  })),
  {
    rule: "huge-page",
    log: "swapper pgtable: 4k pages, 48-bit VAs, pgdp=00000007f7e38000\n[ffffbd2fe97a3ba0] pgd=1000000d3ffff003, p4d=1000000d3ffff003, pud=1000000d3fffe003, pmd=00680007f8e00f01",
    says: /the walk ends at the pmd: a present huge page at 0x7f8e00000/,
  },
  {
    rule: "table-only",
    log: "swapper pgtable: 4k pages, 48-bit VAs, pgdp=00000007f7e38000\n[ffffbd2fe97a3ba0] pgd=1000000d3ffff003, p4d=1000000d3ffff003, pud=1000000d3fffe003",
    says: /the pud points to a table at 0xd3fffe000/,
  },
  {
    rule: "present-unused",
    log: `${map("8000000012345063")}\n${cpu()}`,
    says: /not as a process's page/,
  },
  {
    rule: "page-mapped-twice",
    log: `${map("8000000012345067", "10fe4f067")}\n${cpu()}\n${map("8000000012345067", "10fe50067")}\n${cpu()}`,
    says: /another report of this log has the same page/,
  },
  {
    rule: "other-layout",
    log: `${map("1fffffffffdb9600")}\n${cpu("4.16.0")}`,
    says: /x86_64 4\.19, which a build of 4\.16\.0 may have, reads swap type 3, offset 0x1234/,
    options: { arch: "x86_64" },
  },
  {
    rule: "shifted",
    log: `${map("0000123450670000")}\n${cpu()}`,
    says: /looks like the present PTE 0x0000000012345067 shifted left by 2 bytes/,
  },
];

const holding = async (log: string | Uint8Array, options?: Options): Promise<string[]> =>
  (await explainAll(log, options)).reports.flatMap(({ findings }) => findings.map(({ rule }) => rule));

// Each case is a whole log, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

describe("a rule speaks where it holds", () => {
  it.each(ROWS)("$rule: $says", async ({ rule, log, says, options }) => {
    const { reports } = await explainAll(log, options);
    const found = reports.flatMap(({ findings }) => findings).filter((finding) => finding.rule === rule);
    expect(reports.flatMap(({ findings }) => findings.map((finding) => finding.rule))).toContain(rule);
    expect(found.map(({ sentence }) => sentence).join("\n")).toMatch(says);
  });

  it("each rule has a report, or a row here", async () => {
    // What mends an entry is known of a dump's alone: entry.test.ts.
    const held = new Set([...ROWS.map(({ rule }) => rule), "one-bit-off"]);
    for (const one of cases()) for (const rule of await holding(logOf(one), one.options)) held.add(rule);
    expect(RULES.map(({ name }) => name).filter((name) => !held.has(name))).toEqual([]);
  });

  it("the address of a table, as arm prints it, is no entry", async () => {
    const log =
      "pgd = cfb20000\n[ffffffff] *pgd=4fffd871, *pte=00000000, *ppte=00000000\nInternal error: Oops: 1 [#1] ARM";
    const { reports } = await explainAll(log);
    expect(reports.flatMap(({ words }) => words.map(({ word }) => word))).toEqual(["00000000", "4fffd871"]);
  });

  it("each rule has a name of its own, a cause and a citation", () => {
    expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
    for (const { cause, citation } of RULES) expect([cause, citation]).not.toContain("");
  });
});

describe("a rule is silent where it does not hold", () => {
  const SILENT: readonly [string, string, string][] = [
    ["a guard marker is no pair of integers", `${map("fffffffffffff600")}\n${cpu("6.18.0")}`, "two-integers"],
    [
      "a migration entry is no address of the kernel",
      `${map("fffffffffe000000")}\n${cpu("5.10.0-amd64")}`,
      "kernel-pointer",
    ],
    [
      "a fine PTE is not taken for letters",
      "BUG: Bad page map in process a  pte:64637465 pmd:01182000\npage:(ptrval) refcount:1 mapcount:0 mapping:00000000 index:0x1 pfn:0x64637\nCPU: 1 PID: 1 Comm: a Not tainted 6.0.9-686 #1",
      "text",
    ],
    ["a swap entry in order is not foreign", `${map("07fffffffffdb800")}\n${cpu()}`, "foreign"],
    ["PROT_NONE after L1TF is not out of range", `${map("000ffff99a98120")}\n${cpu()}`, "reserved-address"],
    [
      "an empty PTE of a fault is not a flipped bit",
      `PGD 1a2b067 P4D 1a2b067 PUD 1a2c067 PMD 1a2d067 PTE 0\n${cpu()}`,
      "one-bit",
    ],
    [
      "another release's bug is not this one's",
      `swap_free: Unused swap offset entry 00002d15\n${map("005a2a80", "22c01f067")}\n${cpu("3.12.1")}`,
      "known-bug",
    ],
    [
      "the readahead of 4.14 is mended",
      `swap_info_get: Bad swap offset entry 0200f8a7\n${cpu("4.14.1-686")}`,
      "readahead",
    ],
  ];
  it.each(SILENT)("%s", async (_title, log, rule) => {
    expect(await holding(log)).not.toContain(rule);
  });
});

describe("the levels above", () => {
  it("stand on the next line in kernels of 7.x, and each entry in one object", async () => {
    const log = [
      "BUG: Bad page map in process java  pte:8000000012345067",
      "pgd:1a2b067 p4d:1a2b067 pud:1a2c067 pmd:22393c067",
      cpu("7.3.1"),
    ].join("\n");
    const { reports } = await explainAll(log);
    expect(reports).toHaveLength(1);
    expect(reports[0]?.words.map(({ level, word, line }) => [level, word, line])).toEqual([
      ["pte", "8000000012345067", 1],
      ["pgd", "1a2b067", 2],
      ["p4d", "1a2b067", 2],
      ["pud", "1a2c067", 2],
      ["pmd", "22393c067", 2],
    ]);
    const pmd = await explainAll(log.replace("pte:8000000012345067", "pmd:22393c067"));
    expect(pmd.reports[0]?.words.filter(({ level }) => level === "pmd")).toHaveLength(1);
  });
});

it("an entry that maps an address to itself is no small number: s390's lowcore", async () => {
  const log = (address: string): string =>
    `Failing address: ${address} TEID: ${address.slice(0, -3)}483\nFault in home space mode while using kernel ASCE.\nAS:000000000247c007 R3:00000001ffffc007 S:00000001ffffb801 P:000000000000013d\nOops: 0004 ilc:3 [#1] SMP\n${cpu("6.14.0")}`;
  const causes = async (address: string): Promise<unknown> =>
    (await explainAll(log(address))).reports.map(({ verdict }) => verdict.cause);
  expect(await causes("0000000000000000")).toEqual(["fine-pte"]);
  expect(await causes("000003ff80001000")).toEqual(["small-integers"]);
});
