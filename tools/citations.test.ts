import type { Architecture } from "@ptekit/core";
import { checkArch, isAboutCitation } from "@ptekit/core";
import * as uffdWp from "@ptekit/uffd-wp";
import { describe, expect, it } from "vitest";
import { archNamed, loadArchitectures } from "./common/architectures.ts";

const archs = await loadArchitectures();

describe.each([...archs])("%s", (_, arch) => {
  it("every citation names a file or commit and a release", () => {
    expect(citations(arch).length).toBeGreaterThan(arch.layouts.length);
    expect(checkArch(arch).filter(isAboutCitation)).toEqual([]);
    expect(citations(arch).filter(namesNothing)).toEqual([]);
  });

  it("nothing is left unfinished", () => {
    expect(arch.unfinished ?? []).toEqual([]);
  });
});

it("the table of swap types names a file or commit and a release with each type and marker", () => {
  const releases = ["5.10", "5.19", "6.1", "6.2", "6.6", "6.12", "6.15", "7.2"];
  const cited = releases.flatMap((release) => citations(archNamed(archs, "x86_64").for({ release }).types));
  expect(new Set(cited).size).toBeGreaterThan(10);
  expect(cited.filter(namesNothing)).toEqual([]);
});

it("the life of a uffd-wp PTE names a file or commit and a release, or a patch that was not merged and its date", () => {
  const posted = /^\[PATCH v\d+ \d+\/\d+\] ".+", \d+ \w+ 20\d\d$/;
  const cited = citations({ ...uffdWp });
  expect(cited.length).toBeGreaterThan(100);
  expect(cited.filter((citation) => namesNothing(citation) && !posted.test(citation))).toEqual([]);
});

it("a citation without a release, or without a file or commit, is found", () => {
  const arch = archNamed(archs, "arm");
  for (const citation of [
    "arch/arm/include/asm/pgtable.h",
    "as of Linux v6.12",
    "Linux kernel commit 20aae9eff5ac",
    "",
  ]) {
    expect(checkArch(withCitation(arch, citation))).toEqual([
      `${arch.layouts[0]?.id}: the citation names no file or commit with its release`,
    ]);
  }
});

/** Whether checkArch() would object to this citation of a layout. */
function namesNothing(citation: string): boolean {
  return checkArch(withCitation(archNamed(archs, "arm"), citation)).some(isAboutCitation);
}

/** An architecture whose newest layout has this citation. */
function withCitation(arch: Architecture, citation: string): Architecture {
  const layouts = arch.layouts.map((layout, index) => (index === 0 ? { ...layout, citation } : layout));
  return { ...arch, layouts };
}

/** Every `citation` in the data, however deep. */
function citations(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => (key === "citation" ? [part] : citations(part)));
}
