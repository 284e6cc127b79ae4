import { arm64 } from "@ptekit/arm64";
import {
  checkArch,
  featuresOf,
  historyOf,
  mainlineReleases,
  newCitations,
  PtekitError,
  targetsAt,
  toJson,
  turningPoints,
} from "@ptekit/core";
import { mips } from "@ptekit/mips";
import { riscv } from "@ptekit/riscv";
import { describe, expect, it } from "vitest";

describe("what a kernel's entries have", () => {
  it("is told by the bits of swap and present PTEs, with the conditions", () => {
    const features = featuresOf(arm64.for({ release: "6.12" }));
    expect(features.flags.uffdWp).toEqual({
      swap: 3,
      present: 58,
      when: ["CONFIG_HAVE_ARCH_USERFAULTFD_WP"],
    });
    expect(features.flags.softDirty).toEqual({ swap: null, present: null, when: [] });
    expect(features).toMatchObject({
      armsUffdWp: true,
      migrationAd: true,
      free: [4, 5, 62, 63],
      freePresent: [63],
    });
    expect(features.markers.map(({ name }) => name)).toEqual(["uffd-wp", "poisoned"]);
    expect(features.pmd?.when).toEqual(["CONFIG_TRANSPARENT_HUGEPAGE"]);
  });

  it("a kernel that reads a uffd-wp marker need not arm it", () => {
    const features = featuresOf(mips.for({ release: "6.12" }));
    expect(features.markers.map(({ name }) => name)).toContain("uffd-wp");
    expect(features).toMatchObject({ armsUffdWp: false, pmd: null });
  });

  it("what a CPU decides is a condition", () => {
    const kernel = riscv.for({ release: "7.2", cpu: ["svrsw60t59b"] });
    expect(featuresOf(kernel).flags.uffdWp.when).toContain("svrsw60t59b");
    expect(featuresOf(riscv.for({ release: "7.2" })).flags.uffdWp.swap).toBeNull();
  });
});

describe("a history", () => {
  const at = (release: string) => {
    try {
      return arm64.for({ release });
    } catch (error) {
      if (error instanceof PtekitError) return null;
      throw error;
    }
  };

  it("has a row for each release that is not as the one before, and names both", () => {
    const moves = historyOf(["6.8", "6.9", "6.10", "6.11"], at);
    expect(moves.map(({ before, release, event }) => [before, release, event])).toEqual([
      [null, "6.8", "begins"],
      ["6.9", "6.10", "moves"],
    ]);
  });

  it("begins with the first kernel there is", () => {
    expect(historyOf(["2.6.32", "6.12"], at).map(({ release }) => release)).toEqual(["6.12"]);
  });

  it("cites what the newer kernel cites and the older does not", () => {
    const [before, now] = [arm64.for({ release: "6.12" }), arm64.for({ release: "6.13" })];
    expect(newCitations(before, now)).toEqual([
      "See PTE_MARKER_GUARD in include/linux/swapops.h (as of Linux v7.2)",
    ]);
  });
});

it("a flag that has a bit cannot be said to be unselected", () => {
  const [one] = mips.unselected ?? [];
  expect(one?.flag).toBe("softDirty");
  expect(checkArch({ ...arm64, unselected: [{ ...one, flag: "uffdWp" } as typeof one & object] })).toEqual([
    "arm64 7.3: uffdWp has a bit, and is said to be unselected",
  ]);
});

it.each([arm64, mips, riscv])("between two turning points of $name no kernel changes", (arch) => {
  const points = turningPoints(arch);
  const told = (release: string): string => {
    const kernels = targetsAtOrNone(arch, release).map((target) => {
      const { release: _, ...features } = featuresOf(arch.for(target));
      return features;
    });
    return JSON.stringify(toJson(kernels));
  };
  let last = "";
  for (const release of mainlineReleases()) {
    const now = told(release);
    if (!points.includes(release)) expect([release, now]).toEqual([release, last]);
    last = now;
  }
  expect(points.length).toBeLessThan(mainlineReleases().length);
});

function targetsAtOrNone(arch: typeof arm64, release: string) {
  try {
    return targetsAt(arch, release);
  } catch (error) {
    if (error instanceof PtekitError) return [];
    throw error;
  }
}
