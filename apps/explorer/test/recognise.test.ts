import { describe, expect, it } from "vitest";
import { recognise } from "../src/recognise.ts";

describe("what is pasted is recognised", () => {
  it.each([
    ["0x17c0", "0x17c0", null],
    ["  fffffffffffffc00\n", "0xfffffffffffffc00", null],
    ["0x8000_0000_0000_0867", "0x8000000000000867", null],
    ["pte:8000000104a2e067", "0x8000000104a2e067", "pte"],
    ["swp_entry_t 0x7c00000000000001", "0x7c00000000000001", "entry"],
    ["entry 2d15", "0x2d15", "entry"],
    ["val = 0x7c00000000000001,", "0x7c00000000000001", "entry"],
    ["pagemap 8600000000000805", "0x8600000000000805", "pagemap"],
    ["0x12ULL", "0x12", null],
  ])("%j is a word", (text, word, as) => {
    expect(recognise(text)).toEqual({ what: "word", word, as, base: 16, decimal: null });
  });

  it.each([
    ["4660", "0x4660", "0x1234"],
    ["8600000000000805", "0x8600000000000805", "0x1e8da789118325"],
  ])("%j is hexadecimal, and could be decimal", (text, word, decimal) => {
    expect(recognise(text)).toEqual({ what: "word", word, as: null, base: 16, decimal });
  });

  it.each(["0x4660", "0017", "7", "pte:4660"])("%j is no decimal number", (text) => {
    expect(recognise(text)).toMatchObject({ base: 16, decimal: null });
  });

  it.each([
    ["9223372041227526247", "0x8000000104a2e067"],
    ["18446744073709550592", "0xfffffffffffffc00"],
  ])("%j has too many digits for a hexadecimal word, and is decimal", (text, word) => {
    expect(recognise(text)).toEqual({ what: "word", word, as: null, base: 10, decimal: null });
  });

  it("what needs more than 64 bits either way stays hexadecimal, to be refused as it was typed", () => {
    expect(recognise("18446744073709551616")).toMatchObject({ word: "0x18446744073709551616", base: 16 });
  });

  it.each([
    ["0x17c0 0x18c0", ["0x17c0", "0x18c0"]],
    ["17c0, 18C0;\n1_0\n", ["0x17c0", "0x18c0", "0x10"]],
  ])("%j are words", (text, words) => {
    expect(recognise(text)).toEqual({ what: "words", words });
  });

  it.each([
    "BUG: Bad page map in process java  pte:1fffffffffdb9600 pmd:104a2b067",
    "swap_info_get: Bad swap file entry 2d15",
    "hello",
    "process 17c0",
    "a bad cafe",
    "0x17c0 is it",
  ])("%j is a log", (text) => {
    expect(recognise(text)).toEqual({ what: "log", text });
  });

  it("a .config is one, with its comments", () => {
    const text =
      "#\n# Automatically generated file\n#\nCONFIG_X86_64=y\n# CONFIG_X86_5LEVEL is not set\nCONFIG_NR_CPUS=8192\n";
    expect(recognise(text)).toEqual({ what: "config", text });
  });

  it.each(["", "  \n"])("%j is nothing", (text) => {
    expect(recognise(text)).toEqual({ what: "nothing" });
  });
});
