import { existsSync, readdirSync, readFileSync } from "node:fs";
import { decodePagemap, PtekitError } from "@ptekit/core";
import { describe, expect, it } from "vitest";

interface LiveFile {
  readonly release: string;
  readonly rows: readonly { readonly pte: string; readonly pagemap: string; readonly region: string }[];
}

const folders = new URL("../../arch/", import.meta.url);
const files = readdirSync(folders).flatMap((arch) => {
  const folder = new URL(`${arch}/live/`, folders);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name): [string, LiveFile] => [
    name,
    JSON.parse(readFileSync(new URL(name, folder), "utf8")),
  ]);
});

describe("what running kernels wrote into /proc/PID/pagemap", () => {
  it.each(files)(
    "%s: no bit is one that this release never sets, and present and swapped exclude each other",
    (_, file) => {
      for (const { pagemap } of file.rows) {
        const said = decodePagemap(BigInt(pagemap), file.release);
        expect(said.unknown).toEqual([]);
        expect(said.present && said.swapped).toBe(false);
        expect("pfn" in said).toBe(said.present);
        expect("offset" in said).toBe(said.swapped);
      }
    },
  );
});

it("a flag is there from the release on that has a bit for it", () => {
  const word = 0x8600_0000_0000_0805n;
  expect(decodePagemap(word, "5.10")).toEqual({
    word,
    present: true,
    swapped: false,
    fileOrShared: false,
    exclusive: false,
    softDirty: false,
    pfn: 0x805n,
    unknown: [58, 57],
  });
  expect(decodePagemap(word, "6.15")).toMatchObject({ guard: true, uffdWp: true, unknown: [] });
});

it("a swapped page has type and offset", () => {
  expect(decodePagemap((1n << 62n) | (0x1234n << 5n) | 3n, "6.12")).toMatchObject({
    swapped: true,
    type: 3,
    offset: 0x1234n,
  });
});

it.each([-1n, 1n << 64n])("%s is no pagemap word", (word) => {
  expect(() => decodePagemap(word, "6.12")).toThrow(PtekitError);
});
