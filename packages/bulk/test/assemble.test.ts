import { describe, expect, it } from "vitest";
import { signed, unsigned } from "../src/wasm/assemble.ts";

describe("LEB128", () => {
  // The examples of the WebAssembly and DWARF specifications.
  it.each([
    [2, [0x02]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [624485, [0xe5, 0x8e, 0x26]],
    [0xffff_ffff, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])("unsigned %i", (value, bytes) => {
    expect(unsigned(value)).toEqual(bytes);
  });
  it.each([
    [2n, [0x02]],
    [-2n, [0x7e]],
    [127n, [0xff, 0x00]],
    [-127n, [0x81, 0x7f]],
    [-123456n, [0xc0, 0xbb, 0x78]],
    [-0x8000_0000n, [0x80, 0x80, 0x80, 0x80, 0x78]],
  ])("signed %i", (value, bytes) => {
    expect(signed(value)).toEqual(bytes);
  });
});
