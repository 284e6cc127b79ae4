import { describe, expect, it } from "vitest";
import { checkArch, isAboutCitation } from "../packages/core/dist/index.js";
import { loadArchitectures } from "./generate/packages.mjs";

const archs = await loadArchitectures();

describe.each([...archs])("%s", (_, arch) => {
  it("every citation names a file or commit and a release", () => {
    expect(citations(arch).length).toBeGreaterThan(arch.layouts.length);
    expect(checkArch(arch).filter(isAboutCitation)).toEqual([]);
  });

  it("nothing is left unfinished", () => {
    expect(arch.unfinished ?? []).toEqual([]);
  });
});

it("a citation without a release, or without a file or commit, is found", () => {
  const arch = archs.get("arm");
  for (const citation of [
    "arch/arm/include/asm/pgtable.h",
    "as of Linux v6.12",
    "Linux kernel commit 20aae9eff5ac",
    "",
  ]) {
    const layouts = [{ ...arch.layouts[0], citation }, ...arch.layouts.slice(1)];
    expect(checkArch({ ...arch, layouts })).toEqual([
      `${arch.layouts[0].id}: the citation names no file or commit with its release`,
    ]);
  }
});

/** Every `citation` in the data, however deep. */
function citations(value) {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => (key === "citation" ? [part] : citations(part)));
}
