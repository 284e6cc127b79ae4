import { describe, expect, it, vi } from "vitest";
import { explainAll } from "../src/index.ts";
import { linesOf } from "../src/lines/lines.ts";
import { sieve, TELLING } from "../src/lines/sieve.ts";
import { texts } from "../src/lines/source.ts";
import { sightingsIn } from "../src/records/forms.ts";
import { cases, logOf } from "./judge.ts";

// A machine may be busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

const REPORT =
  "BUG: Bad page map in process a  pte:01000000 pmd:10fe4f067\nCPU: 0 PID: 1 Comm: a Not tainted 6.1.0-50-amd64 #1\n";
const QUIET = "Nov 27 17:22:34 host1 systemd[1]: Started Session 4242 of user root.\n";

describe("the sieve", () => {
  it("lets every line pass that carries a word", () => {
    for (const expected of cases()) {
      const text = new TextDecoder().decode(logOf(expected));
      for (const line of linesOf({ text, first: 1, gap: false })) {
        if (sightingsIn(line.text).length > 0) expect(TELLING.test(line.text), line.text).toBe(true);
      }
    }
  });

  // As the format strings of printk() in each of these trees have them, with words put in.
  it.each([
    ["2.6.12 to 2.6.27, i386", "*pde = 00000000"],
    ["2.6.12 to 3.x, i386 with PAE", "*pdpt = 0000000037f1c001 *pde = 0000000000000000"],
    ["x86", "PGD 1a05067 P4D 1a05067 PUD 1a09063 PMD 37270067 PTE 800000001bf21161"],
    ["x86, bad_page_table", "Bad pagetable: 000d [#1] SMP"],
    ["arm, 2.6.12 on", "[c0a0da06] *pgd=00a1941e(bad)"],
    ["arm with LPAE", "[00000000] *pgd=80000080004003, *pmd=00000000"],
    ["arm", "[b6f00000] *pgd=8d5a5831, *pte=8a44e14f, *ppte=8a44e83f"],
    [
      "arm64, to 4.x",
      "[ffffff8008c30000] *pgd=00000000bfffe003, *pud=00000000bfffe003, *pmd=0000000000000000",
    ],
    [
      "arm64, 5.0 on",
      "[ffff800010c30000] pgd=00000000bffff003, p4d=00000000bfffe003, pud=00000000bfffd003, pmd=0068000040c00f01, pte=00e8000040c30f03",
    ],
    [
      "riscv, 6.14 on",
      "[ffffffd600000000] pgd=000000002fffec01, p4d=000000002fffe801, pud=000000002fffe401, pmd=0000000000000000",
    ],
    ["s390", "AS:00000000b8fb8007 R3:00000000b8fbc007 S:00000000b8fbb801 P:000000000000013f"],
    ["pmd_clear_bad()", "mm/pgtable-generic.c:50: bad pmd ffff8800378c1b30(0000000000740069)"],
    ["print_bad_pte()", "BUG: Bad page map in process a  pte:01000000 pmd:10fe4f067"],
    ["print_bad_page_map(), 6.18 on", "BUG: Bad page map in process a  pmd:01000000"],
    ["swap_info_get()", "swap_info_get: Bad swap file entry 007e9058"],
    ["swap_free(), 2.6", "swap_free: Bad swap offset entry 80000000"],
    ["get_swap_device()", "get_swap_device: Bad swap offset entry 3ffffffffffff"],
  ])("%s: %s is seen", (_, line) => {
    expect([line, TELLING.test(line)]).toEqual([line, true]);
    if (!line.startsWith("Bad pagetable")) expect(sightingsIn(line).length).toBeGreaterThan(0);
  });

  it("leaves out what tells nothing, and counts its lines", async () => {
    const text = QUIET.repeat(20_000) + REPORT + QUIET.repeat(20_000);
    let size = 0;
    for await (const block of sieve(texts(text))) size += block.text.length;
    expect(size).toBeLessThan(text.length / 4);
    const { reports } = await explainAll(text);
    expect(reports.map(({ lines }) => lines)).toEqual([[20_001, 20_001]]);
  });

  it("a report that stands across two blocks is one", async () => {
    for (const size of [1, 7, 64, 100_000]) {
      const text = QUIET.repeat(10) + REPORT;
      const parts = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
        text.slice(i * size, (i + 1) * size),
      );
      const { reports } = await explainAll(parts);
      expect(reports).toHaveLength(1);
      expect(reports[0]).toMatchObject({ kernel: "6.1.0-50-amd64", lines: [11, 11] });
    }
  });
});
