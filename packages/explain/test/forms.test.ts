import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import type { Source } from "../src/index.ts";
import { explain, explainAll } from "../src/index.ts";

// A machine may be busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

const REPORT = [
  "swap_info_get: Bad swap offset entry 1ffffffffffff",
  "BUG: Bad page map in process gnome-terminal-  pte:400000000000000 pmd:a9ed2067",
  "addr:00000000bd2fe465 vm_flags:08000070 anon_vma:          (null) mapping:          (null) index:bd2fe465",
  "CPU: 2 PID: 21057 Comm: gnome-terminal- Tainted: G    B      OE     4.18.8-200.fc28.x86_64 #1",
  "Hardware name: ASUS All Series/Z97-K, BIOS 2305 10/09/2014",
];
const plain = REPORT.join("\n");
const each = (of: (line: string, index: number) => string, between = "\n"): string =>
  REPORT.map(of).join(between);
const wrapped = (text: string, width: number, first = "", next = ""): string =>
  text
    .split("\n")
    .map((line) => {
      const rows: string[] = [];
      let row = first;
      for (const word of line.split(/(?<= )/)) {
        if (row.length + word.trimEnd().length > width && row.trim() !== "") {
          rows.push(row.trimEnd());
          row = next;
        }
        row += word;
      }
      return [...rows, row].join("\n");
    })
    .join("\n");
const quotedPrintable = (text: string): string =>
  text
    .replaceAll("=", "=3D")
    .split("\n")
    .map((line) => line.replace(/.{75}(?=.)/g, "$&=\n"))
    .join("\n");
const hard = (text: string, width: number): string =>
  text.replace(new RegExp(`.{${width}}(?=.)`, "g"), "$&\n");
const stamped = (line: string, i: number): string => `[  123.45678${i}] ${line}`;
const json = (line: string, i: number, more: object = {}): string =>
  JSON.stringify({
    __CURSOR: `s=${i}`,
    MESSAGE: line,
    PRIORITY: "1",
    _HOSTNAME: "host1",
    _BOOT_ID: "abc",
    ...more,
  });

/** One report, as people and machines hand it on. */
const FORMS: Readonly<Record<string, Source>> = {
  plain,
  "with Windows line ends": each((line) => line, "\r\n"),
  "of a serial console": each((line) => line, "\r\r\n"),
  "with time stamps": each(stamped),
  "with levels": each((line, i) => `<1>${stamped(line, i)}`),
  "with callers": each((line) => `[  123.456789][ T4242] ${line}`),
  "of dmesg -T": each((line) => `[Fri Apr 10 02:24:18 2020] ${line}`),
  "of dmesg -x": each((line, i) => `kern  :alert : ${stamped(line, i)}`),
  "of dmesg -H": each((line) => `[Apr10 02:24] ${line}`),
  "of journalctl": each((line) => `Apr 10 02:24:18 host1 kernel: ${line}`),
  "of journalctl -o short-iso": each((line) => `2020-04-10T02:24:18+0000 host1 kernel: ${line}`),
  "of journalctl -o short-monotonic": each((line) => `[   12.345678] host1 kernel: ${line}`),
  "of journalctl -o json": each(json),
  "of journalctl -o json, as bytes": each((line, i) =>
    json(line, i, { MESSAGE: [...new TextEncoder().encode(line)] }),
  ),
  "of journalctl -o json-pretty": each(
    (line) => `{\n\t"__CURSOR" : "s=1",\n\t"MESSAGE" : ${JSON.stringify(line)},\n\t"PRIORITY" : "1"\n}`,
  ),
  "of journalctl -o export": each((line) => `__CURSOR=s=1\nPRIORITY=1\nMESSAGE=${line}\n_HOSTNAME=host1\n`),
  "of a syslog daemon": each((line, i) => `Apr 10 02:24:18 host1 kernel: ${stamped(line, i)}`),
  "of RFC 5424": each((line, i) => `<1>1 2020-04-10T02:24:18.123456Z host1 kernel - - - ${stamped(line, i)}`),
  "of OpenWrt's logread": each(
    (line, i) => `Fri Apr 10 02:24:18 2020 kern.alert kernel: ${stamped(line, i)}`,
  ),
  "of Docker": each((line) =>
    JSON.stringify({ log: `${line}\n`, stream: "stdout", time: "2020-04-10T02:24:18Z" }),
  ),
  "of Kubernetes": each((line) => `2020-04-10T02:24:18.123456789Z stdout F ${line}`),
  "of a cloud's log": each((line) => JSON.stringify({ textPayload: line, severity: "ERROR" })),
  "in one message of JSON": JSON.stringify({ log: plain }),
  "of netconsole": each((line, i) => `10.0.0.1:6665 ${stamped(line, i)}`),
  "of netconsole, extended": each((line, i) => `1,${i},123456789,-;${line}`),
  "of pstore": `Oops#1 Part1\n${each((line, i) => `<1>${stamped(line, i)}`)}`,
  "of logcat": each((line, i) => `04-10 02:24:18.123     0     0 E KERNEL  : ${stamped(line, i)}`),
  "of grep": each((line) => `messages:Apr 10 02:24:18 host1 kernel: ${line}`),
  "quoted twice": each((line, i) => `> > ${stamped(line, i)}`),
  "in a comment": each((line) => `# ${line}`),
  "in Markdown": `\`\`\`\n${plain}\n\`\`\``,
  indented: each((line) => `    ${line}`),
  "wrapped by a mailer": wrapped(each(stamped), 72),
  "wrapped by a mailer, without stamps": wrapped(plain, 76),
  "wrapped and quoted": wrapped(each(stamped), 76, "> ", "> "),
  "quoted-printable": quotedPrintable(plain),
  "quoted-printable, with stamps": quotedPrintable(each(stamped)),
  "wrapped by a terminal of 80 columns": hard(each(stamped), 80),
  "in a page": `<pre>${each((line) => `${line.replaceAll("<", "&lt;")}<br>`)}</pre>`,
  "in colours": each((line) => `\u001b[31m${line}\u001b[0m`),
  "in UTF-16": Uint8Array.from(Buffer.from(`\ufeff${plain}`, "utf16le")),
  "in UTF-16 without a mark": Uint8Array.from(Buffer.from(plain, "utf16le")),
  "in UTF-8 with a mark": new TextEncoder().encode(`\ufeff${plain}`),
  "packed by gzip": gzipSync(plain),
  "on one line": each((line) => line, " "),
};

describe("a report reads the same", () => {
  it.each(Object.entries(FORMS))("%s", async (_name, source) => {
    const { reports } = await explainAll(source);
    expect(reports).toHaveLength(1);
    const [report] = reports;
    expect(report).toMatchObject({
      arch: "x86_64",
      kernel: "4.18.8-200.fc28.x86_64",
      process: "gnome-terminal-",
      verdict: { cause: "one-bit" },
      question: null,
    });
    expect(report?.words[0]).toMatchObject({
      word: "400000000000000",
      entry: "1ffffffffffff",
      level: "pte",
      kind: "swap",
      type: 0,
      offset: "0x1ffffffffffff",
      agreement: "same",
    });
  });
});

describe("what stands apart stays apart", () => {
  const bug = (comm: string): string => `BUG: Bad page map in process ${comm}  pte:01000000 pmd:10fe4f067`;
  const cpu = (comm: string, release: string): string =>
    `CPU: 3 PID: 712 Comm: ${comm} Not tainted ${release} #1`;
  const kernels = async (log: string): Promise<(string | null)[]> =>
    (await explainAll(log)).reports.map(({ kernel }) => kernel);

  it("the same words of two kernels are two reports, far from each other and near", async () => {
    for (const lines of [0, 3, 20, 300]) {
      const log = [
        bug("a"),
        cpu("a", "6.1.0-50-amd64"),
        ...Array.from({ length: lines }, () => "filler"),
        bug("a"),
        cpu("a", "4.9.0-2-amd64"),
      ].join("\n");
      expect(await kernels(log)).toEqual(["6.1.0-50-amd64", "4.9.0-2-amd64"]);
    }
  });

  it("entries of two architectures, each with its own kernel's line behind it", async () => {
    const log = `get_swap_device: Bad swap file entry 5003e9b4
${cpu("a", "5.7.0-armmp")}
get_swap_device: Bad swap file entry 4000000000000123
${cpu("a", "6.1.0-50-amd64")}`;
    const { reports } = await explainAll(log);
    expect(reports.map(({ arch, kernel }) => [arch, kernel])).toEqual([
      ["arm", "5.7.0-armmp"],
      ["x86_64", "6.1.0-50-amd64"],
    ]);
  });

  it("two hosts in one syslog", async () => {
    const at = (host: string, line: string): string => `Apr 10 02:24:18 ${host} kernel: ${line}`;
    const log = [
      at("left", "Linux version 6.1.0-50-amd64 (gcc)"),
      at("right", "Linux version 5.10.0-9-arm64 (gcc)"),
      at("left", bug("a")),
      at("right", bug("a")),
    ].join("\n");
    const { reports } = await explainAll(log);
    expect(reports.map(({ host, arch }) => [host, arch])).toEqual([
      ["left", "x86_64"],
      ["right", "arm64"],
    ]);
  });

  it("two boots of one machine", async () => {
    const log = `[    0.000000] Linux version 6.1.0-50-amd64 (gcc)
[   10.000000] ${bug("a")}
[    0.000000] Linux version 4.9.0-2-amd64 (gcc)
[   10.000000] ${bug("a")}`;
    expect(await kernels(log)).toEqual(["6.1.0-50-amd64", "4.9.0-2-amd64"]);
  });

  it("two CPUs that print at once: each entry gets the dump of its own page", async () => {
    const log = `[1.0] BUG: Bad page map in process a  pte:8000000012345067 pmd:10fe4f067
[1.0] BUG: Bad page map in process b  pte:8000000023456067 pmd:10fe50067
[1.0] page:ffffea0000000001 refcount:1 mapcount:-1 mapping:0000000000000000 index:0x0 pfn:0x23456
[1.0] page:ffffea0000000002 refcount:1 mapcount:0 mapping:0000000000000000 index:0x0 pfn:0x12345
[1.0] ${cpu("a", "6.1.0-50-amd64")}`;
    const { reports } = await explainAll(log);
    expect(reports.map(({ verdict }) => verdict.cause)).toEqual(["fine-pte", "mapcount-underflow"]);
  });

  it("the same again is counted", async () => {
    const log = `${cpu("a", "6.1.0-50-amd64")}\n${`${bug("a")}\n`.repeat(5)}`;
    const { reports } = await explainAll(log);
    expect(reports).toHaveLength(1);
    expect(reports[0]?.again).toBe(4);
  });
});

describe("other kinds of report", () => {
  it("a PMD whose huge page has a wrong count, as 6.18 prints it", async () => {
    const log = `BUG: Bad page map in process x  pmd:80000001234008e7
pgd:11394a067 p4d:11394a067 pud:100f96067
page: refcount:1 mapcount:-1 mapping:0000000000000000 index:0x0 pfn:0x123400
addr:00007f2ae1511000 vm_flags:c8100073 anon_vma:ffff8ab79bcea1a0 mapping:0000000000000000 index:7f2ae1511
CPU: 2 UID: 0 PID: 52 Comm: x Not tainted 6.19.0 #4 PREEMPT(voluntary)`;
    const { reports } = await explainAll(log);
    expect(reports).toHaveLength(1);
    expect(reports[0]?.words[0]).toMatchObject({ level: "pmd", kind: "present", pfn: "0x123400" });
    expect(reports[0]?.verdict.cause).toBe("mapcount-underflow");
  });

  it("crash's vtop is one report, and the PTE stands in it once", async () => {
    const log = `crash> sys | grep RELEASE
     RELEASE: 6.1.0-50-amd64
crash> vtop 7f1234567000
VIRTUAL     PHYSICAL
7f1234567000  (not mapped)

   PML4: 104a2b7f0 => 80000001049ee067
    PUD: 1049ee240 => 104a2c067
    PMD: 104a2c488 => 104a2e067
    PTE: 104a2eb38 => 7fffffffdb96000

      PTE         SWAP     OFFSET
7fffffffdb96000  /dev/sda2  4660`;
    const { reports } = await explainAll(log);
    expect(reports.map(({ message }) => message)).toEqual(["crash vtop"]);
    expect(reports[0]?.words.map(({ level, word }) => [level, word])).toEqual([
      ["pte", "7fffffffdb96000"],
      ["pgd", "80000001049ee067"],
      ["pud", "104a2c067"],
      ["pmd", "104a2e067"],
    ]);
  });

  it("a word that is too wide is no word of any kernel", async () => {
    for (const word of ["fffffffffffffffffffffff", "f".repeat(390), "10000000000000001"]) {
      const { reports } = await explainAll(
        `Linux version 6.1.0-50-amd64\nget_swap_device: Bad swap file entry ${word}`,
      );
      expect(reports[0]?.verdict).toMatchObject({ cause: "too-wide" });
      expect(reports[0]?.verdict.sentence).toMatch(/needs \d+ bits; no kernel has such a word/);
    }
  });

  it("an option that a candidate does not know rules it out", async () => {
    const log =
      "Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16\nget_swap_device: Bad swap file entry 4000000000000123";
    const { reports } = await explainAll(log, { release: "6.1", cpu: "la57" });
    expect(reports[0]?.arch).toBe("x86_64");
  });

  it("neither a build host nor a tool's version is the kernel's", async () => {
    const log = `[    0.000000] Linux version 6.6.1 (builder@ci-amd64-3) (riscv64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld 2.40) #1 SMP
[    9.000000] BUG: Bad page map in process a  pte:20682653 pmd:20f23c01
[    9.000000] epc : 0000003f99c9a3be ra : 0000003f99c9a39c`;
    const { reports } = await explainAll(log);
    expect(reports[0]).toMatchObject({ arch: "riscv", kernel: "6.6.1" });
  });

  it("advice names kernels that this one is not", async () => {
    const log = `This is fixed in 6.12.3, please upgrade to 6.13.
BUG: Bad page map in process a  pte:8000000012345067 pmd:10fe4f067
CPU: 0 PID: 1 Comm: a Not tainted 6.1.0-50-amd64 #1`;
    expect((await explainAll(log)).reports[0]?.kernel).toBe("6.1.0-50-amd64");
    const [alone] = (await explainAll(log.split("\n").slice(0, 2).join("\n"))).reports;
    expect(alone?.kernel).toBeNull();
  });
});

describe("a stream", () => {
  it("gives its reports as it comes, and the verdict at its end", async () => {
    const found = explain([`${plain}\n`, "filler\n"]);
    const first = await found.next();
    expect(first.done).toBe(false);
    expect(await found.next()).toMatchObject({ done: true, value: { cause: "one-bit" } });
  });

  it("what is packed otherwise is refused by its name", async () => {
    const xz = Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1, 2);
    await expect(explainAll(xz)).rejects.toMatchObject({
      code: "BAD_FILE",
      message: expect.stringMatching(/packed: xz; .*xz -dc/),
    });
  });

  it("an architecture that is none is refused before the log is read", async () => {
    await expect(explainAll("x", { arch: "hexagon64" })).rejects.toMatchObject({ code: "UNKNOWN_ARCH" });
  });
});
