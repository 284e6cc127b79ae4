import { describe, expect, test } from "vitest";
import { readOptions, UsageError } from "./options.ts";

const read = (line: string) => readOptions(line.split(" ").filter(Boolean), "/tmp");

describe("the command line of npm run vectors", () => {
  test("--arch alone means the first variant, Debian's 6.12, seed 1, and a file here", () => {
    expect(read("--arch arm64")).toEqual({
      mode: "make",
      arch: "arm64",
      variant: "4k",
      debian: "6.12",
      kernelSource: undefined,
      config: undefined,
      seed: 1n,
      like: undefined,
      out: ".",
      work: "/tmp/ptekit-vectors",
    });
  });

  test("a tree of one's own takes the place of Debian's", () => {
    expect(read("--arch arm --variant lpae --kernel-source /src/linux --seed 7")).toMatchObject({
      variant: "lpae",
      debian: undefined,
      kernelSource: "/src/linux",
      seed: 7n,
    });
  });

  test("--like and --reproduce write no file unless --out asks for it", () => {
    expect(read("--like a.json")).toMatchObject({
      mode: "like",
      like: "a.json",
      out: undefined,
      debian: undefined,
    });
    expect(read("--reproduce --out o")).toMatchObject({ mode: "reproduce", out: "o" });
  });

  test.each([
    ["", "one of --arch, --like and --reproduce is needed; --help says more"],
    ["--arch vax", "no toolchain is listed for --arch vax; there is arm, arm64, i386, m68k, mips, parisc"],
    ["--arch constructor", "no toolchain is listed for --arch constructor; there is arm, arm64, i386, m68k"],
    ["--arch arm --variant 64k", "arm has no variant 64k; there is 2level, lpae"],
    ["--arch arm --debian six", "--debian six: say a version as in the package's name, such as 6.12"],
    ["--arch arm --seed -1", "Option '--seed' argument is ambiguous"],
    ["--arch arm --seed=-1", "--seed -1: a whole number of at most 18 digits is needed"],
    ["--arch arm --frob", "Unknown option '--frob'"],
    ["--arch arm --reproduce", "--arch and --reproduce do not go together"],
    ["--arch arm --debian 6.1 --kernel-source d", "--debian and --kernel-source do not go together"],
    ["--like f --seed 3", "--seed comes from the vector file with --like"],
    [
      "--reproduce --kernel-source d",
      "--reproduce takes its sources from Debian's packages; use --like FILE --kernel-source DIR",
    ],
  ])("%j is refused in a sentence", (line, sentence) => {
    expect(() => read(line)).toThrow(UsageError);
    expect(() => read(line)).toThrow(sentence);
  });
});
