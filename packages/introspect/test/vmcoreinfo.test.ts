import { describe, expect, test } from "vitest";
import { findVmcoreinfo, parseVmcoreinfo } from "../src/index.ts";

const TEXT = `OSRELEASE=7.2.13+deb14-amd64
BUILD-ID=f8da1e460d1343b62f4a8880ae5ce63634756e7a
PAGESIZE=4096
SYMBOL(_stext)=ffffffffb7a00000
OFFSET(uts_namespace.name)=0
SIZE(page)=64
NUMBER(phys_base)=-786432000
NUMBER(VMALLOC_START)=0xffffcb5380000000
NUMBER(pgtable_l5_enabled)=0
KERNELOFFSET=36a00000
CRASHTIME=1764000000
`;

describe("a text as the kernel writes it", () => {
  const info = parseVmcoreinfo(TEXT);

  test("has its release, build and page size", () => {
    expect([info.release, info.buildId, info.pageSize]).toEqual([
      "7.2.13+deb14-amd64",
      "f8da1e460d1343b62f4a8880ae5ce63634756e7a",
      4096,
    ]);
  });

  test("has symbols, offsets, sizes, and numbers as the kernel's 64 bits", () => {
    expect(info.symbol("_stext")).toBe(0xffff_ffff_b7a0_0000n);
    expect([info.offset("uts_namespace.name"), info.size("page")]).toEqual([0, 64]);
    expect(info.number("phys_base")).toBe(2n ** 64n - 786432000n);
    expect(info.number("VMALLOC_START")).toBe(0xffff_cb53_8000_0000n);
    expect(info.number("pgtable_l5_enabled")).toBe(0n);
  });

  test("has null for what it lacks", () => {
    expect([info.symbol("x"), info.number("x"), info.offset("x"), info.size("x")]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});

test("what is no VMCOREINFO is refused by code; a line that makes no sense is passed over", () => {
  for (const text of ["", "hello\n", "\0\0\0", "x".repeat(5_000_000)])
    expect(() => parseVmcoreinfo(text)).toThrow(expect.objectContaining({ code: "BAD_FILE" }));
  const odd = parseVmcoreinfo(
    "OSRELEASE=6.1\r\nSYMBOL(a)=zz\nNUMBER(b)=1e9\nPAGESIZE=-1\nSYMBOL(c)=ffffffffffffffffff\n",
  );
  expect([odd.release, odd.symbol("a"), odd.number("b"), odd.pageSize, odd.symbol("c")]).toEqual([
    "6.1",
    null,
    null,
    null,
    null,
  ]);
});

test("of two lines with one name the first counts", () => {
  expect(parseVmcoreinfo("OSRELEASE=6.1\nOSRELEASE=6.2\n").release).toBe("6.1");
});

test("texts are found in memory by the pages that begin so, also beside pages that are not there", () => {
  const page = 4096;
  const bytes = new Uint8Array(3000 * page);
  const put = (at: number): void => void bytes.set(new TextEncoder().encode(TEXT), at);
  for (const at of [5 * page, 300 * page, 2999 * page]) put(at);
  // Not where a page begins.
  put(7 * page + 8);
  const memory = {
    ranges: [{ start: 0x1000n, end: BigInt(bytes.length) }],
    read: (address: bigint, into: Uint8Array) => {
      const at = Number(address);
      if (at <= 600 * page && at + into.length > 600 * page) return "excluded" as const;
      into.set(bytes.subarray(at, at + into.length));
      return "read" as const;
    },
  };
  const found = [...findVmcoreinfo(memory)];
  expect(found.map(({ address }) => Number(address) / page)).toEqual([5, 300, 2999]);
  expect(found.map(({ text }) => text)).toEqual([TEXT, TEXT, TEXT]);
});
