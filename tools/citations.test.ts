import { checkArch, isAboutCitation, parseCitation } from "@ptekit/core";
import * as uffdWp from "@ptekit/uffd-wp";
import { describe, expect, it } from "vitest";
import { archNamed, loadArchitectures } from "./common/architectures.ts";

const archs = await loadArchitectures();

describe.each([...archs])("%s", (_, arch) => {
  it("every citation is one that parseCitation() takes apart", () => {
    expect(citations(arch).length).toBeGreaterThan(arch.layouts.length);
    expect(checkArch(arch).filter(isAboutCitation)).toEqual([]);
    expect(citations(arch).flatMap(notUnderstood)).toEqual([]);
  });

  it("nothing is left unfinished", () => {
    expect(arch.unfinished ?? []).toEqual([]);
  });
});

it("the table of swap types cites the source of each type and marker", () => {
  const releases = ["5.10", "5.19", "6.1", "6.2", "6.6", "6.12", "6.15", "7.2"];
  const cited = releases.flatMap((release) => citations(archNamed(archs, "x86_64").for({ release }).types));
  expect(new Set(cited).size).toBeGreaterThan(10);
  expect(cited.flatMap(notUnderstood)).toEqual([]);
});

it("the life of a uffd-wp PTE cites the source of every step, or a patch that was not merged and its date", () => {
  const cited = citations({ ...uffdWp });
  expect(cited.length).toBeGreaterThan(100);
  expect(cited.flatMap(notUnderstood)).toEqual([]);
});

it("a citation without a release, or without a file or commit, is found", () => {
  const arch = archNamed(archs, "arm");
  for (const citation of ["as of Linux v6.12", "Linux kernel commit 20aae9eff5ac", "mm/swapfile.c"]) {
    const layouts = arch.layouts.map((layout, index) => (index === 0 ? { ...layout, citation } : layout));
    expect(checkArch({ ...arch, layouts })).toEqual([
      `${arch.layouts[0]?.id}: the citation "${citation}" names no file or commit with its release`,
    ]);
    expect(citations(layouts).flatMap(notUnderstood)).toHaveLength(1);
  }
});

function notUnderstood(citation: string): string[] {
  try {
    parseCitation(citation);
    return [];
  } catch (error) {
    return [`${citation}: ${error}`];
  }
}

/** Every `citation` in the data, however deep. */
function citations(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === "citation" ? [part as string] : citations(part),
  );
}
