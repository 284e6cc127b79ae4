import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it, vi } from "vitest";
import { BIN, ptekit } from "./run.ts";

vi.setConfig({ testTimeout: 60_000 });

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-other-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
const KDUMP = fileURLToPath(
  new URL("../../../packages/introspect/test/dumps/amd64-6.1.kdump", import.meta.url),
);

const words = (texts: readonly string[]): Buffer => {
  const bytes = Buffer.alloc(texts.length * 8);
  for (const [i, text] of texts.entries()) bytes.writeBigUInt64LE(BigInt(text), i * 8);
  return bytes;
};
const live = JSON.parse(
  fs.readFileSync(new URL("../../../packages/arch/x86_64/live/amd64-7.2.json", import.meta.url), "utf8"),
) as { rows: { pte: string; pagemap: string }[] };

// Whole numbers of PTEs, so that nothing else is wrong with them.
const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
const files: Readonly<Record<string, Buffer>> = {
  elf: padded(fs.readFileSync(process.execPath).subarray(0, 65_536)),
  gz: padded(gzipSync(Buffer.alloc(4096, "a log"))),
  xz: padded(Buffer.from("\xfd7zXZ\0\0\x04 a stream", "latin1")),
  zst: padded(Buffer.from("\x28\xb5\x2f\xfd\x04 a stream", "latin1")),
  pagemap: words(live.rows.map(({ pagemap }) => pagemap)),
  utf16: padded(Buffer.from("\ufeffBUG: Bad page map in process a  pte:01000000\n", "utf16le")),
  ptes: words(live.rows.map(({ pte }) => pte)),
};
for (const [name, bytes] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), bytes);

const X86 = ["--arch", "x86_64", "--kernel", "7.2"];
const ran = (command: readonly string[], file: string) => ptekit([...command, file], "", process.env, folder);

describe("find and census name what is no file of PTEs, and what to do", () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ["elf", /^ptekit: elf is an ELF program, library or kernel image$/m],
    ["gz", /^ptekit: gz is compressed with gzip; decompress it first$/m],
    ["xz", /^ptekit: xz is compressed with xz; decompress it first$/m],
    ["zst", /^ptekit: zst is compressed with zstd; decompress it first$/m],
    [
      "pagemap",
      /^ptekit: pagemap is what \/proc\/PID\/pagemap holds, it seems: .* ptekit decode --pagemap takes/m,
    ],
    ["utf16", /^ptekit: utf16 is text in UTF-16, no page-table entries$/m],
  ];
  for (const [file, sentence] of refused)
    it(file, () => {
      for (const command of [["census"], ["find", "--kind", "swap"]]) {
        const { status, out, err } = ran([...command, ...X86], file);
        expect([status, out, err]).toEqual([2, "", expect.stringMatching(sentence)]);
      }
    });

  it("on a pipe too", () => {
    for (const [file, name] of [
      ["gz", "compressed with gzip"],
      ["pagemap", "what /proc/PID/pagemap holds"],
    ] as const)
      for (const command of ["census", "find --kind swap"]) {
        const line = `cat ${file} | '${process.execPath}' '${BIN}' ${command} ${X86.join(" ")} - 2>&1; echo $?`;
        const out = execFileSync("sh", ["-c", line], { cwd: folder, encoding: "utf8" });
        expect(out).toMatch(new RegExp(`^ptekit: standard input is ${name}.*\n2\n$`));
      }
  });

  it("page tables are counted", () => {
    const { status, out } = ran(["census", ...X86], "ptes");
    expect([status, out]).toEqual([0, expect.stringContaining(`${live.rows.length} PTEs`)]);
  });
});

describe("explain and decode", () => {
  it("name what is no log", () => {
    const refused: readonly (readonly [string, RegExp])[] = [
      [KDUMP, /amd64-6\.1\.kdump is a kdump-compressed dump: ptekit scan FILE reads dumps/],
      ["elf", /elf is an ELF program/],
      ["xz", /xz is compressed with xz; decompress it first/],
      ["pagemap", /pagemap is what \/proc\/PID\/pagemap holds/],
    ];
    for (const [file, sentence] of refused) {
      const { status, err } = ran(["explain"], file);
      expect([file, status, err]).toEqual([file, 2, expect.stringMatching(sentence)]);
    }
  });

  it("name what is no list of words, and read UTF-16", () => {
    const decode = (input: Buffer): string =>
      execFileSync(
        "sh",
        ["-c", `'${process.execPath}' '${BIN}' decode ${X86.join(" ")} --json - 2>&1; echo $?`],
        {
          input,
          encoding: "utf8",
        },
      );
    expect(decode(files.gz as Buffer)).toMatch(/^ptekit: standard input is compressed with gzip; .*\n2\n$/);
    expect(decode(files.pagemap as Buffer)).toMatch(
      /^ptekit: standard input is what \/proc\/PID\/pagemap holds/,
    );
    expect(decode(Buffer.from("\ufeff0x17c0\r\n0\r\n", "utf16le"))).toMatch(
      /17c0.*\n.*"kind":"none".*\n0\n$/,
    );
  });
});
