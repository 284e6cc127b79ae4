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

describe("a stream", () => {
  it("gives its reports as it comes, and the verdict at its end", async () => {
    const found = explain([`${plain}\n`, "filler\n"]);
    const first = await found.next();
    expect(first.done).toBe(false);
    expect(await found.next()).toMatchObject({ done: true, value: { cause: "one-bit" } });
  });

  it("what is packed otherwise is refused by its name", async () => {
    const xz = Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1, 2);
    await expect(explainAll(xz)).rejects.toThrow(/BAD_FILE: the log is packed: xz; .*xz -dc/);
  });

  it("an architecture that is none is refused before the log is read", async () => {
    await expect(explainAll("x", { arch: "hexagon64" })).rejects.toThrow(/UNKNOWN_ARCH/);
  });
});
