import { describe, expect, it, vi } from "vitest";
import { objects, ptekit } from "./run.ts";

// Each test starts a process, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const REPORT = [
  "swap_info_get: Bad swap file entry 700b8216",
  "BUG: Bad page map in process trinity-c3  pte:17042c3c pmd:b1809067",
  "addr:b7d41000 vm_flags:00000075 anon_vma:00000000 mapping:d1f4f0d8 index:1d",
  "CPU: 1 PID: 4242 Comm: trinity-c3 Tainted: G    B   W         5.6.0-11490-gf45ec5ff16a75 #2",
];

/** The same report as people paste it. */
const FORMS: Readonly<Record<string, string>> = {
  plain: REPORT.join("\n"),
  "with Windows line ends": REPORT.join("\r\n"),
  "with time stamps": REPORT.map((line, i) => `[  123.45678${i}] ${line}`).join("\n"),
  "with callers": REPORT.map((line) => `[  123.456789][ T4242] ${line}`).join("\n"),
  "with levels": REPORT.map((line) => `<1>[  123.456789] ${line}`).join("\n"),
  "of dmesg -x": REPORT.map((line) => `kern  :alert : [  123.456789] ${line}`).join("\n"),
  "of dmesg -T": REPORT.map((line) => `[Fri Apr 10 02:24:18 2020] ${line}`).join("\n"),
  "of journalctl": REPORT.map((line) => `Apr 10 02:24:18 host kernel: ${line}`).join("\n"),
  "of journalctl -o short-iso": REPORT.map((line) => `2020-04-10T02:24:18+0000 host kernel: ${line}`).join(
    "\n",
  ),
  "quoted twice": REPORT.map((line) => `> > [  123.456789] ${line}`).join("\n"),
  "wrapped by a mail program": REPORT.map((line) => `> ${line.replace(/ (pmd|5\.6|700b)/, "\n> $1")}`).join(
    "\n",
  ),
  "in colours": REPORT.map((line) => `\u001b[31m${line}\u001b[0m`).join("\n"),
  "with underscores in the words": REPORT.join("\n").replace("17042c3c", "1704_2c3c"),
  "on one line": REPORT.join(" "),
  "among other lines": [
    "Linux version 4.4.0 (gcc)",
    ...Array.from({ length: 50 }, () => "noise"),
    ...REPORT,
    "more",
  ].join("\n"),
};

/** The word that a report is about. */
const word = (report: Record<string, unknown> | undefined): unknown =>
  (report?.words as unknown[] | undefined)?.[0];

describe("a report reads the same", () => {
  for (const [name, log] of Object.entries(FORMS)) {
    it(name, () => {
      const [first, ...more] = objects(ptekit(["explain", "--json"], log));
      expect(more).toEqual([]);
      expect(first).toMatchObject({ arch: "i386", kernel: "5.6.0-11490-gf45ec5ff16a75" });
      expect(word(first)).toMatchObject({
        layout: "i386 4.0",
        kind: "migration",
        type: 30,
        pfn: "0xb8216",
        agreement: "misread",
      });
    });
  }
});

describe("architecture and release come from the log", () => {
  const one = (log: string, ...args: string[]): Record<string, unknown> => {
    const { words, ...report } = objects(ptekit(["explain", "--json", ...args], log))[0] ?? {};
    return { ...report, ...((words as object[] | undefined)?.[0] ?? {}) };
  };
  const pte = (word: string, ...lines: string[]): string =>
    [`BUG: Bad page map in process a  pte:${word} pmd:12345067`, ...lines].join("\n");
  const cpu = (release: string): string =>
    `CPU: 0 UID: 0 PID: 1 Comm: a Not tainted ${release} #1 PREEMPT(full)`;

  it("a fault dump of arm, whose *ppte is the hardware's own entry", () => {
    const log = `[b6f5c000] *pgd=4dfc8831, *pmd=00000000, *pte=0120d408, *ppte=00000000\n${cpu("6.1.0-50-armmp")}`;
    expect(objects(ptekit(["explain", "--json"], log))).toHaveLength(1);
    expect(one(log)).toMatchObject({ arch: "arm", layout: "arm 4.0", type: 2, offset: "0x241a8" });
  });

  it("a fault dump of arm64", () => {
    const log = `[ffff800012345000] pgd=10000000bffff003, p4d=10000000bffff003, pud=10000000bfffe003, pmd=10000000bfffd003, pte=00000000123480c8\n${cpu("6.6.1")}`;
    expect(one(log)).toMatchObject({ arch: "arm64", layout: "arm64 5.19", kernel: "6.6.1" });
  });

  it("a fault dump of x86_64, and the word that 7.2 prints on lines of their own", () => {
    expect(
      one(
        `PGD 1a2b067 P4D 1a2b067 PUD 1a2c067 PMD 1a2d067 PTE fffffffffffffc00\nRIP: 0010:f\n${cpu("6.3.5")}`,
      ),
    ).toMatchObject({ arch: "x86_64", kind: "marker" });
    const log = `BUG: Bad page map in process a  pte:fffffffffffffc00\npgd:1234067 p4d:1234067 pud:5555067 pmd:6666067\naddr:00007f0000000000 vm_flags:00000071 anon_vma:0000000000000000 mapping:0 index:0\n${cpu("7.2.0")}`;
    expect(one(log)).toMatchObject({ arch: "x86_64", kind: "marker", kernel: "7.2.0" });
  });

  it("PAE by its dump and its release, two levels without", () => {
    expect(
      one(
        `*pdpt = 0000000012345001 *pde = 0000000002345067 *pte = 5fffffe000000000\n${cpu("6.1.0-50-686-pae")}`,
      ),
    ).toMatchObject({ layout: "i386 4.19 PAE" });
    expect(one(`*pde = 02345067 *pte = 1703aa3e\n${cpu("6.1.0")}`)).toMatchObject({ layout: "i386 4.0" });
  });

  it("what is given on the command line stands above the log", () => {
    expect(one(pte("12bc3e04", cpu("6.12.0-amd64")), "--arch", "arm64", "--kernel", "6.1")).toMatchObject({
      arch: "arm64",
      offset: "0x12bc3e",
    });
  });

  it("poison patterns are named, in words that look present too", () => {
    for (const byte of ["5a", "6b", "a5", "cc", "aa", "bb"]) {
      expect(JSON.stringify(one(pte(byte.repeat(8), cpu("6.12.0-amd64"))).verdict)).toMatch(
        `poison pattern: every byte is 0x${byte}`,
      );
    }
  });

  it("what the log does not say is asked for in one sentence, with exit 1", () => {
    const ran = ptekit(["explain"], "BUG: Bad page map in process foo  pte:12345678");
    expect(ran.status).toBe(1);
    expect(ran.out).toMatch(/^Which architecture and kernel release\? .*give --arch A and --kernel R$/m);
    const both = ptekit(
      ["explain"],
      "swap_free: Bad swap file entry 007e9058\nBUG: Bad page map in process celery  pte:fd20b000",
    );
    expect(both.out).toMatch(/the words fit .*i386.*x86_64/);
  });

  it("an architecture without a backend is named", () => {
    const ran = ptekit(["explain", "--arch", "hexagon64", "-"], "x");
    expect(ran.err).toMatch(/unknown architecture "hexagon64"; did you mean hexagon\?/);
  });
});
