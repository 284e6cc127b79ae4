import { describe, expect, test } from "vitest";
import { parseConfig, refusedLines, strangeLines } from "../common/kconfig.ts";
import { commandOf, constantsHeader, kernelFlags, words } from "./compile.ts";
import { recordedConfig } from "./configure.ts";

describe("the kernel's own flags", () => {
  const recorded = `savedcmd_arch/x86/kernel/asm-offsets.s := gcc -Wp,-MMD,arch/x86/kernel/.asm-offsets.s.d -nostdinc -I./include -include /k/kconfig.h -D__KERNEL__ -Werror -Werror=return-type -O2 -DKBUILD_MODFILE='"./asm-offsets"' -fverbose-asm -S -o arch/x86/kernel/asm-offsets.s /k/arch/x86/kernel/asm-offsets.c

source_arch/x86/kernel/asm-offsets.s := /k/arch/x86/kernel/asm-offsets.c
`;

  test("are the recorded command of asm-offsets.s, less its own output, source and -Werror", () => {
    expect(kernelFlags(commandOf(recorded))).toEqual([
      "gcc",
      "-nostdinc",
      "-I./include",
      "-include",
      "/k/kconfig.h",
      "-D__KERNEL__",
      "-O2",
      '-DKBUILD_MODFILE="./asm-offsets"',
    ]);
  });

  test("are found under the name that kbuild gave them up to v6.2, too", () => {
    expect(commandOf("cmd_kernel/bounds.s := gcc -O2 x.c\n")).toEqual(["gcc", "-O2", "x.c"]);
    expect(() => commandOf("nothing\n")).toThrow("no command is recorded");
  });

  test("keep the quotes' content, as a shell would", () => {
    expect(words(`a -DX='"b c"' "d \\"e" f\\ g`)).toEqual(["a", '-DX="b c"', 'd "e', "f g"]);
  });

  test("constants are asked for only where the preprocessor knows the name", () => {
    expect(constantsHeader(["SWP_HWPOISON"])).toBe("#ifdef SWP_HWPOISON\nCONSTANT(SWP_HWPOISON)\n#endif\n");
  });
});

describe("the configuration", () => {
  const config = parseConfig(
    'CONFIG_SWAP=y\n# CONFIG_KASAN is not set\nCONFIG_NAME="x"\nCONFIG_PGTABLE_LEVELS=4\n',
  );

  test("is read with what is on, what is off, and values without their quotes", () => {
    expect(config).toEqual({
      CONFIG_SWAP: "y",
      CONFIG_KASAN: null,
      CONFIG_NAME: "x",
      CONFIG_PGTABLE_LEVELS: "4",
    });
  });

  test("names the lines of a fragment that did not take effect", () => {
    const fragment = "CONFIG_SWAP=y\nCONFIG_KASAN=y\n# CONFIG_ABSENT is not set\n# CONFIG_SWAP is not set\n";
    expect(refusedLines("CONFIG_SWAP=y\n# CONFIG_ABSENT is not set\n", config)).toEqual([]);
    expect(refusedLines(fragment, config)).toEqual(["# CONFIG_SWAP is not set", "CONFIG_KASAN=y"]);
  });

  test("takes no line of a fragment that sets nothing and is no comment", () => {
    expect(strangeLines("CONFIG_SWAP=y\n# CONFIG_KASAN is not set\n# why\n\n")).toEqual([]);
    expect(strangeLines("SWAP=y\nCONFIG_SWAP\n")).toEqual(["SWAP=y", "CONFIG_SWAP"]);
  });

  test("goes into a vector file as the symbols that matter and are on", () => {
    expect(recordedConfig(config)).toEqual({ CONFIG_SWAP: "y", CONFIG_PGTABLE_LEVELS: "4" });
  });
});
