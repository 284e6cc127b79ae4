import { describe, expect, it } from "vitest";
import { kernelOfConfig } from "../src/index.ts";

describe("kernelOfConfig", () => {
  it("reads the head that Kconfig writes, today's and that of 2.6", () => {
    const head = "#\n# Automatically generated file; DO NOT EDIT.\n";
    expect(
      kernelOfConfig(`${head}# Linux/arm64 6.12.57 Kernel Configuration\n#\nCONFIG_ARM64=y\nCONFIG_MMU=y\n`),
    ).toEqual({ arch: "arm64", release: "6.12.57" });
    expect(
      kernelOfConfig(
        "#\n# Automatically generated make config: don't edit\n# Linux kernel version: 2.6.32-5-686\n# Mon Jan 16 2012\n#\n# CONFIG_64BIT is not set\nCONFIG_X86_32=y\nCONFIG_X86=y\n",
      ),
    ).toEqual({ arch: "i386", release: "2.6.32-5-686" });
  });

  it("user-mode Linux comes before its host, and what says nothing says null", () => {
    expect(kernelOfConfig("CONFIG_X86_64=y\nCONFIG_UML=y\n").arch).toBe("um");
    expect(kernelOfConfig("CONFIG_SWAP=y\n# CONFIG_ARM64 is not set\n")).toEqual({
      arch: null,
      release: null,
    });
    expect(() => kernelOfConfig("no config at all")).toThrow(/line 1 is not a line of a .config/);
  });
});
