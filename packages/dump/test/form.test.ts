import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { fileForm } from "../src/index.ts";

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

describe("what a file is by its beginning", () => {
  const files: readonly (readonly [string, Uint8Array, string | null])[] = [
    ["gzip", gzipSync("log"), "compressed with gzip; decompress it first"],
    ["xz", bytes("\xfd7zXZ\0\0\x04"), "compressed with xz; decompress it first"],
    ["zstd", bytes("\x28\xb5\x2f\xfd\x04"), "compressed with zstd; decompress it first"],
    ["UTF-16", bytes("\xff\xfea\0"), "text in UTF-16"],
    [
      "this program",
      fs.readFileSync(process.execPath).subarray(0, 4096),
      "an ELF program, library or kernel image",
    ],
    ["text", bytes("Linux version 6.12\n"), null],
    ["text in UTF-16 without a mark", Buffer.from("Linux version 6.12\n", "utf16le"), "text in UTF-16"],
    ["the same, big endian", Buffer.from("Linux version 6.12\n", "utf16le").swap16(), "text in UTF-16"],
    ["nothing", new Uint8Array(0), null],
    ["zeros", new Uint8Array(4096), null],
  ];
  for (const [name, head, is] of files.filter(
    ([name]) => name !== "this program" || process.platform === "linux",
  ))
    it(`${name}: ${is}`, () => expect(fileForm(head)?.is ?? null).toBe(is));

  it("a dump of a real kernel", () => {
    const file = new URL("../../introspect/test/dumps/amd64-6.1.kdump", import.meta.url);
    expect(fileForm(fs.readFileSync(file).subarray(0, 4096))).toMatchObject({ kind: "dump" });
  });
});

// What running kernels had in their page tables, beside their own pagemap.
const archs = fileURLToPath(new URL("../../arch/", import.meta.url));
const live = fs.readdirSync(archs).flatMap((arch) => {
  const folder = `${archs}${arch}/live`;
  return fs.existsSync(folder) ? fs.readdirSync(folder).map((name) => `${folder}/${name}`) : [];
});

const asWords = (texts: readonly string[], little: boolean): Uint8Array => {
  const view = new DataView(new ArrayBuffer(texts.length * 8));
  for (const [i, text] of texts.entries()) view.setBigUint64(i * 8, BigInt(text), little);
  return new Uint8Array(view.buffer);
};

describe("a pagemap is told from page tables", () => {
  expect(live.length).toBeGreaterThan(5);
  for (const file of live) {
    const { rows } = JSON.parse(fs.readFileSync(file, "utf8")) as {
      rows: { pte: string; pagemap: string }[];
    };
    it(file.slice(archs.length), () => {
      for (const little of [true, false]) {
        const own = rows.map(({ pagemap }) => pagemap).filter((word) => word !== undefined);
        expect(fileForm(asWords(own, little))?.kind).toBe("pagemap");
        expect(
          fileForm(
            asWords(
              rows.map(({ pte }) => pte),
              little,
            ),
          ),
        ).toBe(null);
      }
    });
  }

  it("of a reader who sees no page frames, too", () => {
    const words = Array.from({ length: 64 }, (_, i) =>
      i % 3 === 0 ? "0x0" : i % 3 === 1 ? "0x8180000000000000" : "0xa180000000000000",
    );
    expect(fileForm(asWords(words, true))?.kind).toBe("pagemap");
  });
});
