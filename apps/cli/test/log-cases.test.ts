import { load } from "@ptekit/all";
import { describe, expect, it, vi } from "vitest";
import { objects, ptekit } from "./run.ts";

// Each test starts a process, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** A report that a real kernel printed, and what it means. */
interface LogCase {
  readonly name: string;
  readonly arch: string;
  readonly log: string;
  /** Stated where the report does not say it. */
  readonly args?: readonly string[];
  /** Keys of the object that explain --json prints for each word of the report, in order. */
  readonly says: readonly Readonly<Record<string, unknown>>[];
  /** What the causes must say, in the words that are wanted. */
  readonly causes?: readonly RegExp[];
  readonly agreement?: string;
}

const cpu = (release: string, comm = "a"): string =>
  `CPU: 1 PID: 4242 Comm: ${comm} Tainted: G    B   W          ${release} #1`;

const CASES: readonly LogCase[] = [
  {
    name: "C1a: i386, 5.7-rc took bit 2 of the type for uffd-wp",
    arch: "i386",
    log: `swap_info_get: Bad swap file entry 700b8216
BUG: Bad page map in process trinity-c3  pte:17042c3c pmd:b1809067
${cpu("5.6.0-11490-gf45ec5ff16a75", "trinity-c3")}`,
    says: [{ kind: "migration", type: 30, access: "read", pfn: "0xb8216", swpEntry: "0x700b8216" }],
    causes: [/bit 2 is inside the type field on i386 2-level: no spare bit there/],
    agreement: "misread",
  },
  {
    name: "C1b: the same on a Supermicro, another page",
    arch: "i386",
    log: `swap_info_get: Bad swap file entry 7007742a
BUG: Bad page map in process systemd-journal  pte:0ee8543c pmd:8c4a6067
addr:b7d41000 vm_flags:00000075 anon_vma:00000000 mapping:d1f4f0d8 index:1d
file:libc-2.27.so fault:filemap_fault mmap:nfs_file_mmap readpage:nfs_readpage
CPU: 0 PID: 200 Comm: systemd-journal Tainted: G    B             5.6.0 #1
Hardware name: Supermicro SYS-5018D-FN4T/X10SDV-8C-TLN4F, BIOS 1.1 03/02/2016`,
    says: [{ kind: "migration", type: 30, pfn: "0x7742a" }],
    causes: [/bit 2 is inside the type field on i386 2-level/],
    agreement: "misread",
  },
  {
    name: "C1d: an oops there; the PTE is the neighbour of the entry's",
    arch: "i386",
    log: `get_swap_device: Bad swap file entry 700b81c7
BUG: kernel NULL pointer dereference, address: 00000000
*pde = b1849067 *pte = 1703aa3e
${cpu("5.6.0-11490-gf45ec5ff16a75")}
EIP: do_swap_page+0x1f3/0x5a0`,
    says: [
      { type: 28, offset: "0xb81c7", swpEntry: "0x700b81c7" },
      { kind: "migration", type: 31, access: "write", pfn: "0xb81d5" },
    ],
    causes: [/bit 2 is inside the type field on i386 2-level/, /migration-write/],
  },
  {
    name: "C2a: i386, linux-next took bit 3 of the type for exclusive",
    arch: "i386",
    log: `__swap_info_get: Bad swap file entry 6c009400
BUG: Bad page map in process ioctl_sg01  pte:0128003e pmd:06bfb067
${cpu("5.18.0-rc1-next-20220411", "ioctl_sg01")}`,
    says: [{ type: 31, offset: "0x9400", swpEntry: "0x6c009400" }],
    causes: [/bit 3 is inside the type field on i386 2-level: no spare bit there/],
    agreement: "misread",
  },
  {
    name: "M1: a uffd-wp marker that the configuration does not know",
    arch: "x86_64",
    log: `unrecognized swap entry 0x7c00000000000001
WARNING: CPU: 2 PID: 4242 at mm/memory.c:1660 zap_pte_range+0x5b8/0x9d0
${cpu("6.9.0-rc5")}
Hardware name: Dell Inc. PowerEdge R6525/0GK70M, BIOS 2.6.6 01/13/2022`,
    says: [{ kind: "marker", type: 31, offset: "0x1", markers: ["uffd-wp"], pte: "0xfffffffffffffc00" }],
    causes: [/uffd-wp PTE marker; your kernel config does not know it/],
  },
  {
    name: "D1: arm64 5.19 moved the type by one bit; bit 2 is the exclusive flag",
    arch: "arm64",
    log: "crash: cannot determine swap location  pte: 12bc3e04",
    args: ["--arch", "arm64", "--kernel", "6.1"],
    says: [{ kind: "swap", type: 0, offset: "0x12bc3e", exclusive: true }],
  },
  {
    name: "K1: one bit in an empty entry, x86_64 4.16",
    arch: "x86_64",
    log: `swap_info_get: Bad swap file entry 04000000
BUG: Bad page map in process a  pte:100_0000_0000 pmd:17e8be067
${cpu("4.16.0-rc5")}`,
    says: [{ kind: "swap", type: 0, offset: "0x4000000", layout: "x86_64 4.14" }],
    causes: [/none PTE with bit 40 flipped/],
    agreement: "same",
  },
  {
    name: "K2: one bit in an empty entry, under L1TF's inversion",
    arch: "x86_64",
    log: `BUG: Bad page map in process docker  pte:01000000
get_swap_device: Bad swap offset entry 3ffffffff7fff`,
    says: [{ kind: "swap", type: 0, offset: "0x3ffffffff7fff" }],
    causes: [/none PTE with bit 24 flipped.*inverted/],
    agreement: "same",
  },
  {
    name: "K4: an offset of all ones",
    arch: "x86_64",
    log: "get_swap_device: Bad swap offset entry 3ffffffffffff\n".repeat(359),
    says: [{ type: 0, offset: "0x3ffffffffffff", again: 358 }],
    causes: [/offset field empty after L1TF inversion/],
  },
  {
    name: "K5: text over the page table",
    arch: "x86_64",
    log: `BUG: Bad page map in process zypper  pte:676b700029736c6f pmd:44967067
Pid: 5110, comm: zypper Not tainted 3.3.0-desktop #1`,
    says: [{ kind: "present" }],
    causes: [/page table overwritten with text.*ols\)\\0pkg/],
  },
  {
    name: "K6: SLUB_RED_ACTIVE over the page table",
    arch: "powerpc",
    log: `_swap_info_get: Bad swap file entry 64cccccc
BUG: Bad page map in process cc1plus  pte:cccccccc pmd:032ed000
${cpu("6.0.0-rc2", "cc1plus")}
Hardware name: PowerMac3,6 7455 0x80010303 PowerMac`,
    says: [{ type: 25, offset: "0xcccccc" }],
    causes: [/poison pattern: every byte is 0xcc/],
    agreement: "same",
  },
  {
    name: "K8: user data over the page table, arm64",
    arch: "arm64",
    log: `_swap_info_get: Bad swap file entry 40207070a050609
BUG: Bad page map in process a  pte:a07070a0506090a pmd:800000001801003
${cpu("6.0.0-rc1-v8")}`,
    says: [{ kind: "swap", type: 1, offset: "0x207070a050609" }],
    causes: [/byte pattern, not an entry/],
    agreement: "same",
  },
  {
    name: "K9: arm 4.1, the layout before 6.3",
    arch: "arm",
    log: `swap_free: Bad swap file entry 0100d400
BUG: Bad page map in process ssh-agent  pte:806a0000 pmd:387c2831
${cpu("4.1.8-v7+", "ssh-agent")}`,
    says: [{ kind: "swap", type: 0, offset: "0x100d400", layout: "arm 4.0" }],
    agreement: "same",
  },
  {
    name: "K10: a present PTE with VALID cleared, it may be",
    arch: "arm",
    log: `BUG: Bad page map in process system_manager  pte:4a44e100 pmd:4dfc8831
${cpu("4.3.6-openbmc", "system_manager")}
Hardware name: ASpeed SoC`,
    says: [{ kind: "swap", type: 0, offset: "0x9489c2" }],
    causes: [/may be a present PTE with PRESENT cleared/],
  },
  {
    name: "K11: x86_64 4.1, the layout before 4.8",
    arch: "x86_64",
    log: `swap_free: Bad swap file entry 007e9058
BUG: Bad page map in process celery  pte:fd20b000 pmd:16d7b08067
${cpu("4.1.0-generic", "celery")}`,
    says: [{ kind: "swap", type: 0, offset: "0x7e9058", layout: "x86_64 4.0" }],
    agreement: "same",
  },
  {
    name: "K13: x86_64 2.6.32",
    arch: "x86_64",
    log: `swap_free: Bad swap file entry 6c800000
BUG: Bad page map in process httpd  pte:d900000000 pmd:1535b5067
Pid: 3001, comm: httpd Tainted: G    B      ----------------   2.6.32-71.el6.x86_64 #1`,
    says: [{ kind: "swap", type: 0, offset: "0x6c800000" }],
    agreement: "same",
  },
  {
    name: "K15: a device PTE with PRESENT cleared, twice",
    arch: "x86_64",
    log: `get_swap_device: Bad swap file entry 4003ffffa095a63f
BUG: Bad page map in process a  pte:800000bed4b380ba pmd:55ec77067
${cpu("6.3.5")}
Hardware name: LENOVO 82WM/LNVNB161216, BIOS LPCN40WW 02/22/2023
get_swap_device: Bad swap file entry 4003fffff0f3cb3f
BUG: Bad page map in process a  pte:8000001e1869801a pmd:55ec77067`,
    says: [
      { kind: "swap", type: 16, swpEntry: "0x4003ffffa095a63f" },
      { kind: "swap", type: 16, swpEntry: "0x4003fffff0f3cb3f" },
    ],
    causes: [/looks like a device PTE with PRESENT cleared.*_PAGE_NX.*_PAGE_PCD _PAGE_PWT/],
    agreement: "same",
  },
  {
    name: "K16: random data; the first PTE has its PRESENT bit set",
    arch: "x86_64",
    log: `BUG: Bad page map in process a  pte:9402e1e2b18c8ae9 pmd:10fe4f067
get_swap_device: Bad swap file entry 3803ad7a32eab547
${cpu("6.10.0-rc2+")}
Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS rel-1.16.3`,
    says: [{ kind: "present" }, { kind: "swap", type: 14, offset: "0x3ad7a32eab547" }],
    causes: [/random data/],
  },
  {
    name: "K19: two bits, sparc64",
    arch: "sparc",
    log: `get_swap_device: Bad swap offset entry 808000000
${cpu("6.17.0-rc4+")}
TSTATE: 0000004411001605 TPC: 00000000006a3a40 TNPC: 00000000006a3a44 Y: 00000000    Not tainted`,
    says: [{ type: 0, offset: "0x808000000" }],
    causes: [/two-bit pattern/],
  },
  {
    name: "R3: parisc64 6.2, bit 8 of the offset taken for the exclusive flag",
    arch: "parisc",
    log: `_swap_info_get: Unused swap offset entry 00000320
BUG: Bad page map in process buildd  pte:00032100 pmd:003606c3
${cpu("6.2.0+", "buildd")}
Hardware name: 9000/800/rp3440`,
    says: [{ type: 0, swpEntry: "0x320" }],
    causes: [/bit 8 is inside the offset field on parisc.*HYPOTHESIS/],
    agreement: "misread",
  },
  {
    name: "N1: a present PTE is no swap entry, riscv64",
    arch: "riscv",
    log: `BUG: Bad page map in process modprobe  pte:20682653 pmd:20f23c01
${cpu("6.18.0-rc1", "modprobe")}
Hardware name: riscv-virtio,qemu (DT)`,
    says: [{ kind: "present", ...((await load("riscv")).present ? { pfn: "0x81a09" } : {}) }],
  },
];

describe("log cases", () => {
  for (const one of CASES) {
    const ran = (): ReturnType<typeof ptekit> =>
      ptekit(["explain", "--json", ...(one.args ?? [])], `${one.log}\n`);
    it(one.name, () => {
      const answer = ran();
      expect(answer.err).toBe("");
      const found = objects(answer);
      expect(found).toHaveLength(one.says.length);
      one.says.forEach((keys, index) => {
        expect(found[index]).toMatchObject({ arch: one.arch, ...keys });
      });
      for (const cause of one.causes ?? [])
        expect(JSON.stringify(found.map((object) => object.causes)).replaceAll("\\\\", "\\")).toMatch(cause);
      if (one.agreement !== undefined)
        for (const object of found) expect(object.agreement).toBe(one.agreement);
      expect(answer.status).toBe(0);
    });
  }

  // C3 is a bug of encode without a log line, M3, D3, D4 and D5 name tools and no words, and W1 to W9 are wishes.
  it("has every case that comes with a word", () => {
    const names = CASES.map(({ name }) => name.split(":")[0]);
    expect(names).toEqual([
      ..."C1a C1b C1d C2a M1 D1 K1 K2 K4 K5 K6 K8 K9 K10 K11 K13 K15 K16 K19 R3 N1".split(" "),
    ]);
  });
});
